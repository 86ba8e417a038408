import { isOwnId } from '../base/own-id.ts';
import { wrap } from '../base/wrap.ts';
import { exemptionsOf, type Rule } from '../judge/rule.ts';
import { markdownLines } from '../reporters/markdown/markdown-text.ts';
import { remediesOf } from '../reporters/remedies/remedy.ts';
import { cweUrl } from '../reporters/remedies/rule-text.ts';
import { hang } from '../reporters/text/text-layout.ts';
import { styleOf } from '../reporters/text/text-style.ts';
import type { Command, Surroundings } from './command.ts';
import { demandRule, loadRules } from './options/chosen-rules.ts';
import { terminalLook } from './output/terminal-look.ts';
import { builtInRules, rulesHere } from './settings/known-rules.ts';

const explain: Command = {
  name: 'explain',
  usage: 'explain <rule>',
  summary: 'Explain a rule and how to fix its findings',
  topic: 'Reference',
  register: (parser, surroundings, finish) => {
    parser.command(
      explain.usage,
      explain.summary,
      (command) =>
        command.positional('rule', {
          type: 'string',
          demandOption: true,
          describe: 'Rule ID; hullcheck rules lists them',
        }),
      async ({ rule }) => {
        await print(rule, surroundings);
        finish(0);
      },
    );
  },
};
export default explain;

async function print(id: string, surroundings: Surroundings): Promise<void> {
  const known = isOwnId(id) ? await rulesHere({}, surroundings) : builtInRules;
  const [rule] = await loadRules([demandRule(id, known.ids)], known);
  if (rule === undefined) throw new Error(`no rule is registered as ${id}`);
  const { color, width } = terminalLook(surroundings);
  for (const piece of explanation(rule, Math.min(width, 100), color)) {
    await surroundings.stdout.write(piece);
  }
}

function* explanation(rule: Rule, width: number, color: boolean): Generator<string> {
  const style = styleOf(color);
  yield `${style.bold(rule.id)}  ${style.severity(rule.severity, rule.severity)}\n${rule.title}\n`;
  yield `\n${style.bold('Why it matters')}\n${paragraphs(rule.rationale, width)}`;
  yield `\n${style.bold('How it is decided')}\n${paragraphs(rule.evidence, width)}`;
  yield `\n${style.bold('How to fix it')}\n`;
  for (const [toolchain, text] of remediesOf(rule))
    yield hang(`  ${toolchain.padEnd(6)}  `, oneLine(text), width);
  const exempt = exemptionsOf(rule);
  if (exempt.length > 0) yield `\n${style.bold('Not judged')}\n`;
  for (const [kind, reason] of exempt) yield list(`${kind}: ${reason}`, width);
  if (rule.cwe.length + rule.references.length > 0) yield `\n${style.bold('References')}\n`;
  for (const id of rule.cwe) yield `  CWE-${id}: ${cweUrl(id)}\n`;
  for (const url of rule.references) yield `  ${url}\n`;
  const from = rule.from === undefined ? `Since hullcheck ${rule.since}` : `From ${rule.from}`;
  yield style.dim(`\n${from}; ${rule.securitySeverity.toFixed(1)} in code scanning`).concat('\n');
}

function paragraphs(markdown: string, width: number): string {
  return markdownLines(markdown, width - 2)
    .map((line) => `  ${line}`.trimEnd().concat('\n'))
    .join('');
}

/** Continuation lines are indented. */
function list(item: string, width: number): string {
  return `  ${wrap(item, width - 4).join('\n    ')}\n`;
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}
