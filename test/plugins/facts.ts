import { known } from '../../src/base/fact.ts';
import type { Facts } from '../../src/judge/rule.ts';

/** Of a program of which nothing else is asked. */
export function verdictFacts(facts: Partial<Facts>): Facts {
  return {
    acceptance: known({ by: 'kernel', evidence: [] }),
    kind: known({ kind: 'executable', evidence: [] }),
    packer: known(null),
    ...facts,
  } as unknown as Facts;
}
