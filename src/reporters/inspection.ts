// supporting: everything known about one binary, for `hullcheck inspect`
import type { Fact } from '../fact.ts';
import type { BinaryReport } from '../report.ts';
import { escapeText } from './escape.ts';
import { describeValue, wordsOf } from './fact-text.ts';
import { bySeverity } from './findings.ts';
import { hang } from './text-layout.ts';
import { type Style, styleOf } from './text-style.ts';
import { renderVerdict } from './text-verdict.ts';

/** Facts by what a reader asks first; a fact that is not named here comes last, so that none is ever left out. */
const groups: readonly (readonly [string, readonly string[]])[] = [
  ['What it is', ['kind', 'machine', 'packer', 'languages', 'runtime', 'compiler', 'buildId']],
  ['Where it lies', ['placement', 'package', 'exposure']],
  [
    'How it is linked',
    ['interpreter', 'needed', 'soname', 'runPath', 'searchPath', 'libc', 'linkage'],
  ],
];

export interface InspectionLook {
  readonly width: number;
  readonly color: boolean;
}

export function* inspection(
  binary: BinaryReport,
  { width, color }: InspectionLook,
): Generator<string> {
  const style = styleOf(color);
  yield `${style.bold(escapeText(binary.path))}\n`;
  for (const alias of binary.aliases) yield `  also ${escapeText(alias)}\n`;
  yield `  sha256 ${binary.sha256}\n  ${binary.size} bytes\n`;
  for (const [title, facts] of groupFacts(binary)) {
    yield `\n${style.bold(title)}\n`;
    for (const [name, fact] of facts) yield* renderFact(name, fact, { width, style });
  }
  yield `\n${style.bold('Verdicts')}\n`;
  for (const verdict of bySeverity(binary.verdicts))
    yield renderVerdict(verdict, { style, width, evidence: true });
  yield '\n';
}

type NamedFact = readonly [string, Fact<unknown>];

function groupFacts({ facts }: BinaryReport): readonly (readonly [string, readonly NamedFact[]])[] {
  const all: readonly NamedFact[] = Object.entries(facts);
  const placed = new Set(groups.flatMap(([, names]) => names));
  const rest = all.filter(([name]) => !placed.has(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  const grouped = groups.map(
    ([title, names]) =>
      [title, names.flatMap((name) => all.filter(([other]) => other === name))] as const,
  );
  return [...grouped, ['How it is hardened', rest] as const].filter(
    ([, members]) => members.length > 0,
  );
}

function* renderFact(
  name: string,
  fact: Fact<unknown>,
  { width, style }: { readonly width: number; readonly style: Style },
): Generator<string> {
  if (!fact.known) {
    yield hang(`  ${wordsOf(name)}: `, `not known: ${escapeText(fact.because)}`, width);
    return;
  }
  const [first = '', ...rest] = describeValue(fact.value);
  yield hang(`  ${wordsOf(name)}: `, escapeText(first), width);
  for (const line of rest) {
    const indent = line.length - line.trimStart().length;
    yield `${style.dim(hang(' '.repeat(4 + indent), escapeText(line.trimStart()), width).trimEnd())}\n`;
  }
}
