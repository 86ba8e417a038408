import { isIncomplete, type Problem } from '../base/problem.ts';
import type { Gate, Judged, JudgedVerdict, Report, TargetReport } from '../report/report.ts';
import { placeKey } from './binary-change.ts';
import type { VerdictChange } from './difference.ts';
import type { Compared, DiffGate } from './formats/diff-format.ts';
import { plainSentence } from './formats/words/cause-words.ts';
import { becameText, shownCauses } from './shown-causes.ts';

/**
 * The new report as a comparison reads it, for formats of a report: what became worse is a failure that says what was lost, and
 * what was as bad before passes. Its fingerprints are those of a scan.
 */
export function comparisonReport(compared: Compared): Report {
  const { difference, gate, reports } = compared;
  const [, fresh] = reports;
  const worsened = worsenedBy(compared);
  const targets = fresh.targets.map((target, index): TargetReport => {
    const { gate: _, ...rest } = target;
    const weighed = ({ path, verdicts }: Pick<Judged, 'path' | 'verdicts'>) =>
      verdicts.map((verdict) => worsened(index, path, verdict) ?? unchanged(verdict));
    const { image, binaries, problems } = target;
    return {
      ...rest,
      ...(image === undefined ? {} : { image: { ...image, verdicts: weighed(image) } }),
      binaries: binaries.map((binary) => ({ ...binary, verdicts: weighed(binary) })),
      problems: index === 0 ? [...problems, ...gapsOf(compared)] : problems,
    };
  });
  const { profile } = fresh.policy;
  return {
    ...fresh,
    targets,
    policy: { profile, files: [], warnings: [], notices: difference.notices, fixed: [] },
    gate: gateOf(gate),
  };
}

/** Of a verdict at a place of the new report; null: it did not become worse. */
function worsenedBy({ difference, gate }: Compared) {
  const breaking = new Set(gate.breaking);
  const { worse } = difference;
  const lost = new Map<number, string>();
  for (const cause of shownCauses(difference, gate))
    for (const at of cause.entries) lost.set(at, plainSentence(cause));
  const places = new Map(worse.map((change, at) => [placeKey(change.target, change), at]));
  return (target: number, path: string, verdict: JudgedVerdict): JudgedVerdict | null => {
    const at = places.get(placeKey(target, { path, rule: verdict.rule }));
    const change = at === undefined ? undefined : worse[at];
    if (at === undefined || change === undefined || change.after === null) return null;
    return worsenedVerdict(verdict, change, {
      sentence: lost.get(at) ?? becameText(change),
      isBreaking: breaking.has(at),
    });
  };
}

/** Marks of the policy are left out: they were weighed when the two were compared. */
function worsenedVerdict(
  { rule, message, evidence, cause, remedies }: JudgedVerdict,
  { severity, whose }: VerdictChange,
  { sentence, isBreaking }: { readonly sentence: string; readonly isBreaking: boolean },
): JudgedVerdict {
  return {
    rule,
    severity,
    outcome: 'fail',
    message: sentence.includes(message) ? sentence : `${sentence}: ${message}`,
    evidence,
    ...(cause === undefined ? {} : { cause }),
    ...(remedies === undefined ? {} : { remedies }),
    // The gate of the result is of every failure without this mark.
    ...(isBreaking ? {} : { outsideGate: whose === 'distribution' ? whose : 'dependency' }),
  };
}

/** As bad as before, which a comparison does not complain of. What did not fail stays as it is. */
function unchanged(verdict: JudgedVerdict): JudgedVerdict {
  if (verdict.outcome !== 'fail') return verdict;
  const { rule, severity, message, evidence } = verdict;
  return { rule, severity, message, evidence, outcome: 'pass' };
}

/** What was not read of the old side, or not compared: the parts of the new side stand with their images. */
function gapsOf({ difference, gate }: Compared): readonly Problem[] {
  const unread = difference.old.unread.map((part) => ({ ...part, where: `old: ${part.where}` }));
  const isKnown = unread.length > 0 || difference.new.unread.some(isIncomplete);
  return gate.state !== 'undecided' || isKnown
    ? unread
    : [{ kind: 'missing', where: 'comparison', message: gate.because }];
}

/** Every failure without a mark breaks it. */
function gateOf({ state, because, breaking }: DiffGate): Gate {
  const isOfWhole = state === 'broken' && breaking.length === 0;
  return {
    failOn: 'note',
    failOnRules: [],
    failOnUnknown: false,
    state,
    because,
    failed: isOfWhole ? [{ condition: 'not worse than before', because, of: 'totals' }] : [],
    undecided: { verdicts: 0, rules: 0, damaged: 0, reasons: [], otherReasons: 0 },
    setAside: {
      waived: 0,
      baselined: 0,
      switchedOff: 0,
      notRequired: 0,
      lowered: 0,
      excluded: 0,
    },
  };
}
