import { compareSeverity } from '../../base/verdict.ts';
import { judgedOf } from '../../report/all-judged.ts';
import { breaksGate, isFinding } from '../../report/finding.ts';
import type { Gate, JudgedVerdict, TargetReport } from '../../report/report.ts';
import type { Finding } from '../findings/findings-of.ts';
import { owners } from '../groups/groups-of.ts';
import { type Component, ownershipOf } from '../groups/ownership-of.ts';

export interface TestCase {
  /** Of what: a path, or a component without its version. */
  readonly of: string;
  readonly rule: string;
  /** null: it is about one file, and one verdict. */
  readonly component: Component | null;
  readonly verdicts: readonly Finding[];
  readonly end: TestEnd;
}

/** What decides it, the worst first, of `all` that the rule said. */
export interface TestEnd {
  readonly how: 'failed' | 'noted' | 'skipped' | 'passed';
  readonly by: readonly Finding[];
}

/**
 * A file of yours has a test case for each rule. A dependency or a package of the distribution has one for all its
 * files, unless each file is wanted. Yours come first.
 */
export function casesOf(
  target: TargetReport,
  gate: Gate,
  by: 'component' | 'file',
): readonly TestCase[] {
  return owners.flatMap((whose) => {
    const cases: TestCase[] = [];
    const ofComponents = new Map<string, Finding[]>();
    for (const judged of judgedOf(target)) {
      const origin = ownershipOf(judged);
      if (origin.whose !== whose) continue;
      const component = whose === 'yours' || by === 'file' ? null : origin.component;
      for (const verdict of judged.verdicts) {
        const finding = { target, judged, verdict };
        if (component === null) {
          cases.push(caseOf(judged.path, null, [finding], gate));
          continue;
        }
        const key = JSON.stringify([component.ecosystem, component.group, verdict.rule]);
        const together = ofComponents.get(key) ?? [];
        ofComponents.set(key, together);
        together.push(finding);
      }
    }
    for (const findings of ofComponents.values()) {
      const [first] = findings;
      const component = first === undefined ? null : ownershipOf(first.judged).component;
      // A new release is not another test.
      const of = `${component?.ecosystem} ${component?.group}`;
      cases.push(caseOf(of, component, findings, gate));
    }
    return cases;
  });
}

function caseOf(
  of: string,
  component: Component | null,
  verdicts: readonly Finding[],
  gate: Gate,
): TestCase {
  const rule = verdicts[0]?.verdict.rule ?? '';
  return { of, rule, component, verdicts, end: endOf(verdicts, gate) };
}

/** What breaks the gate, else what is found, else what was not decided or does not count, else what is well. */
function endOf(verdicts: readonly Finding[], gate: Gate): TestEnd {
  const such = (isSuch: (verdict: JudgedVerdict) => boolean) =>
    verdicts
      .filter(({ verdict }) => isSuch(verdict))
      .toSorted((a, b) => compareSeverity(a.verdict, b.verdict));
  const failed = such((verdict) => breaksGate(gate, verdict));
  if (failed.length > 0) return { how: 'failed', by: failed };
  const noted = such(isFinding);
  if (noted.length > 0) return { how: 'noted', by: noted };
  const open = such(({ outcome }) => outcome === 'unknown' || outcome === 'fail');
  if (open.length > 0) return { how: 'skipped', by: open };
  const passed = such(({ outcome }) => outcome === 'pass');
  return passed.length > 0 ? { how: 'passed', by: passed } : { how: 'skipped', by: verdicts };
}
