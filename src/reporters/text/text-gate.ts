import { amount } from '../../base/amount.ts';
import { escapeText } from '../../base/escape.ts';
import { severitiesFrom } from '../../base/verdict.ts';
import { heldConditions } from '../../report/conditions-of.ts';
import { isFinding } from '../../report/finding.ts';
import { ownGates } from '../../report/gates.ts';
import type { FailedCondition, Gate, JudgedVerdict, Report } from '../../report/report.ts';
import type { Group } from '../groups/group.ts';
import { groupsOf } from '../groups/groups-of.ts';
import { ownershipOf, type Whose } from '../groups/ownership-of.ts';
import { continued } from './text-command.ts';
import { waysOut } from './text-gate-ways.ts';
import { answerLine } from './text-headline.ts';
import { hang } from './text-layout.ts';
import { type Page, pageOf } from './text-page.ts';

/** Of several images each one's by itself, below the answer of all. */
export function* explainGate(report: Report, page: Page): Generator<string> {
  yield `${answerLine(report, page)}\n`;
  const images = ownGates(report);
  if (images.length === 0) yield* explainOne(report, page);
  for (const { name, targets, gate } of images) {
    const one = { ...report, targets, gate };
    yield `\n${page.style.bold(escapeText(name))}\n${answerLine(one, page)}\n`;
    yield* explainOne(one, pageOf(one, page));
  }
}

function* explainOne(report: Report, page: Page): Generator<string> {
  yield section('WHOSE FILES COUNT', page);
  for (const line of ownersIn(report)) yield hang('  ', line, page.width);
  yield section('CONDITIONS', page);
  yield* renderConditions(report, page);
  const aside = setAsideLines(report.gate);
  if (aside.length > 0) yield section('WHAT DOES NOT COUNT', page);
  for (const line of aside) yield hang('  ', line, page.width);
  yield section('WHAT WOULD CHANGE IT', page);
  for (const { text, command } of waysOut(report)) {
    yield hang('  - ', escapeText(text), page.width);
    if (command === undefined) continue;
    for (const line of continued(escapeText(command), page.width, '      ', '        '))
      yield `${line}\n`;
  }
}

function section(title: string, { style }: Page): string {
  return `\n${style.bold(title)}\n`;
}

const counted: Readonly<Record<NonNullable<Gate['of']>, Readonly<Record<Whose, string>>>> = {
  yours: {
    yours: 'every rule counts',
    dependency:
      'what keeps them from starting or lets others in counts, and what a package severely lacks that is started or privileged',
    distribution: 'nothing counts but severe deviations in what is started or privileged',
  },
  dependencies: {
    yours: 'every rule counts',
    dependency: 'every rule counts',
    distribution: 'nothing counts but severe deviations in what is started or privileged',
  },
  all: {
    yours: 'every rule counts',
    dependency: 'every rule counts',
    distribution: 'every rule counts',
  },
};

const named: Readonly<Record<Whose, string>> = {
  yours: 'yours',
  dependency: 'of dependencies',
  distribution: 'of the distribution',
};

const owners: readonly Whose[] = ['yours', 'dependency', 'distribution'];

/** A line for each owner that has files here, under what the gate is of. */
function ownersIn({ gate, targets }: Report): readonly string[] {
  const of = gate.of ?? 'all';
  const binaries = targets.flatMap((target) => target.binaries);
  const lines = owners.flatMap((whose) => {
    const count = binaries.filter((binary) => ownershipOf(binary).whose === whose).length;
    return count === 0 ? [] : [`${amount(count, 'binary')} ${named[whose]}: ${counted[of][whose]}`];
  });
  return [`the gate is of ${of} (gate.of, --gate-of)`, ...lines];
}

/** Failed ones with their files; what the report has of those that hold. */
function* renderConditions(report: Report, page: Page): Generator<string> {
  const { gate } = report;
  for (const { condition, because } of heldConditions(gate))
    yield hang(
      '  ',
      `${page.style.gate('holds', 'holds')}   ${escapeText(`${condition}: ${because}`)}`,
      page.width,
    );
  for (const failed of gate.failed) {
    const text = escapeText(`${failed.condition}: ${failed.because}`);
    yield hang('  ', `${page.style.gate('broken', 'broken')}  ${text}`, page.width);
    yield* renderFiles(report, wantedBy(failed, gate), page);
  }
  if (gate.state !== 'undecided') return;
  const problems = report.targets
    .flatMap((target) => target.problems)
    .filter((problem) => problem.kind !== 'notice');
  yield hang(
    '  ',
    `${page.style.gate('undecided', 'undecided')}  ${escapeText(gate.because)}`,
    page.width,
  );
  for (const { where, message } of problems.slice(0, page.all ? undefined : mostFiles))
    yield hang('    ', escapeText(`${where}: ${message}`), page.width);
}

/** Which verdicts speak against a condition; its text is the only thing that a saved report has of it. */
function wantedBy({ condition }: FailedCondition, gate: Gate): (verdict: JudgedVerdict) => boolean {
  const counts = (verdict: JudgedVerdict) => verdict.outsideGate === undefined;
  if (condition === 'fail-on-unknown')
    return (verdict) => counts(verdict) && verdict.outcome === 'unknown';
  const covered = /^coverage of (\S+) at least/.exec(condition)?.[1];
  if (covered !== undefined)
    return ({ rule, outcome }) => rule === covered && (outcome === 'fail' || outcome === 'unknown');
  const name = condition.slice(condition.lastIndexOf(' ') + 1);
  const gated: readonly string[] = condition.startsWith('fail-on ')
    ? severitiesFrom(gate.failOn)
    : [name];
  const isOfRule = condition !== `fail-on ${gate.failOn}`;
  return (verdict) =>
    counts(verdict) &&
    isFinding(verdict) &&
    ((isOfRule && verdict.rule === name) ||
      ((!isOfRule || condition.startsWith('at most')) && gated.includes(verdict.severity)));
}

/** Files of a condition before the rest is counted. */
const mostFiles = 10;

function* renderFiles(
  report: Report,
  wanted: (verdict: JudgedVerdict) => boolean,
  page: Page,
): Generator<string> {
  const groups = groupsOf(report, { wanted });
  const shown = page.all ? groups : groups.slice(0, mostFiles);
  for (const group of shown) yield hang('    ', escapeText(fileText(group)), page.width);
  const more = groups.length - shown.length;
  if (more > 0)
    yield `    and ${amount(more, 'more file or package', 'more files or packages')} (--all)\n`;
}

/** `yours: /usr/bin/app: pie, relro`; `of the distribution: gcc-12 12.2.0 (4 files): pie`. */
function fileText({ whose, title, files, entries, component }: Group): string {
  const rules = [...new Set(entries.map(({ rule }) => rule))].join(', ');
  const count = component === null ? '' : ` (${amount(files.length, 'file')})`;
  return `${named[whose]}: ${title}${count}: ${rules}`;
}

function setAsideLines({ setAside }: Gate): readonly string[] {
  const parts = [
    [setAside.ofDependencies, 'of dependencies would break it (--gate-of dependencies)'],
    [setAside.ofDistribution, 'of the distribution would break it (--gate-of all)'],
    [setAside.waived - (setAside.waivedUnknown ?? 0), 'waived'],
    [setAside.baselined, 'in the baseline'],
    [setAside.switchedOff, 'switched off by the configuration'],
    [setAside.notRequired, 'not required by the profile'],
    [setAside.lowered, 'lowered below what breaks the gate'],
  ] as const;
  return [
    ...parts.flatMap(([count = 0, how]) =>
      count === 0 ? [] : [`${amount(count, 'finding')} ${how}`],
    ),
    ...(setAside.waivedUnknown === undefined
      ? []
      : [`${amount(setAside.waivedUnknown, 'unknown verdict')} waived`]),
    ...(setAside.excluded === 0 ? [] : [`${amount(setAside.excluded, 'file')} excluded`]),
  ];
}
