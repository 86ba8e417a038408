import { UsageError } from '../base/errors.ts';
import type { Command } from './command.ts';

const completion: Command = {
  name: 'completion',
  usage: 'completion <shell>',
  summary: 'Print the completion of bash, zsh or fish',
  topic: 'Reference',
  register: (parser) => {
    parser.command(
      completion.usage,
      completion.summary,
      (command) =>
        command
          .positional('shell', {
            type: 'string',
            demandOption: true,
            describe: 'bash, zsh or fish',
          })
          .example('source <($0 completion bash)', 'For this shell; in ~/.bashrc for all')
          .example('$0 completion zsh > ~/.zfunc/_hullcheck', 'With ~/.zfunc in fpath')
          .example('$0 completion fish > ~/.config/fish/completions/hullcheck.fish', ''),
      // A shell that is known is answered before a command runs: the script is of all commands.
      ({ shell }) => {
        throw new UsageError(`${shell} is not known, expected bash, zsh or fish`);
      },
    );
  },
};
export default completion;
