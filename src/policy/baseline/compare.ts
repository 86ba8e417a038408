import { amount, listed } from '../../base/amount.ts';
import { furtherFaults } from '../../base/further-faults.ts';
import { groupBy } from '../../base/group-by.ts';
import { severities } from '../../base/verdict.ts';
import type { Note } from '../../report/policy-messages.ts';
import type { FixedFinding, JudgedVerdict, TargetReport } from '../../report/report.ts';
import { imageNameOf } from '../image-name.ts';
import { mapVerdicts } from '../map-verdicts.ts';
import { isAccepted, type Word } from '../words/words.ts';
import {
  type BaselineEntry,
  type Failure,
  failuresOf,
  faultsOf,
  type NamedRules,
  pathsOf,
} from './entry.ts';
import { unusedOf } from './fixed.ts';
import {
  type InactiveEntries,
  inactiveEntries,
  type NotCounting,
  type Why,
  whyInactive,
} from './inactive-entries.ts';
import { createSameFinding, matchEntries } from './match.ts';
import { createImageKey } from './same-image.ts';

export interface Compared {
  readonly targets: readonly TargetReport[];
  readonly fixed: readonly FixedFinding[];
  /** Which entries do not count any more. */
  readonly notices: readonly Note[];
  /** The same and all others that accept nothing, as rows. */
  readonly inactive: InactiveEntries;
}

export interface Comparing {
  /** As `2026-11-30`. */
  readonly today: string;
  readonly namedRules: NamedRules;
  /** As in the gate: an entry of an image counts by a name that the policy accepts. */
  readonly accept?: readonly Word[] | undefined;
}

/**
 * Marks the findings that the baseline has. An entry that has ended or is beyond what a
 * configuration allows does not count. Nor does one whose finding weighs more than when it
 * was accepted, or whose rule a condition of the gate names now and did not then: who accepted it had another policy before them.
 */
export function compareWithBaseline(
  targets: readonly TargetReport[],
  baseline: readonly BaselineEntry[],
  { today, namedRules, accept }: Comparing,
): Compared {
  if (baseline.length === 0)
    return { targets, fixed: [], notices: [], inactive: { rows: [], unlisted: 0 } };
  const matched = matchEntries(
    failuresOf(targets, namedRules),
    baseline,
    pathsOf(targets),
    createImageKey(targets),
  );
  const known = new Map<JudgedVerdict, BaselineEntry>();
  const again: NotCounting[] = [];
  const sameFinding = createSameFinding(baseline);
  for (const [failure, entry] of matched) {
    const why = whyNotItsOwn(failure, entry, accept) ?? whyNew(failure, entry, today, sameFinding);
    if (why === null) known.set(failure.verdict, entry);
    else again.push({ entry, ...why, rule: failure.verdict.rule });
  }
  const unused = unusedOf(targets, baseline, new Set(matched.values()));
  return {
    targets: targets.map((target) => mark(target, known)),
    fixed: unused.fixed.map(({ finding }) => finding),
    notices: noticesOf(again),
    inactive: inactiveEntries(baseline, { again, unused, today }),
  };
}

function noticesOf(again: readonly NotCounting[]): readonly Note[] {
  return [...groupBy(again, ({ ofAll }) => ofAll).values()].map((group) => {
    const [{ state, ofAll } = { state: 'ended' as const, ofAll: '' }] = group;
    const count = group.length;
    const rules = [...new Set(group.map(({ rule }) => rule))].toSorted();
    const message = `${amount(count, 'finding')} of the baseline ${count === 1 ? 'counts' : 'count'} again: ${ofAll}`;
    return { kind: `baseline-${state}` as const, message, rules, count };
  });
}

/** null: the entry is of any image, or of this one by a name that counts. Anybody can call an archive like an image that has a baseline. */
function whyNotItsOwn(
  { subject: { target } }: Failure,
  { image }: BaselineEntry,
  accept: readonly Word[] | undefined,
): Why | null {
  const isVouched = image === undefined || imageNameOf(target).by === 'user';
  if (isVouched || isAccepted('name', accept)) return null;
  const because = `${target.name} is what the content calls itself, which the policy does not accept`;
  const remedy = 'to say the name yourself, give it after the file: FILE:NAME';
  return { state: 'unaccepted', because, ofAll: `${because}; ${remedy}` };
}

/** null: it is known. */
export function whyNew(
  { verdict, entry }: Failure,
  then: BaselineEntry,
  today: string,
  sameFinding: ReturnType<typeof createSameFinding>,
): Why | null {
  const { rule, severity } = verdict;
  const { severity: was } = then;
  const own = whyInactive(then, today, rule);
  if (own !== null || was === undefined) return own;
  const raised = (because: string) => ({ state: 'raised' as const, because, ofAll: because });
  const accepted = faultsOf(sameFinding(then));
  const further = accepted === null ? [] : furtherFaults(accepted, entry.faults ?? []);
  if (further.length > 0)
    return {
      ...raised(`it fails for more than when it was accepted: ${listed(further)}`),
      ofAll: `${rule} fails for more than when they were accepted (${listed(further)})`,
    };
  if (severities.indexOf(severity) < severities.indexOf(was))
    return raised(`${rule} weighs ${severity} and weighed ${was} when it was accepted`);
  return entry.named === true && then.named !== true
    ? raised(`the gate names ${rule} now, and did not when it was accepted`)
    : null;
}

function mark(
  target: TargetReport,
  known: ReadonlyMap<JudgedVerdict, BaselineEntry>,
): TargetReport {
  return mapVerdicts(target, (verdict) => {
    const entry = known.get(verdict);
    if (entry === undefined) return verdict;
    const { date, owner, reason, expires } = entry;
    const by = {
      ...(date === undefined ? {} : { date }),
      ...(owner === undefined ? {} : { owner }),
      ...(reason === undefined ? {} : { reason }),
      ...(expires === undefined ? {} : { expires }),
    };
    const isSaid = Object.keys(by).length > 0;
    return { ...verdict, baselined: true as const, ...(isSaid ? { baselinedBy: by } : {}) };
  });
}
