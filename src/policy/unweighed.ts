import type { BinaryReport, JudgedVerdict, TargetReport, Unweighed } from '../report/report.ts';

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
      facts: asFound === undefined ? binary.facts : { ...binary.facts, ...asFound },
      verdicts: binary.verdicts.map(bare),
    })),
  };
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
  const now = new Map<string, unknown>(Object.entries(after.facts));
  const changed = Object.entries(before.facts).filter(([name, fact]) => now.get(name) !== fact);
  return changed.length === 0
    ? { ...after, verdicts }
    : { ...after, verdicts, asFound: Object.fromEntries(changed) };
}

/** What may differ is what a level changes. Marks are no part of a verdict. */
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
function bare(verdict: JudgedVerdict): JudgedVerdict {
  const {
    unweighed: was,
    waived,
    baselined,
    outsideGate,
    countedWith,
    setAside,
    knownDeviation,
    ...own
  } = verdict;
  const isMarked = [
    was,
    waived,
    baselined,
    outsideGate,
    countedWith,
    setAside,
    knownDeviation,
  ].some((mark) => mark !== undefined);
  return isMarked ? { ...own, ...was } : verdict;
}
