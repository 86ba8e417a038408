import { compare } from '../base/compare.ts';
import { type Problem, sortProblems } from '../base/problem.ts';
import { version } from '../base/version.ts';
import type { Judgement } from '../policy/apply-policy.ts';
import { judgedOf } from '../report/all-judged.ts';
import { countTarget, sumCounts } from '../report/counts.ts';
import type {
  BinaryReport,
  Exclusion,
  ImageReport,
  OtherProgram,
  Report,
  RulesVersion,
  TakenFor,
  TargetReport,
} from '../report/report.ts';
import type { Target } from '../sources/source.ts';

export function assembleReport(
  { targets, policy, gate, date }: Judgement,
  /** IDs of those that were asked; undefined: it is not known. */
  rules: readonly string[] | undefined,
  rulesVersion?: RulesVersion,
): Report {
  return {
    schemaVersion: '1.0.0',
    tool: {
      name: 'hullcheck',
      version,
      ...(rulesVersion === undefined ? {} : { rules: rulesVersion }),
    },
    ...(date === undefined ? {} : { date }),
    ...(rules === undefined ? {} : { rules: rules.toSorted() }),
    targets,
    counts: sumCounts(targets.map((target) => target.counts)),
    policy,
    gate,
  };
}

export interface More {
  readonly excluded?: number;
  readonly exclusions?: readonly Exclusion[];
  readonly image?: ImageReport | undefined;
  readonly takenFor?: TakenFor;
  readonly otherPrograms?: readonly OtherProgram[];
}

/** Sorts what the order of reading could have changed. */
export function assembleTarget(
  target: Target,
  binaries: readonly BinaryReport[],
  os: TargetReport['os'],
  problems: readonly Problem[],
  { excluded = 0, exclusions = [], otherPrograms = [], image, takenFor }: More = {},
): TargetReport {
  const {
    name,
    namedBy = 'given',
    scheme,
    schemeBy,
    kind,
    digest,
    platform,
    otherPlatforms,
  } = target;
  const { config, base, layers } = target;
  const found = { ...(image === undefined ? {} : { image }), binaries: binaries.toSorted(byPath) };
  return {
    name,
    namedBy,
    scheme,
    ...(schemeBy === undefined ? {} : { schemeBy }),
    kind,
    ...(takenFor === undefined ? {} : { takenFor }),
    digest,
    platform,
    ...(otherPlatforms === undefined ? {} : { otherPlatforms }),
    config,
    os,
    layers: layers.map((layer, index) => ({
      index,
      digest: layer.digest,
      diffId: layer.diffId,
      createdBy: layer.createdBy,
      origin: layer.origin,
    })),
    ...(base === undefined ? {} : { base }),
    ...found,
    ...(otherPrograms.length === 0 ? {} : { otherPrograms }),
    problems: sortProblems(problems),
    excluded,
    ...(exclusions.length === 0 ? {} : { exclusions }),
    counts: countTarget(judgedOf(found), problems.length),
  };
}

function byPath(a: BinaryReport, b: BinaryReport): number {
  return compare(a.path, b.path);
}
