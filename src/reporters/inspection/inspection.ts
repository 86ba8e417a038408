import { escapeText } from '../../base/escape.ts';
import type { Fact } from '../../base/fact.ts';
import { wrap } from '../../base/wrap.ts';
import type { BinaryReport } from '../../report/report.ts';
import { bySeverity } from '../findings/findings-of.ts';
import { hang } from '../text/text-layout.ts';
import { type Style, styleOf } from '../text/text-style.ts';
import { renderVerdict } from '../text/text-verdict.ts';
import { describeValue, wordsOf } from './fact-text.ts';

/** Facts by what a reader asks first; a fact that is not named here comes last, so that none is ever left out. */
const groups: readonly (readonly [title: string, facts: readonly string[]])[] = [
  [
    'What it is',
    [
      'kind',
      'machine',
      'packer',
      'language',
      'go',
      'compilers',
      'buildId',
      'debugInformation',
      'wellFormedness',
    ],
  ],
  ['Where it is', ['placement']],
  ['Whose it is', ['ownership', 'package', 'replaces']],
  [
    'How it is linked',
    [
      'linking',
      'libc',
      'interpreter',
      'needed',
      'soname',
      'runPath',
      'searchPath',
      'imports',
      'exports',
      'dynamicTags',
      'linkage',
      'libraryUse',
      'systemNeeds',
      'processorCode',
      'openedNames',
      'embeddedLibraries',
    ],
  ],
];

/** Lists are cut here without --all: a program can import thousands of functions. */
const longestList = 12;

export interface InspectionLook {
  readonly width: number;
  readonly color: boolean;
  /** Lists whole. */
  readonly all: boolean;
}

export function* inspection(binary: BinaryReport, look: InspectionLook): Generator<string> {
  const page: Page = { ...look, style: styleOf(look.color) };
  const { bold } = page.style;
  yield `${bold(escapeText(binary.path))}\n`;
  for (const alias of binary.aliases) yield `  also ${escapeText(alias)}\n`;
  yield `  sha256 ${binary.sha256}\n  ${binary.size} bytes\n`;
  for (const [title, facts] of groupFacts(binary)) {
    yield `\n${bold(title)}\n`;
    for (const [name, fact] of facts) yield* renderFact(name, fact, page);
  }
  yield `\n${bold('Verdicts')}\n`;
  for (const verdict of bySeverity(binary.verdicts))
    yield renderVerdict(verdict, { ...page, evidence: true });
  yield '\n';
}

interface Page extends InspectionLook {
  readonly style: Style;
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
  { width, style, all }: Page,
): Generator<string> {
  if (!fact.known) {
    yield hang(`  ${wordsOf(name)}: `, `not known: ${escapeText(fact.because)}`, width);
    return;
  }
  const [first = '', ...rest] = describeValue(
    fact.value,
    all ? Number.POSITIVE_INFINITY : longestList,
  );
  yield hang(`  ${wordsOf(name)}: `, escapeText(first), width).replace(/ +$/m, '');
  for (const line of rest) {
    const text = line.trimStart();
    const indent = ' '.repeat(4 + line.length - text.length);
    const lines = wrap(escapeText(text), width - indent.length - 2);
    for (const [index, part] of lines.entries())
      yield `${style.dim(`${indent}${index > 0 ? '  ' : ''}${part}`)}\n`;
  }
}
