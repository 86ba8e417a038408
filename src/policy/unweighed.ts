import type {
  BinaryReport,
  FactsBefore,
  JudgedVerdict,
  TargetReport,
  Unweighed,
} from '../report/report.ts';
import type { Facts } from '../root/root-facts.ts';

/**
 * A report keeps what its policy changed, so that another policy can judge it: verdicts as the rules gave them, and facts as they
 * were found. What the policy left as it was is not written twice.
 */
export function unweighed(target: TargetReport): TargetReport {
  const { image } = target;
  return {
    ...target,
    ...(image === undefined ? {} : { image: { ...image, verdicts: image.verdicts.map(bare) } }),
    binaries: target.binaries.map(({ asFound, ...binary }) => ({
      ...binary,
      facts: asFound === undefined ? binary.facts : factsBefore(binary.facts, asFound),
      verdicts: binary.verdicts.map(bare),
    })),
  };
}

function factsBefore(facts: Facts, asFound: FactsBefore): Facts {
  const all = Object.entries({ ...facts, ...asFound }).filter(([, fact]) => fact !== null);
  // Of the facts that there were, each in its own place.
  return Object.fromEntries(all) as unknown as Facts;
}

/** The judged target with what it was before. Both have the same binaries and verdicts, in the same order. */
export function rememberUnweighed(before: TargetReport, after: TargetReport): TargetReport {
  const { image } = after;
  const verdicts = image?.verdicts.map((verdict, at) =>
    withUnweighed(before.image?.verdicts[at], verdict),
  );
  return {
    ...after,
    ...(image === undefined || verdicts === undefined ? {} : { image: { ...image, verdicts } }),
    binaries: after.binaries.map((binary, at) => rememberBinary(before.binaries[at], binary)),
  };
}

function rememberBinary(before: BinaryReport | undefined, after: BinaryReport): BinaryReport {
  if (before === undefined || before === after) return after;
  const verdicts = after.verdicts.map((verdict, at) => withUnweighed(before.verdicts[at], verdict));
  if (before.facts === after.facts) return { ...after, verdicts };
  const was = new Map<string, unknown>(Object.entries(before.facts));
  const changed = Object.entries(after.facts)
    .filter(([name, fact]) => was.get(name) !== fact)
    .map(([name]) => [name, was.get(name) ?? null]);
  return changed.length === 0
    ? { ...after, verdicts }
    : { ...after, verdicts, asFound: Object.fromEntries(changed) };
}

/** What can differ is what a level changes. Marks are not a part of a verdict. */
function withUnweighed(before: JudgedVerdict | undefined, after: JudgedVerdict): JudgedVerdict {
  if (before === undefined || before === after) return after;
  const { outcome, severity, message, undecidedBy } = before;
  const was: Unweighed = {
    ...(outcome === after.outcome ? {} : { outcome }),
    ...(severity === after.severity ? {} : { severity }),
    ...(message === after.message ? {} : { message }),
    ...(undecidedBy === undefined || undecidedBy === after.undecidedBy ? {} : { undecidedBy }),
  };
  return Object.keys(was).length === 0 ? after : { ...after, unweighed: was };
}

/** As the rule gave it, without the marks of any policy. */
export function bare(verdict: JudgedVerdict): JudgedVerdict {
  if (!isMarked(verdict)) return verdict;
  const {
    unweighed: was,
    waived,
    baselined,
    baselinedBy,
    outsideGate,
    countedWith,
    off,
    setAside,
    knownDeviation,
    ...own
  } = verdict;
  return { ...own, ...was };
}

/** Most verdicts are not, and each is asked several times. */
function isMarked(verdict: JudgedVerdict): boolean {
  for (const name in verdict) if (marks.has(name)) return true;
  return false;
}

const marks: ReadonlySet<string> = new Set<keyof JudgedVerdict>([
  'unweighed',
  'waived',
  'baselined',
  'baselinedBy',
  'outsideGate',
  'countedWith',
  'off',
  'setAside',
  'knownDeviation',
]);
