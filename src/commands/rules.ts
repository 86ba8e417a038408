import type { Argv } from 'yargs';
import { amount } from '../base/amount.ts';
import { UsageError } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import { compareSeverity } from '../base/verdict.ts';
import { hang } from '../reporters/text/text-layout.ts';
import { styleOf } from '../reporters/text/text-style.ts';
import type { Command, Surroundings } from './command.ts';
import { terminalLook } from './output/terminal-look.ts';
import { builtInRules, type KnownRules, loadAllRules, rulesHere } from './settings/known-rules.ts';

const list: Command = {
  name: 'rules',
  usage: 'rules [test] [plugins..]',
  summary: 'List all rules, or test those of plug-ins',
  topic: 'Reference',
  register: (parser, surroundings, finish) => {
    parser.command('rules [words..]', list.summary, describeOptions, async ({ words = [] }) =>
      finish(await run(words.map(String), surroundings)),
    );
  },
};
export default list;

function describeOptions(parser: Argv) {
  return parser
    .usage(`hullcheck ${list.usage}\n\n${list.summary}`)
    .positional('words', {
      type: 'string',
      array: true,
      describe: 'test, and modules of plug-ins (default: those in force here)',
    })
    .example('$0 rules', 'List all rules, most severe first')
    .example('$0 explain pie', 'Explain one rule')
    .example('$0 rules test rules/x.mjs', 'Judge the samples of a plug-in by its rules')
    .epilogue('Exit codes of test: 0 each sample gets its verdict, 1 one does not, 2 usage error.');
}

async function run(
  [word, ...files]: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  if (word === 'test') return testPlugins(files, surroundings);
  if (word !== undefined)
    throw new UsageError(
      `there is no option or argument ${word}; hullcheck explain ${word} explains a rule`,
    );
  await print(surroundings);
  return 0;
}

async function print(surroundings: Surroundings): Promise<void> {
  const rules = await loadAllRules(await rulesToList(surroundings));
  const { color, width: columns } = terminalLook(surroundings);
  const style = styleOf(color);
  const sorted = rules.toSorted(compareSeverity);
  const width = Math.max(...sorted.map(({ id }) => id.length));
  for (const { id, severity, title } of sorted) {
    const lines = hang(`${severity.padEnd(8)}  ${id.padEnd(width)}  `, escapeText(title), columns);
    const word = style.severity(severity, severity.padEnd(8));
    await surroundings.stdout.write(lines.replace(severity.padEnd(8), () => word));
  }
}

/** With those of the plug-ins in force here. A configuration that cannot be read hides no rule of hullcheck. */
async function rulesToList(surroundings: Surroundings): Promise<KnownRules> {
  try {
    return await rulesHere({}, surroundings);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    await surroundings.stderr.write(`hullcheck: without plug-ins: ${escapeText(error.message)}\n`);
    return builtInRules;
  }
}

async function testPlugins(files: readonly string[], surroundings: Surroundings): Promise<number> {
  const { cwd, stdout } = surroundings;
  const { loadNamedPlugin } = await import('./settings/plugins.ts');
  const { sampleVerdicts } = await import('./judging/sample-verdicts.ts');
  const plugins =
    files.length === 0
      ? (await rulesHere({}, surroundings)).plugins
      : await Promise.all(files.map((file) => loadNamedPlugin(file, cwd)));
  if (plugins.length === 0)
    throw new UsageError('rules test: no configuration here names plug-ins; name the modules');
  let [right, wrong] = [0, 0];
  for (const plugin of plugins) {
    for await (const { rule, sample, want, saw, isRight } of sampleVerdicts(plugin)) {
      if (isRight) right += 1;
      else wrong += 1;
      const expected = isRight ? '' : `, expected ${want}`;
      await stdout.write(
        `${isRight ? 'ok   ' : 'WRONG'}  ${escapeText(`${rule}  ${sample}  ${saw}${expected}`)}\n`,
      );
    }
    for (const { id, samples } of plugin.rules)
      if (Object.values(samples).every((named) => named.length === 0))
        await stdout.write(`none   ${escapeText(id)}  has no samples\n`);
    plugin.close();
  }
  await stdout.write(
    `${amount(right + wrong, 'sample')}, ${wrong === 0 ? 'all right' : `${wrong} wrong`}\n`,
  );
  return wrong === 0 ? 0 : 1;
}
