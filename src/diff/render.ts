import { amount } from '../amount.ts';
import { escapeText } from '../reporters/escape.ts';
import { codeSpan, escapeMarkdown } from '../reporters/escape-markdown.ts';
import { hang } from '../reporters/text-layout.ts';
import { styleOf } from '../reporters/text-style.ts';
import { writeJson } from '../reporters/write-json.ts';
import type {
  BinaryChange,
  Coverage,
  CoverageChange,
  Difference,
  VerdictChange,
} from './difference.ts';

/** What the difference means for a pipeline: one sentence, and whether something became worse than allowed. */
export interface DiffGate {
  readonly state: 'holds' | 'broken' | 'open';
  readonly because: string;
}

export interface DiffLook {
  readonly color: boolean;
  readonly width: number;
  /** Lists whole. */
  readonly all: boolean;
}

export const diffFormats = {
  text: renderText,
  json: renderJson,
  markdown: renderMarkdown,
} as const;

/** Lists are cut here unless all is asked for: a new base image changes thousands of files. */
const longestList = 20;

function* renderJson(difference: Difference, gate: DiffGate): Generator<string> {
  yield `${writeJson({ schemaVersion: '1.0.0', type: 'diff', gate, ...difference })}\n`;
}

function* renderText(difference: Difference, gate: DiffGate, look: DiffLook): Generator<string> {
  const style = styleOf(look.color);
  const { worse, better, coverage } = difference;
  yield `${style.bold('Old')}  ${escapeText(sideText(difference.old))}\n`;
  yield `${style.bold('New')}  ${escapeText(sideText(difference.new))}\n\n`;
  for (const [title, changes] of [
    ['Worse', worse],
    ['Better', better],
  ] as const) {
    if (changes.length === 0) continue;
    yield `${style.bold(`${title} (${changes.length})`)}\n`;
    for (const change of cut(changes, look))
      yield hang(
        `  ${(change.severity ?? 'unknown').padEnd(8)}  `,
        escapeText(verdictText(change)),
        look.width,
      );
    yield restOf(changes, look);
  }
  for (const [title, changes] of binaryLists(difference)) {
    if (changes.length === 0) continue;
    yield `${style.bold(`${title} (${changes.length})`)}\n`;
    for (const change of cut(changes, look)) yield `  ${escapeText(binaryText(change))}\n`;
    yield restOf(changes, look);
  }
  const moved = coverage.filter(isMoved);
  if (moved.length > 0) yield `${style.bold('Coverage')}\n`;
  for (const change of moved) yield `  ${change.rule}: ${coverageText(change)}\n`;
  if (moved.length > 0) yield '\n';
  const answer = { holds: 'NOTHING WORSE', broken: 'WORSE', open: 'NO ANSWER' }[gate.state];
  yield `${style.gate(gate.state, answer)}: ${escapeText(gate.because)}\n`;
}

function* renderMarkdown(
  difference: Difference,
  gate: DiffGate,
  look: DiffLook,
): Generator<string> {
  const answer = { holds: '✅ Nothing became worse', broken: '❌ Worse', open: '⚠️ No answer' };
  yield `## hullcheck diff: ${answer[gate.state]}\n\n${escapeMarkdown(gate.because)}.\n\n`;
  yield `- old: ${escapeMarkdown(sideText(difference.old))}\n- new: ${escapeMarkdown(sideText(difference.new))}\n\n`;
  for (const [title, changes] of [
    ['Worse', difference.worse],
    ['Better', difference.better],
  ] as const) {
    if (changes.length === 0) continue;
    yield `### ${title}\n\n| Rule | Binary | Before | After | What |\n|---|---|---|---|---|\n`;
    for (const change of cut(changes, look)) yield verdictRow(change);
    yield restOf(changes, look) || '\n';
  }
  for (const [title, changes] of binaryLists(difference)) {
    if (changes.length === 0) continue;
    yield `### ${title}\n\n`;
    for (const change of cut(changes, look)) yield `- ${codeSpan(binaryText(change))}\n`;
    yield restOf(changes, look) || '\n';
  }
  const moved = difference.coverage.filter(isMoved);
  if (moved.length > 0) yield '### Coverage\n\n';
  for (const change of moved) yield `- ${codeSpan(change.rule)} ${coverageText(change)}\n`;
}

function binaryLists({ added, removed, changed }: Difference) {
  return [
    ['Added', added],
    ['Removed', removed],
    ['Changed', changed],
  ] as const;
}

function cut<T>(items: readonly T[], { all }: DiffLook): readonly T[] {
  return all ? items : items.slice(0, longestList);
}

function restOf(items: readonly unknown[], { all }: DiffLook): string {
  const rest = all ? 0 : items.length - longestList;
  return rest > 0 ? `  and ${rest} more with --all\n\n` : '\n';
}

function sideText({ targets, binaries, findings }: Difference['old']): string {
  const names = targets.map(({ name }) => name).join(', ');
  return `${names}: ${amount(binaries, 'binary')}, ${amount(findings, 'finding')}`;
}

function verdictText(change: VerdictChange): string {
  const { rule, path, before, after, message } = change;
  return `${rule}: ${path}${ownerText(change)} was ${before ?? 'not there'}, is ${after ?? 'gone'}: ${message}`;
}

function verdictRow(change: VerdictChange): string {
  const cells = [
    codeSpan(change.rule),
    codeSpan(`${change.path}${ownerText(change)}`),
    change.before ?? 'not there',
    change.after ?? 'gone',
    escapeMarkdown(change.message),
  ];
  return `| ${cells.join(' | ')} |\n`;
}

function binaryText(change: BinaryChange): string {
  const from = change.from === null ? '' : `, was ${change.from}`;
  return `${change.path}${ownerText(change)}${from}`;
}

/** Who has to act: the package, or the layer of a file that belongs to none. */
function ownerText({ package: name, layer }: BinaryChange): string {
  return ` (${name ?? layer.slice(0, 'sha256:'.length + 12)})`;
}

function isMoved({ before, after }: CoverageChange): boolean {
  return shareOf(before) !== shareOf(after);
}

function coverageText({ before, after }: CoverageChange): string {
  return `${shareOf(before)} before, ${shareOf(after)} after`;
}

function shareOf({ passed, judged }: Coverage): string {
  return judged === 0 ? 'none' : `${((passed * 100) / judged).toFixed(1)} %`;
}
