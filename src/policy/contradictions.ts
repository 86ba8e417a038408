import { amount } from '../base/amount.ts';
import { oncePer } from '../base/once-per.ts';
import { isIncomplete } from '../base/problem.ts';
import { version } from '../base/version.ts';
import type { Rule } from '../judge/rule.ts';
import { judgedOf } from '../report/all-judged.ts';
import { sumCounts } from '../report/counts.ts';
import { breaksGate } from '../report/finding.ts';
import { gatedImages, worstState } from '../report/gates.ts';
import type { Gate, Report, TargetReport } from '../report/report.ts';
import { conditionsAsked } from './asked-conditions.ts';
import { editedVerdicts } from './edited-verdicts.ts';
import { stampWorse } from './got-worse.ts';
import { judgeGates } from './judge-gates.ts';
import { isPartial } from './other-platforms.ts';
import { isAskedOf } from './outside-gate.ts';
import { isSame } from './same-json.ts';
import { subjectsOf, whoseOf } from './subject.ts';
import { wrongBaseline, wrongWaivers } from './wrong-acceptances.ts';
import { wrongLevels } from './wrong-levels.ts';
import { wrongMessages } from './wrong-messages.ts';
import { wrongSeverities } from './wrong-severities.ts';
import { wrongVerdicts } from './wrong-verdicts.ts';

/**
 * Where a report says something that does not follow from what it has, as sentences: somebody changed it after it was written. Whether
 * its verdicts are those of the image is a question to the image. `rules` are those of this version; without them, what verdicts weigh is
 * not held against what their rules can give.
 */
export function contradictionsIn(report: Report, rules: readonly Rule[] = []): readonly string[] {
  // Those of another version may say something else.
  const isOfThis = report.tool.version === version;
  return [
    ...editedVerdicts(report),
    ...wrongSum(report),
    ...(isOfThis ? wrongExclusions(report) : []),
    ...wrongStandings(report),
    ...plainContradictions(report),
    ...(isOfThis ? gatesJudgedAgain(report) : []),
    ...wrongWaivers(report),
    ...wrongBaseline(report),
    ...wrongMessages(report),
    ...(isOfThis
      ? [
          ...unsaidNames(report),
          ...wrongLevels(report),
          ...wrongSeverities(report, rules),
          ...wrongVerdicts(report, rules),
        ]
      : []),
    ...report.targets.flatMap((target) => wrongOwners(target, report)),
  ];
}

/** This version writes of each name who says it: without that, a name of the maker would be that of nobody. */
function unsaidNames({ targets }: Report): readonly string[] {
  return targets
    .filter(({ namedBy }) => namedBy === undefined)
    .map(({ name }) => `nothing says who gave ${name} its name`);
}

function wrongSum({ targets, counts }: Report): readonly string[] {
  const sum = sumCounts(targets.map((target) => target.counts));
  return isSame(counts, sum) ? [] : ['the counts of the report are not the sum of its images'];
}

/** A glob that left files out is named. */
function wrongExclusions({ targets }: Report): readonly string[] {
  return targets
    .filter(
      ({ excluded, exclusions = [] }) => excluded > 0 && !exclusions.some(({ files }) => files > 0),
    )
    .map(
      ({ name, excluded }) =>
        `${amount(excluded, 'file')} of ${name} ${excluded === 1 ? 'is' : 'are'} left out, and nothing says by what`,
    );
}

/** Marks of a comparison that the report does not have, or whose weight is not that of its verdicts. */
function wrongStandings({ targets, against, gate }: Report): readonly string[] {
  const marked = targets
    .flatMap(subjectsOf)
    .flatMap((subject) =>
      subject.judged.verdicts
        .filter(({ stands }) => stands !== undefined)
        .map((verdict) => ({ subject, verdict })),
    );
  const isCompared = against !== undefined && targets.some((target) => target.against);
  if (marked.length > 0 && !isCompared)
    return [
      `${amount(marked.length, 'verdict')} stand to an older release that the report does not name`,
    ];
  const lost = targets
    .flatMap(subjectsOf)
    .flatMap(({ judged }) => judged.verdicts)
    .filter(({ worseBy }) => worseBy !== undefined);
  const causeless = lost.filter(
    ({ rule, worseBy = -1 }) => against?.causes?.[worseBy]?.rule !== rule,
  ).length;
  if (causeless > 0)
    return [`${amount(causeless, 'verdict')} got worse by a cause that the report does not have`];
  const conditionsOf = oncePer(conditionsAsked);
  const wrong = marked.filter(({ subject, verdict }) => {
    const conditions = conditionsOf(subject.target.gate ?? gate);
    if (conditions === null) return true;
    const again = stampWorse(verdict, subject, conditions);
    return again.stands?.breaks !== verdict.stands?.breaks;
  }).length;
  return wrong === 0
    ? []
    : [`${amount(wrong, 'verdict')} got worse and do not weigh what they say`];
}

/** True of every version that wrote reports. */
function plainContradictions(report: Report): readonly string[] {
  const images = gatedImages(report);
  const ofImages = images.flatMap(({ name, targets, gate }) =>
    whyNot(gate, targets).map((why) => `the gate of ${name} ${gate.state}, but ${why}`),
  );
  const { state, failed } = report.gate;
  const worst = worstState(images.map(({ gate }) => gate));
  // Entries of the policy without a use break the run, and the gate of no image.
  const isStrict = failed.some(({ condition }) => condition === 'strict-policy');
  const want = worst === 'holds' && isStrict ? 'broken' : worst;
  return [
    ...ofImages,
    ...(want === undefined || want === state
      ? []
      : [`the gate of the report is ${state}, but that of its images is ${want}`]),
  ];
}

function whyNot(gate: Gate, targets: readonly TargetReport[]): readonly string[] {
  const { state, failed } = gate;
  if (state === 'broken' && failed.length === 0) return ['no condition failed'];
  if (state === 'undecided') return [];
  const isLeftOut = gate.asked?.platforms === 'all' && targets.some(isPartial);
  const unread = targets.flatMap(({ problems }) => problems).filter(isIncomplete).length;
  const breaking = targets
    .flatMap(judgedOf)
    .flatMap(({ verdicts }) => verdicts)
    .filter((verdict) => breaksGate(gate, verdict)).length;
  return [
    ...(isLeftOut ? ['a platform of it was not judged'] : []),
    ...(unread === 0 ? [] : [`${amount(unread, 'part')} of it could not be scanned`]),
    ...(state === 'broken' || failed.length === 0
      ? []
      : [`${amount(failed.length, 'condition')} failed`]),
    ...(state === 'broken' || breaking === 0 ? [] : [`${amount(breaking, 'verdict')} break it`]),
  ];
}

/** Each gate by its own conditions, from the verdicts that there are. null conditions: the report is of an older version. */
function gatesJudgedAgain(report: Report): readonly string[] {
  const { targets } = report;
  const asked = new Map(
    targets.map((each) => [each, each.gate === undefined ? null : conditionsAsked(each.gate)]),
  );
  const [first] = asked.values();
  const conditions = targets.length === 0 ? conditionsAsked(report.gate) : first;
  if (conditions === undefined || conditions === null || [...asked.values()].includes(null))
    return [];
  const again = judgeGates(targets, {
    conditions,
    conditionsOf: (target) => asked.get(target) ?? conditions,
    alongside: [],
    asked: undefined,
  });
  if (targets.length === 0) return differences('nothing', report.gate, again.gate);
  const ofImages = targets.flatMap(({ name, gate }, at) => {
    const judged = again.targets[at]?.gate;
    return gate === undefined || judged === undefined ? [] : differences(name, gate, judged);
  });
  return [...new Set([...ofImages, ...wrongSentence(report.gate, again.gate)])];
}

/** The sentence of the run is what a statement says. Its first clause follows from the verdicts; of images that all hold it has two forms. */
function wrongSentence(said: Gate, judged: Gate): readonly string[] {
  const [clause = ''] = judged.because.split('; ');
  if (said.because.includes(clause)) return [];
  if (judged.state === 'holds' && /^all \d+ \w+ hold/.test(clause)) return [];
  return [`the gate says "${said.because.split('; ')[0]}", but by its verdicts "${clause}"`];
}

function differences(name: string, said: Gate, judged: Gate): readonly string[] {
  const of = `of ${name}`;
  const failed = (gate: Gate) => gate.failed.map(({ because }) => because).join('; ') || 'nothing';
  return [
    ...(said.state === judged.state
      ? []
      : [
          `the gate ${of} is ${said.state}, but by its verdicts ${judged.state}: ${judged.because}`,
        ]),
    ...(isSame(said.failed, judged.failed)
      ? []
      : [`the gate ${of} names as failed: ${failed(said)}; by its verdicts: ${failed(judged)}`]),
    ...(isSame(said.held ?? [], judged.held ?? [])
      ? []
      : [`the conditions that hold ${of} are not those of its verdicts`]),
    ...(isSame(said.setAside, judged.setAside)
      ? []
      : [`what does not count ${of} is not what its verdicts say`]),
    ...(isSame(said.undecided, judged.undecided)
      ? []
      : [`what is undecided ${of} is not what its verdicts say`]),
  ];
}

/** A mark that takes a verdict out of the gate because of its file's owner, where the owner is another one. */
function wrongOwners(target: TargetReport, report: Report): readonly string[] {
  const of = (target.gate ?? report.gate).of ?? 'all';
  const wrong = subjectsOf(target).flatMap((subject) =>
    subject.judged.verdicts.filter(
      ({ rule, outsideGate }) =>
        outsideGate !== undefined &&
        (whoseOf(subject) !== outsideGate || isAskedOf(outsideGate, rule, of)),
    ),
  );
  return wrong.length === 0
    ? []
    : [
        `${amount(wrong.length, 'verdict')} of ${target.name} ${wrong.length === 1 ? 'does' : 'do'} not count because of an owner that its file does not have`,
      ];
}
