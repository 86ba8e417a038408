import type { Problem } from '../../base/problem.ts';
import { outcomes, type Severity, severities } from '../../base/verdict.ts';
import type { Rule } from '../../judge/rule.ts';
import { isBinary, judgedOf } from '../../report/all-judged.ts';
import type { Gate, Judged, JudgedVerdict, Report, TargetReport } from '../../report/report.ts';
import { reasonText } from '../findings/waivers-in-use.ts';
import { answerReason } from '../text/text-headline.ts';
import { hexadecimal } from '../writing/write-json.ts';
import { aboutBinary } from './about-binary.ts';
import { describeCauses } from './describe-causes.ts';
import { describeFirstScreen, type PageSection } from './first-screen.ts';
import { inScript } from './in-script.ts';
import type { PageCause } from './page-cause.ts';
import { describePageRules, type PageRule } from './page-rules.ts';

/** What a cell of the matrix can show: an outcome, or that a failure does not count. */
const states = [...outcomes, 'waived', 'baselined'] as const;
export type State = (typeof states)[number];

/** What the page begins with. */
export interface PayloadHead
  extends Pick<Report, 'schemaVersion' | 'tool' | 'gate' | 'counts' | 'policy'> {
  readonly states: readonly State[];
  readonly severities: readonly Severity[];
  /** The end of the sentence that the gate is. */
  readonly answer: string;
  readonly first: readonly PageSection[];
  /** What was lost since the older release. Absent: nothing, or there is none. */
  readonly causes?: readonly PageCause[];
}

export interface PayloadTarget {
  readonly name: string;
  readonly scheme: string;
  readonly kind: TargetReport['kind'];
  readonly digest: string | null;
  readonly platform: string | null;
  readonly os: string | null;
  readonly layers: readonly {
    readonly digest: string | null;
    readonly by: string | null;
    readonly origin: 'base' | 'own' | null;
  }[];
  readonly problems: readonly Problem[];
  /** Where the report is of several images, and has a gate for each. */
  readonly gate?: Pick<Gate, 'state' | 'because'>;
}

/** By position. Values that many rows share are an index of a string or of a verdict, or -1 for none. */
export type PayloadRow = readonly [
  target: number,
  path: string,
  aliases: readonly string[],
  sha256: string | null,
  size: number | null,
  mode: number | null,
  uid: number | null,
  gid: number | null,
  layer: number | null,
  about: readonly number[],
  verdicts: readonly number[],
];

/** By position; what was looked at, what was seen and the message are indexes of strings. */
export type PayloadVerdict = readonly [
  state: number,
  severity: number,
  message: number,
  evidence: readonly (readonly [what: number, saw: number, offset?: string])[],
  why?: number,
];

export interface Payload {
  readonly head: PayloadHead;
  readonly rules: readonly PageRule[];
  readonly targets: readonly PayloadTarget[];
  readonly binaries: readonly PayloadRow[];
  readonly verdicts: readonly PayloadVerdict[];
  readonly strings: readonly string[];
}

/**
 * The report as the page reads it (page/data.js is the other side). What thousands of verdicts share is written once:
 * a binary's row points into a table of verdicts, and that one into a table of strings. Tables come last, when they
 * are complete, so that at most one row is held at a time.
 */
export function* renderPayload(report: Report, rules: readonly Rule[]): Generator<string> {
  const columns = describePageRules(report, rules);
  const tables: Tables = {
    strings: createTable(),
    verdicts: createTable(),
    columns: columns.map(({ id }) => id),
  };
  const { schemaVersion, tool, gate, counts, policy } = report;
  const answer = answerReason(report);
  const causes = describeCauses(report);
  const first = describeFirstScreen(report, rules);
  const head: PayloadHead = {
    schemaVersion,
    tool,
    gate,
    counts,
    policy,
    states,
    severities,
    answer,
    first,
    ...(causes.length === 0 ? {} : { causes }),
  };
  yield `{"head":${inScript(head)},\n"rules":${inScript(columns)},\n"targets":[`;
  yield* separated(
    report.targets.map((target) => inScript(describeTarget(target, report.targets.length))),
  );
  yield '],\n"binaries":[';
  yield* separated(rowsOf(report, tables));
  yield '],\n"verdicts":[';
  yield* separated(tables.verdicts.entries());
  yield '],\n"strings":[';
  yield* separated(tables.strings.entries());
  yield ']}';
}

interface Tables {
  readonly strings: Table;
  readonly verdicts: Table;
  /** Ids of rules, in the order of a row. */
  readonly columns: readonly string[];
}

function* separated(items: Iterable<string>): Generator<string> {
  let separator = '\n';
  for (const item of items) {
    yield separator + item;
    separator = ',\n';
  }
}

function describeTarget(
  { name, scheme, kind, digest, platform, os, layers, problems, gate }: TargetReport,
  of: number,
): PayloadTarget {
  return {
    name,
    scheme,
    kind,
    digest,
    platform,
    os: os?.prettyName ?? null,
    layers: layers.map(({ digest: packed, diffId, createdBy, origin }) => ({
      digest: packed ?? diffId,
      by: createdBy,
      origin: origin ?? null,
    })),
    problems,
    ...(gate === undefined || of < 2 ? {} : { gate: { state: gate.state, because: gate.because } }),
  };
}

function* rowsOf({ targets }: Report, tables: Tables): Generator<string> {
  for (const [index, target] of targets.entries()) {
    for (const judged of judgedOf(target)) yield inScript(rowOf(index, judged, tables));
  }
}

/** Positions, not names: a name would cost more than most values. The image as a whole has null where a file has its own. */
function rowOf(target: number, judged: Judged, { strings, verdicts, columns }: Tables): PayloadRow {
  const { path, aliases, sha256, layer } = judged;
  const [size, mode, uid, gid] = isBinary(judged)
    ? [judged.size, judged.mode, judged.uid, judged.gid]
    : [null, null, null, null];
  const about = aboutBinary(judged).map((text) => (text === null ? -1 : strings.add(text)));
  const byRule = new Map(judged.verdicts.map((verdict) => [verdict.rule, verdict]));
  const row = columns.map((id) => {
    const verdict = byRule.get(id);
    return verdict === undefined ? -1 : verdicts.add(tupleOf(verdict, strings));
  });
  return [target, path, aliases, sha256, size, mode, uid, gid, layer, about, row];
}

function tupleOf(verdict: JudgedVerdict, strings: Table): PayloadVerdict {
  const evidence = verdict.evidence.map(({ what, saw, offset }) => {
    const seen = [strings.add(what), strings.add(saw)] as const;
    return offset === undefined ? seen : ([...seen, hexadecimal(offset)] as const);
  });
  const why = verdict.waived === undefined ? null : strings.add(whyWaived(verdict.waived));
  const tuple = [
    states.indexOf(stateOf(verdict)),
    severities.indexOf(verdict.severity),
    strings.add(messageOf(verdict)),
    evidence,
  ] as const;
  return why === null ? tuple : [...tuple, why];
}

function whyWaived(waived: NonNullable<JudgedVerdict['waived']>): string {
  const { expires } = waived;
  return expires === null ? reasonText(waived) : `${reasonText(waived)} (until ${expires})`;
}

function messageOf({ message, countedWith }: JudgedVerdict): string {
  return countedWith === undefined ? message : `${message} (counted with ${countedWith})`;
}

/** What the older release has too is known as what the baseline has. */
function stateOf({ outcome, waived, baselined, countedWith, stands }: JudgedVerdict): State {
  if (waived !== undefined) return 'waived';
  if (countedWith !== undefined) return 'not-applicable';
  return baselined === undefined && stands?.is !== 'as before' ? outcome : 'baselined';
}

/** Values that are written once and named by their number. */
export interface Table {
  /** The value's number: a new one if it is not there yet. Values are the same when their JSON is. */
  add(value: unknown): number;
  /** JSON of each, by number. */
  entries(): Iterable<string>;
}

function createTable(): Table {
  const numbers = new Map<string, number>();
  return {
    add(value) {
      const json = inScript(value);
      const found = numbers.get(json);
      if (found !== undefined) return found;
      numbers.set(json, numbers.size);
      return numbers.size - 1;
    },
    entries: () => numbers.keys(),
  };
}
