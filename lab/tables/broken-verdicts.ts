import { rules } from '../../rules/index.ts';
import { extract } from '../../src/extraction/extract-facts.ts';
import { extractors } from '../../src/facts/index.ts';
import { judge } from '../../src/judge/judge.ts';
import type { JudgedVerdict } from '../../src/report/report.ts';
import { bareFileFacts } from '../../src/root/root-facts.ts';

const everyFact: ReadonlySet<string> = new Set(Object.keys(extractors));

/** What every rule says of a file that lies nowhere. */
export function verdictsOf(buffer: Buffer): ReadonlyMap<string, JudgedVerdict> {
  const { facts, linking } = extract(buffer, everyFact);
  const elsewhere = bareFileFacts(linking, null, facts.system);
  return new Map(
    judge(rules, { ...facts, ...elsewhere }).map((verdict) => [verdict.rule, verdict]),
  );
}

/**
 * How much a verdict lets through: with an `unknown` that damage left undecided the gate does not hold, as with a failure.
 */
export function leniency({ outcome, undecidedBy }: JudgedVerdict): 0 | 1 | 2 {
  if (outcome === 'fail' || undecidedBy !== undefined) return 0;
  return outcome === 'unknown' ? 1 : 2;
}
