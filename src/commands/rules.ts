import { compareSeverity } from '../base/verdict.ts';
import { hang } from '../reporters/text/text-layout.ts';
import { styleOf } from '../reporters/text/text-style.ts';
import type { Command, Surroundings } from './command.ts';
import { terminalLook } from './output/terminal-look.ts';

const list: Command = {
  name: 'rules',
  usage: 'rules',
  summary: 'List all rules, most severe first',
  topic: 'Reference',
  register: (parser, surroundings, finish) => {
    parser.command(
      list.usage,
      list.summary,
      (command) => command.example('$0 explain pie', 'Explain one rule'),
      async () => {
        await print(surroundings);
        finish(0);
      },
    );
  },
};
export default list;

async function print(surroundings: Surroundings): Promise<void> {
  const { rules } = await import('../../rules/index.ts');
  const { color, width: columns } = terminalLook(surroundings);
  const style = styleOf(color);
  const sorted = rules.toSorted(compareSeverity);
  const width = Math.max(...sorted.map(({ id }) => id.length));
  for (const { id, severity, title } of sorted) {
    const lines = hang(`${severity.padEnd(8)}  ${id.padEnd(width)}  `, title, columns);
    const word = style.severity(severity, severity.padEnd(8));
    await surroundings.stdout.write(lines.replace(severity.padEnd(8), () => word));
  }
}
