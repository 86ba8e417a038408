import { amount } from '../../base/amount.ts';
import { escapeText } from '../../base/escape.ts';
import { isIncomplete, type Problem } from '../../base/problem.ts';
import { judgedOf } from '../../report/all-judged.ts';
import { breaksGate } from '../../report/finding.ts';
import { gateOfTarget } from '../../report/gates.ts';
import type { Judged, Report, TargetReport } from '../../report/report.ts';
import { ownPolicyOf } from '../findings/accepted.ts';
import { choiceOf } from '../findings/distinguish-targets.ts';
import { ownershipOf, type Whose } from '../groups/ownership-of.ts';
import { hang } from './text-layout.ts';
import type { Page } from './text-page.ts';

const answers = {
  holds: 'GATE HOLDS',
  broken: 'GATE BROKEN',
  undecided: 'GATE UNDECIDED',
} as const;

/** What the last line says too, with its reason; here by owner. */
export function answerLine(report: Report, { style, width }: Page): string {
  const { state } = report.gate;
  const answer = answers[state];
  const text = escapeText(`${answer}${state === 'holds' ? '' : answerReason(report)}`);
  return hang('', text, width)
    .trimEnd()
    .replace(answer, (found) => style.gate(state, found));
}

export function answerOf({ gate }: Report): string {
  return answers[gate.state];
}

/** ` by 3 of your 4 files`, `: not all could be read`: whom a gate that does not hold concerns, or what is undecided. */
export function answerReason(report: Report): string {
  const { gate, targets } = report;
  const judged = targets.flatMap((target) => judgedOf(target));
  const breaking = targets.flatMap((target) => {
    const own = gateOfTarget(target, report);
    return judgedOf(target).filter(({ verdicts }) =>
      verdicts.some((each) => breaksGate(own, each)),
    );
  });
  const parts = owners.flatMap((whose) => partOf(whose, breaking, judged));
  const by = parts.length === 0 ? '' : parts.join(' and ');
  if (gate.state === 'undecided') {
    const open = undecidedBy(report);
    return by === '' ? `: ${open}` : `: ${open}, and it would be broken by ${by}`;
  }
  return by === '' ? `: ${gate.failed[0]?.because ?? gate.because}` : ` by ${by}`;
}

/** What a person has to do something about differs: files that cannot be read, and a name that nobody said. */
function undecidedBy({ gate, targets }: Report): string {
  const gaps = targets.flatMap(({ problems }) => problems).filter(isIncomplete);
  const isUnnamed = ({ kind }: Problem) => kind === 'unnamed';
  const all = gaps.filter(isUnnamed).length;
  const unnamed = targets
    .filter(({ kind }) => kind === 'image')
    .flatMap(({ problems }) => problems.filter(isUnnamed)).length;
  const reasons = [
    ...(gaps.length > all ? ['not all could be read'] : []),
    ...(unnamed === 1 ? ['only its maker says the name of the image'] : []),
    ...(unnamed > 1 ? [`only their makers say the names of ${unnamed} images`] : []),
    ...(all > unnamed
      ? [
          `only the content says that ${amount(all - unnamed, 'input')} ${all - unnamed === 1 ? 'is' : 'are'} not an image`,
        ]
      : []),
  ];
  return reasons.length > 0 ? reasons.join(', and ') : (gate.because.split('; ')[0] ?? '');
}

const owners: readonly Whose[] = ['yours', 'dependency', 'distribution'];

function partOf(
  whose: Whose,
  breaking: readonly Judged[],
  judged: readonly Judged[],
): readonly string[] {
  const isOf = (each: Judged) => ownershipOf(each).whose === whose;
  const broken = breaking.filter(isOf);
  if (broken.length === 0) return [];
  if (whose === 'distribution') return [`${amount(broken.length, 'file')} of the distribution`];
  if (whose === 'dependency') return [`${amount(broken.length, 'file')} of dependencies`];
  const start = broken.some(({ sha256 }) => sha256 === null) ? ['the start of the image'] : [];
  const files = broken.filter(({ sha256 }) => sha256 !== null).length;
  const all = judged.filter((each) => each.sha256 !== null && isOf(each)).length;
  if (files === 0) return start;
  return [...start, all === 1 ? 'your file' : `${files} of your ${all} files`];
}

/** The target in a line, or two: its name, and how many files of whom were judged. */
export function* renderHeadline(
  target: TargetReport,
  apart: string | null,
  page: Page,
): Generator<string> {
  const { style, width } = page;
  const title = escapeText(target.name);
  const which = apart ?? target.platform ?? '';
  const about = [title, ...[which, target.os?.prettyName ?? ''].map(escapeText)];
  const head = about.filter((part) => part !== '').join('  ');
  const counts = escapeText(countsOf(target));
  const isOneLine = head.length + 2 + counts.length <= width;
  const lines = isOneLine ? `${head}  ${counts}` : `${head}\n${hang('', counts, width).trimEnd()}`;
  yield `${lines.replace(title, (found) => style.bold(found))}\n`;
  if (page.isWhole || page.verbose) yield `${style.dim(sourceOf(target))}\n`;
  const choice = choiceOf(target);
  if (choice !== null) yield hang('', escapeText(choice), width);
  const own = ownPolicyOf(target);
  if (own !== null) yield hang('', escapeText(own), width);
}

/** `854 binaries (4 yours, 850 of the distribution), starts /usr/bin/app`. */
function countsOf(target: TargetReport): string {
  const { binaries, image } = target;
  const counts = owners.map(
    (whose) =>
      [
        binaries.filter((binary) => ownershipOf(binary).whose === whose).length,
        { yours: 'yours', dependency: 'of dependencies', distribution: `of ${systemOf(target)}` }[
          whose
        ],
      ] as const,
  );
  const named = counts.filter(([count]) => count > 0).map(([count, name]) => `${count} ${name}`);
  const owned = target.kind === 'file' || named.length === 0 ? '' : ` (${named.join(', ')})`;
  const start = image === undefined ? [] : startPart(image);
  const place = target.takenFor === 'folder' ? ' in a folder of programs' : '';
  return [`${amount(binaries.length, 'binary')}${place}${owned}`, ...start].join(', ');
}

/** `Debian`, of `Debian GNU/Linux 12 (bookworm)`. */
function systemOf({ os }: TargetReport): string {
  return /^\p{Lu}[\w-]*/u.exec(os?.prettyName ?? '')?.[0] ?? 'the distribution';
}

/** The answer that is not a finding; a start that fails is listed with its reason. */
function startPart({ path, verdicts }: NonNullable<TargetReport['image']>): readonly string[] {
  const outcome = verdicts.find(({ rule }) => rule === 'entrypoint-starts')?.outcome;
  if (outcome === 'pass') return [`starts ${path}`];
  if (outcome === 'unknown') return ['start undecided'];
  return outcome === 'not-applicable' ? ['start not judged'] : [];
}

/** How it arrived, and what it is built on. */
function sourceOf({ scheme, kind, layers, base, digest }: TargetReport): string {
  const parts = [
    scheme,
    ...(kind === 'image' ? [amount(layers.length, 'layer')] : []),
    ...(base === undefined ? [] : [baseText(base)]),
    ...(digest === null ? [] : [digest.slice(0, 'sha256:'.length + 12)]),
  ];
  return escapeText(parts.join(', '));
}

/** `3 base layers of node:20-slim (--base says so)`. */
function baseText({ layers, name, because }: NonNullable<TargetReport['base']>): string {
  if (layers === null) return `its base image is not known (${because})`;
  const of = name === null ? '' : ` of ${name}`;
  return `${amount(layers, 'base layer')}${of} (${because})`;
}
