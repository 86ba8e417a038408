import { groupBy } from '../base/group-by.ts';
import { type Problem, sortProblems } from '../base/problem.ts';
import { judgedOf } from '../report/all-judged.ts';
import { countTarget } from '../report/counts.ts';
import { messagesOf, type Note, sentencesOf } from '../report/policy-messages.ts';
import type { Gate, JudgedVerdict, PolicyReport, TargetReport } from '../report/report.ts';
import { type Compared, compareWithBaseline } from './baseline/compare.ts';
import { entriesInUse } from './baseline/entries-in-use.ts';
import { applyDeclared, type Declared } from './declared.ts';
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
import type { Subject } from './subject.ts';
import { undecidedProblems, uselessFiles } from './undecided.ts';
import { unreadStart } from './unread-start.ts';
import { rememberUnweighed, unweighed } from './unweighed.ts';
import { idleEntries, idleOfBaseline } from './waivers/idle-entries.ts';
import { unlistedOf } from './waivers/idle-waivers.ts';
import { boundlessWaivers } from './waivers/waiver-notices.ts';
import { createWaivers, type Waivers } from './waivers/waivers.ts';
import { waiversInUse } from './waivers/waivers-in-use.ts';
import { type AcceptedOwners, applyAccepted } from './words/accepted-owners.ts';
import { createTrusting, type Trusting } from './words/trusting.ts';
import { undecideDebugFiles } from './words/undecide-debug-files.ts';

export interface Judgement {
  readonly targets: readonly TargetReport[];
  readonly policy: PolicyReport;
  readonly gate: Gate;
  /** As the policy has it. */
  readonly date?: string;
}

/** A judgement, and the way to the one that a comparison with an older release makes of it. */
export interface Weighed {
  readonly judgement: Judgement;
  /**
   * Of the same targets with marks of a comparison: what each verdict weighs is not asked again, only what follows from how it stands to
   * the older release. `remarks` come before those of the policy's own messages.
   */
  compared(targets: readonly TargetReport[], remarks: readonly Note[]): Judgement;
}

/**
 * The step between judging and reporting, in this order: what debug files decide, who owns what (base, what the policy accepts of what the image says,
 * what is declared yours or a dependency), levels, waivers, whose files the gate is of, the baseline, one cause, the gate. What
 * another policy changed is as before. Pure. Throws UsageError for a selector that makes no sense.
 */
export function applyPolicy(judged: readonly TargetReport[], policy: Policy): Judgement {
  return weighByPolicy(judged, policy).judgement;
}

/** As `applyPolicy`. */
export function weighByPolicy(judged: readonly TargetReport[], policy: Policy): Weighed {
  const found = judged.map(unweighed);
  const { accept } = policy.gate;
  const trusting = createTrusting(accept);
  const decided = policy.refusesDebugFiles ? found.map(undecideDebugFiles) : found;
  const owned = applyAccepted(applyBase(decided), accept);
  const declared = applyDeclared(owned.targets, policy, trusting);
  const force = createForce(policy, trusting);
  const waivers = createWaivers(policy.waivers, policy.today, trusting);
  const weighed = declared.targets.map((target) => {
    const { level, outside } = force(target);
    return mapVerdicts(target, (verdict, subject) =>
      outside(waivers.apply(level(verdict, subject), subject), verdict, subject),
    );
  });
  const baseline = compareWithBaseline(weighed, policy.baseline ?? [], {
    today: policy.today,
    namedRules: (target) => force(target).policy.gate.failOnRules,
    accept,
  });
  const marked = baseline.targets.map((each, at) => {
    const { policy: inForce, isOff } = force(each);
    const { gate } = inForce;
    const target = mapVerdicts(each, (verdict, subject) => {
      const covers =
        verdict.outcome !== 'pass' || !isNamed(gate, verdict.rule) || !isOff(verdict, subject);
      const one = standing(verdict, subject, gate);
      return covers ? one : { ...one, off: true as const };
    });
    return rememberUnweighed(found[at] ?? target, target);
  });
  const settle = createSettling(policy, { owned, declared, force, waivers, baseline, trusting });
  return {
    judgement: settle(marked, policy.remarks ?? []),
    compared: (targets, remarks) =>
      settle(
        targets.map((target) => {
          const { gate } = force(target).policy;
          return mapVerdicts(target, (verdict, subject) =>
            standing(withoutCounting(verdict), subject, gate),
          );
        }),
        remarks,
      ),
  };
}

/** What follows from how a verdict stands to others: to another of its file, and to the one of an older release. */
function standing(
  verdict: JudgedVerdict,
  subject: Subject,
  conditions: GateConditions,
): JudgedVerdict {
  return stampWorse(markOneCause(verdict, subject.judged, conditions), subject, conditions);
}

function withoutCounting(verdict: JudgedVerdict): JudgedVerdict {
  if (verdict.countedWith === undefined) return verdict;
  const { countedWith, ...own } = verdict;
  return own;
}

/** What was found out while verdicts were weighed. */
interface Weighing {
  readonly owned: AcceptedOwners;
  readonly declared: Declared;
  readonly force: (target: TargetReport) => Force;
  readonly waivers: Waivers;
  readonly baseline: Compared;
  readonly trusting: Trusting;
}

/** The gate and all that is said of targets whose verdicts are weighed. */
function createSettling(
  policy: Policy,
  { owned, declared, force, waivers, baseline, trusting }: Weighing,
): (marked: readonly TargetReport[], remarks: readonly Note[]) => Judgement {
  return (marked, remarks) => {
    const counted = marked.map((target) => countedOf(target, force(target)));
    const gates = judgeGates(counted, {
      conditions: policy.gate,
      conditionsOf: (target) => force(target).policy.gate,
      alongside: [...declared.alongside, ...believedBases(policy, declared.targets)],
      asked: policy.asked,
    });
    const { profile, files } = policy;
    const idle = idleEntries(counted, policy);
    const messages = messagesOf(
      [...remarks, ...boundlessWaivers(policy.waivers), ...warningsOf(declared.targets, force)],
      [
        ...waivers.notices(counted),
        ...idle.map(({ kind, what, because }) => ({ kind, message: `${what} ${because}` })),
        ...baseline.notices,
        ...declared.notices,
        ...ofOwnNames(declared.targets, force),
        ...idleImages(declared.targets, policy, force),
        ...folderPaths(counted, policy),
        ...owned.notices,
        ...trusting.notices(),
      ],
    );
    const others = [...idle, ...idleOfBaseline(baseline.fixed)];
    const ofWaivers = waivers.idle(counted);
    const unlisted = unlistedOf(ofWaivers) + baseline.inactive.unlisted;
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
        inactive: [...waivers.inactive(counted), ...baseline.inactive.rows],
        ...(unlisted === 0 ? {} : { inactiveUnlisted: unlisted }),
        fixed: baseline.fixed,
      },
      gate: withStrictPolicy(gates.gate, policy.gate, {
        first: [...ofWaivers.first, ...others],
        count: ofWaivers.count + others.length,
      }),
      ...(policy.date === undefined ? {} : { date: policy.date }),
    };
  };
}

/** With its problems and counts, and what was set for it by its name. */
function countedOf(target: TargetReport, { own, policy, doubt }: Force): TargetReport {
  const problems = problemsOf(target, policy.gate, doubt);
  const { policy: before, ...rest } = target;
  const counts = countTarget(judgedOf(target), problems.length);
  return { ...rest, problems, counts, ...(own === null ? {} : { policy: own }) };
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
