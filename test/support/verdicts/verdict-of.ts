import { DamagedInput } from '../../../src/base/errors.ts';
import { type Fact, known, notKnown } from '../../../src/base/fact.ts';
import type { Elf } from '../../../src/elf/model.ts';
import type { FactExtractor } from '../../../src/facts/fact-extractor.ts';
import { extractors } from '../../../src/facts/index.ts';
import { judge } from '../../../src/judge/judge.ts';
import type { FactName, RuleDefinition } from '../../../src/judge/rule.ts';
import type { JudgedVerdict } from '../../../src/report/report.ts';
import { bareFileFacts, type Facts } from '../../../src/root/root-facts.ts';
import { assertDeclared } from './declared-severity.ts';

/** What one rule says of one file that lies nowhere. */
export function verdictOf<Needs extends FactName>(
  rule: RuleDefinition<Needs>,
  elf: Elf,
  /** What a policy sets. */
  settings: Partial<Facts> = {},
): JudgedVerdict {
  const wanted: readonly string[] = ['acceptance', 'kind', 'packer', ...rule.needs];
  const facts = Object.entries<FactExtractor<unknown>>(extractors)
    .filter(([name]) => wanted.includes(name))
    .map(([name, extract]): [string, Fact<unknown>] => [name, attempt(() => extract(elf))]);
  // Facts by name: only those that the rule needs are there. A rule by id, as the generated registry has it.
  const all = {
    ...bareFileFacts(notKnown('not read')),
    ...Object.fromEntries(facts),
    ...settings,
  } as unknown as Facts;
  const [verdict] = judge([{ id: 'rule', ...rule } as never], all);
  if (verdict === undefined) throw new Error('one rule gives one verdict');
  assertDeclared(verdict, rule, all);
  return verdict;
}

function attempt(extract: () => unknown): Fact<unknown> {
  try {
    return known(extract());
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    return notKnown(error.message);
  }
}
