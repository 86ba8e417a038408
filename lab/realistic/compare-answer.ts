import type { Log } from 'sarif';
import { whoseOf } from '../../src/policy/subject.ts';
import { judgedOf } from '../../src/report/all-judged.ts';
import { breaksGate } from '../../src/report/finding.ts';
import type { Report, TargetReport } from '../../src/report/report.ts';
import type { Answer } from './answer.ts';

/** What a scan gave, or why it gave nothing. */
export type Answers =
  | { readonly error: string }
  | { readonly error: null; readonly report: Report; readonly text: string; readonly sarif: Log };

const mostLines = 60;
const mostAlerts = 25;
const firstLines = 15;
const columns = 80;
/** What a path counts for in a line, however long it is. */
const columnsOfPath = 20;

/** Sentences: where the reports are not as the answer says. */
export function differences(answer: Answer, answers: Answers): readonly string[] {
  if (answers.error !== null) return [answers.error];
  const { report, text, sarif } = answers;
  return [
    ...ofGate(answer, report),
    ...ofOwners(answer, report),
    ...ofText(answer, text),
    ...ofAlerts(sarif),
  ];
}

function ofGate(answer: Answer, { gate, targets }: Report): readonly string[] {
  const found = new Map(
    targets
      .flatMap(judgedOf)
      .map(
        ({ path, verdicts }) =>
          [
            path,
            verdicts.filter((verdict) => breaksGate(gate, verdict)).map(({ rule }) => rule),
          ] as const,
      )
      .filter(([, rules]) => rules.length > 0),
  );
  return [
    ...(gate.state === answer.gate ? [] : [`the gate is ${gate.state}: ${gate.because}`]),
    ...[...found]
      .filter(([path]) => answer.breaking[path] === undefined)
      .map(([path, rules]) => `${path} breaks it: ${rules.join(', ')}`),
    ...Object.entries(answer.breaking).flatMap(([path, { rules }]) => {
      const missing = rules.filter((rule) => found.get(path)?.includes(rule) !== true);
      return missing.length === 0 ? [] : [`${path} does not break it: ${missing.join(', ')}`];
    }),
  ];
}

function ofOwners(answer: Answer, { targets }: Report): readonly string[] {
  const wanted = {
    ...answer.whose,
    ...Object.fromEntries(
      Object.entries(answer.breaking).map(([path, { whose }]) => [path, whose]),
    ),
  };
  return Object.entries(wanted).flatMap(([path, whose]) => {
    const saw = targets.flatMap((target) => ownersOf(target, path));
    return saw.length === 1 && saw[0] === whose
      ? []
      : [`${path} is said to be ${saw.join(' and ') || 'nowhere'}, expected ${whose}`];
  });
}

function ownersOf(target: TargetReport, path: string): readonly string[] {
  return target.binaries
    .filter((binary) => binary.path === path || binary.aliases.includes(path))
    .map((judged) => whoseOf({ target, judged }));
}

function ofText({ breaking }: Answer, text: string): readonly string[] {
  const lines = text.trimEnd().split('\n');
  const own = Object.entries(breaking).flatMap(([path, { whose }]) =>
    whose === 'yours' ? [path] : [],
  );
  const first = lines.slice(0, firstLines).join('\n');
  const wide = lines.filter((line) => widthOf(line) > columns);
  return [
    ...(lines.length <= mostLines ? [] : [`the text has ${lines.length} lines`]),
    ...(own.length === 0 || own.some((path) => first.includes(path))
      ? []
      : [`no own finding is in the first ${firstLines} lines`]),
    ...wide.slice(0, 3).map((line) => `a line of ${line.length} columns: ${line}`),
  ];
}

/** Paths are shown whole, so that they can be copied. */
function widthOf(line: string): number {
  const paths = line.match(/\S*\/\S*/g) ?? [];
  const saved = paths.map((path) => Math.max(path.length - columnsOfPath, 0));
  return line.length - saved.reduce((sum, each) => sum + each, 0);
}

function ofAlerts({ runs }: Log): readonly string[] {
  const alerts = runs.flatMap(({ results }) => results ?? []).length;
  return alerts <= mostAlerts ? [] : [`SARIF has ${alerts} alerts`];
}
