import { UsageError } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
import type { Command, Surroundings } from './command.ts';
import { commandNames } from './names.ts';

const help: Command = {
  name: 'help',
  usage: 'help [topic]',
  summary: 'Show help on a command or on limits',
  topic: 'Reference',
  register: (parser, surroundings, finish) => {
    parser.command(
      help.usage,
      help.summary,
      (command) =>
        command
          .positional('topic', { type: 'string', describe: 'Command, or limits' })
          .example('$0 help limits', 'List the limits and their defaults'),
      async ({ topic }) => {
        await print(topic ?? '', surroundings);
        finish(0);
      },
    );
  },
};
export default help;

/** Help on commands, and the overview without a topic, are shown before a command runs. */
async function print(topic: string, { stdout }: Surroundings): Promise<void> {
  if (topic !== 'limits') throw noSuchTopic(topic);
  const { limitsPage } = await import('./help-pages/limits-page.ts');
  await stdout.write(`${limitsPage()}\n`);
}

function noSuchTopic(topic: string): UsageError {
  const suggestion = nearest(topic, ['limits', ...commandNames]);
  return new UsageError(
    `there is no help on ${topic}${suggestion === null ? ', expected a command or limits' : `; did you mean ${suggestion}?`}`,
  );
}
