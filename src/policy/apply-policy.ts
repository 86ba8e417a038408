import { groupBy } from '../base/group-by.ts';
import { type Problem, sortProblems } from '../base/problem.ts';
import { judgedOf } from '../report/all-judged.ts';
import { countTarget } from '../report/counts.ts';
import { messagesOf, type Note, sentencesOf } from '../report/policy-messages.ts';
import type { Gate, PolicyReport, TargetReport } from '../report/report.ts';
import { compareWithBaseline } from './baseline/compare.ts';
import { entriesInUse } from './baseline/entries-in-use.ts';
import { applyDeclared } from './declared.ts';
import { type DoubtfulName, doubtfulNameProblem } from './doubtful-name.ts';
import { folderPaths } from './folder-paths.ts';
import { createForce, type Force } from './force.ts';
import { stampWorse } from './got-worse.ts';
import { idleImages } from './idle-images.ts';
import { ofOwnNames } from './image-policies.ts';
import { believedBases, inapplicable } from './inapplicable.ts';
import { judgeGates } from './judge-gates.ts';
import { mapVerdicts } from './map-verdicts.ts';
import { isNamed } from './named-rules.ts';
import { applyBase } from './of-base.ts';
import { markOneCause } from './one-cause.ts';
import type { GateConditions, Policy } from './policy.ts';
import { withStrictPolicy } from './strict-policy.ts';
import { undecidedProblems, uselessFiles } from './undecided.ts';
import { unreadStart } from './unread-start.ts';
import { rememberUnweighed, unweighed } from './unweighed.ts';
import { idleEntries, idleOfBaseline } from './waivers/idle-entries.ts';
import { unlistedOf } from './waivers/idle-waivers.ts';
import { boundlessWaivers } from './waivers/waiver-notices.ts';
import { createWaivers } from './waivers/waivers.ts';
import { waiversInUse } from './waivers/waivers-in-use.ts';
import { applyAccepted } from './words/accepted-owners.ts';
import { createTrusting } from './words/trusting.ts';
import { undecideDebugFiles } from './words/undecide-debug-files.ts';

export interface Judgement {
  readonly targets: readonly TargetReport[];
  readonly policy: PolicyReport;
  readonly gate: Gate;
  /** As the policy has it. */
  readonly date?: string;
}

/**
 * The step between judging and reporting, in this order: what debug files decide, who owns what (base, what the policy accepts of what the image says,
 * what is declared yours or a dependency), levels, waivers, whose files the gate is of, the baseline, one cause, the gate. What
 * another policy changed is as before. Pure. Throws UsageError for a selector that makes no sense.
 */
export function applyPolicy(judged: readonly TargetReport[], policy: Policy): Judgement {
  const found = judged.map(unweighed);
  const { accept } = policy.gate;
  const trusting = createTrusting(accept);
  const decided = policy.refusesDebugFiles ? found.map(undecideDebugFiles) : found;
  const owned = applyAccepted(applyBase(decided), accept);
  const { targets, notices: ofOwners, alongside } = applyDeclared(owned.targets, policy, trusting);
  const force = createForce(policy, trusting);
  const waivers = createWaivers(policy.waivers, policy.today, trusting);
  const weighed = targets.map((target) => {
    const { level, outside } = force(target);
    return mapVerdicts(target, (verdict, subject) =>
      outside(waivers.apply(level(verdict, subject), subject), verdict, subject),
    );
  });
  const compared = compareWithBaseline(weighed, policy.baseline ?? [], {
    today: policy.today,
    namedRules: (target) => force(target).policy.gate.failOnRules,
    accept,
  });
  const counted = compared.targets.map((each, at) => {
    const { own, policy: inForce, isOff, doubt } = force(each);
    const { gate } = inForce;
    const marked = mapVerdicts(each, (verdict, subject) => {
      const covers =
        verdict.outcome !== 'pass' || !isNamed(gate, verdict.rule) || !isOff(verdict, subject);
      const one = stampWorse(markOneCause(verdict, subject.judged, gate), subject, gate);
      return covers ? one : { ...one, off: true as const };
    });
    const target = rememberUnweighed(found[at] ?? marked, marked);
    const problems = problemsOf(target, gate, doubt);
    const { policy: before, ...rest } = target;
    const counts = countTarget(judgedOf(target), problems.length);
    return { ...rest, problems, counts, ...(own === null ? {} : { policy: own }) };
  });
  const gates = judgeGates(counted, {
    conditions: policy.gate,
    conditionsOf: (target) => force(target).policy.gate,
    alongside: [...alongside, ...believedBases(policy, targets)],
    asked: policy.asked,
  });
  const { profile, files } = policy;
  const idle = idleEntries(counted, policy);
  const messages = messagesOf(
    [...(policy.remarks ?? []), ...boundlessWaivers(policy.waivers), ...warningsOf(targets, force)],
    [
      ...waivers.notices(counted),
      ...idle.map(({ kind, what, because }) => ({ kind, message: `${what} ${because}` })),
      ...compared.notices,
      ...ofOwners,
      ...ofOwnNames(targets, force),
      ...idleImages(targets, policy, force),
      ...folderPaths(counted, policy),
      ...owned.notices,
      ...trusting.notices(),
    ],
  );
  const others = [...idle, ...idleOfBaseline(compared.fixed)];
  const ofWaivers = waivers.idle(counted);
  const unlisted = unlistedOf(ofWaivers);
  return {
    targets: gates.targets,
    policy: {
      profile,
      settings: policy.settings ?? [],
      waivers: waiversInUse(counted),
      baseline: entriesInUse(counted),
      files,
      warnings: sentencesOf(messages, 'warning'),
      notices: sentencesOf(messages, 'notice'),
      messages,
      inactive: [...waivers.inactive(counted), ...compared.inactive],
      ...(unlisted === 0 ? {} : { inactiveUnlisted: unlisted }),
      fixed: compared.fixed,
    },
    gate: withStrictPolicy(gates.gate, policy.gate, {
      first: [...ofWaivers.first, ...others],
      count: ofWaivers.count + others.length,
    }),
    ...(policy.date === undefined ? {} : { date: policy.date }),
  };
}

/** Each policy is asked about its own images. */
function warningsOf(
  targets: readonly TargetReport[],
  force: (target: TargetReport) => Force,
): readonly Note[] {
  const byPolicy = groupBy(targets, (target) => force(target).policy);
  const all = [...byPolicy].flatMap(([policy, own]) => inapplicable(policy, own));
  return [...new Map(all.map((note) => [note.message, note])).values()];
}

/** Those of reading, and what the policy makes of files that could not be read whole. */
function problemsOf(
  target: TargetReport,
  gate: GateConditions,
  doubt: DoubtfulName | null,
): readonly Problem[] {
  const ofReading = target.problems.filter(({ rules }) => rules === undefined);
  return sortProblems([
    ...ofReading,
    ...uselessFiles(target),
    ...undecidedProblems(target, gate),
    ...unreadStart(target, gate),
    ...(doubt === null ? [] : [doubtfulNameProblem(target, doubt)]),
  ]);
}
