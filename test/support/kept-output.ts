import type { Output } from '../../src/commands/command.ts';

/** What a command prints, kept as text: no terminal, 80 columns. */
export function keptOutput() {
  const written = { stdout: '', stderr: '' };
  const output = (name: keyof typeof written): Output => ({
    isTty: false,
    columns: 80,
    write: async (text) => {
      written[name] += text;
    },
  });
  return { written, stdout: output('stdout'), stderr: output('stderr') };
}
