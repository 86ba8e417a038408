import { notKnown } from '../base/fact.ts';
import type { BaseImage } from '../base/image-config.ts';
import { createNeededPart } from '../report/needed-facts.ts';
import type {
  BinaryReport,
  FactsBefore,
  ImageReport,
  JudgedVerdict,
  Report,
  TargetReport,
} from '../report/report.ts';
import type { RenderOptions, Reporter } from './reporter.ts';
import { KeptJson } from './writing/kept-json.ts';
import { writeJson } from './writing/write-json.ts';
import { type PartWriter, WrittenOnce } from './writing/written-once.ts';

/**
 * Verdicts with their evidence and the facts that are needed to read them back, or all facts. One binary a line, so that two
 * reports can be compared by line; keys keep their order from version to version.
 */
const json: Reporter = {
  format: 'json',
  summary: 'one JSON document, which other commands read back',
  *render(report, options) {
    const isWhole = writesAllFacts(report, options);
    const rules = report.rules === undefined ? '' : `,\n"rules":${writeJson(report.rules)}`;
    const date = report.date === undefined ? '' : `,"date":${writeJson(report.date)}`;
    const against = report.against === undefined ? '' : `,\n"against":${writeJson(report.against)}`;
    yield `{"schemaVersion":${writeJson(report.schemaVersion)},"tool":${writeJson(report.tool)}${date}${rules},\n"facts":"${isWhole ? 'all' : 'needed'}",\n"targets":[`;
    const write = createBinaryWriter(isWhole);
    const once = isWhole || report.targets.length < 2 ? null : new WrittenOnce();
    for (const [index, target] of report.targets.entries()) {
      if (index > 0) yield ',';
      yield* renderTarget(target, { index, write, once });
    }
    yield `],\n"counts":${writeJson(report.counts)},\n"policy":${writeJson(report.policy)}${against},\n"gate":${writeJson(report.gate)}}\n`;
  },
};
export default json;

interface Writing {
  /** Of the target. */
  readonly index: number;
  readonly write: BinaryWriter;
  /** null: each binary is written out. */
  readonly once: WrittenOnce | null;
}

function* renderTarget(
  target: TargetReport,
  { index: at, write, once }: Writing,
): Generator<string> {
  const { image, binaries, problems, excluded, counts, policy, against, gate, ...head } = target;
  yield `\n${writeJson(inOrder(head)).slice(0, -1)},\n`;
  if (image !== undefined) yield `"image":${writeJson(imageInOrder(image))},\n`;
  yield '"binaries":[';
  for (const [index, binary] of binaries.entries()) {
    const shown = once?.shown(binary, write, [at, index]) ?? write(binary);
    yield `${index > 0 ? ',' : ''}\n${shown}`;
  }
  yield `],\n"problems":[`;
  for (const [index, problem] of problems.entries())
    yield `${index > 0 ? ',' : ''}\n${writeJson(problem)}`;
  yield `],\n"excluded":${excluded},"counts":${writeJson(counts)}`;
  if (policy !== undefined) yield `,\n"policy":${writeJson(policy)}`;
  if (against !== undefined) yield `,\n"against":${writeJson(against)}`;
  if (gate !== undefined) yield `,\n"gate":${writeJson(gate)}`;
  yield '}';
}

function inOrder({
  name,
  scheme,
  kind,
  takenFor,
  digest,
  platform,
  otherPlatforms,
  config,
  os,
  layers,
  base,
  ...rest
}: Omit<
  TargetReport,
  'image' | 'binaries' | 'problems' | 'excluded' | 'counts' | 'policy' | 'against' | 'gate'
>) {
  const others = otherPlatforms === undefined ? {} : { otherPlatforms };
  const taken = takenFor === undefined ? {} : { takenFor };
  const known = base === undefined ? {} : { base: baseInOrder(base) };
  return {
    name,
    scheme,
    kind,
    ...taken,
    digest,
    platform,
    ...others,
    config,
    os,
    layers,
    ...known,
    ...rest,
  };
}

/** Sources know its members one after the other. */
function baseInOrder({ name, digest, layers, how, because }: BaseImage): BaseImage {
  return { name, digest, layers, how, because };
}

/** The image as a whole, as every JSON format shows it. */
export function imageInOrder({ path, verdicts }: ImageReport) {
  return { path, verdicts: verdicts.map(verdictInOrder) };
}

/** A saved report may have no others than those that are needed. */
export function writesAllFacts(
  { facts }: Pick<Report, 'facts'>,
  options: Pick<RenderOptions, 'facts'>,
): boolean {
  return options.facts === true && facts !== 'needed';
}

/** A binary as every JSON format shows it: names first, facts sorted, verdicts last. `front` comes before all. */
export type BinaryWriter = (binary: BinaryReport, front?: object, parts?: PartWriter) => string;

export function createBinaryWriter(isWhole: boolean): BinaryWriter {
  const kept = new KeptJson();
  const neededPart = createNeededPart();
  const partOf = (facts: BinaryReport['facts']) =>
    isWhole ? sorted(withoutOthersNames(facts)) : neededPart(facts);
  return (binary, front = {}, parts = asTheyAre) => {
    const { path, aliases, sha256, size, mode, uid, gid, layer, facts, verdicts, asFound } = binary;
    const own = writeJson({ ...front, path, aliases, sha256, size, mode, uid, gid, layer });
    const known = writeFacts(partOf(facts), kept, parts);
    const judged = verdicts.map((verdict, at) =>
      parts.verdict(
        verdict,
        kept.of(verdict, () => verdictInOrder(verdict)),
        at,
      ),
    );
    // Few facts are changed, and each of them is needed.
    const before = asFound === undefined ? '' : `,"asFound":${writeFacts(sorted(asFound), kept)}`;
    return `${own.slice(0, -1)},"facts":${known},"verdicts":[${judged.join()}]${before}}`;
  };
}

const asTheyAre: PartWriter = { verdict: (_, text) => text, fact: (_, text) => text };

/** What a library exports is by far the largest fact, and where one list needs it, it was read of every file. */
function withoutOthersNames(facts: BinaryReport['facts']): FactsBefore {
  const { exports, ownLists } = facts;
  // Absent in reports of earlier versions.
  if (exports?.known !== true || (ownLists?.known && ownLists.value?.exports !== undefined))
    return facts;
  return { ...facts, exports: ofNoList };
}

const ofNoList = notKnown('no list of the policy needs it', 'not-needed');

type NamedFact = readonly [name: string, fact: object | null];

function sorted(facts: FactsBefore): readonly NamedFact[] {
  return Object.entries<object | null>({ ...facts }).sort(([a], [b]) => (a < b ? -1 : 1));
}

function writeFacts(
  facts: readonly NamedFact[],
  kept: KeptJson,
  parts: PartWriter = asTheyAre,
): string {
  const texts = facts.map(
    ([name, fact]) =>
      `${writeJson(name)}:${fact === null ? 'null' : parts.fact(name, kept.of(fact))}`,
  );
  return `{${texts.join()}}`;
}

function verdictInOrder({ rule, outcome, severity, message, evidence, ...marks }: JudgedVerdict) {
  const { undecidedBy, remedies, setAside, knownDeviation, outsideGate, waived, baselined } = marks;
  const { decidedBy } = marks;
  const { countedWith, cause, degree, off, unweighed, baselinedBy, stands, worseBy } = marks;
  return {
    rule,
    outcome,
    severity,
    message,
    evidence,
    ...(undecidedBy === undefined ? {} : { undecidedBy }),
    ...(remedies === undefined ? {} : { remedies }),
    ...(cause === undefined ? {} : { cause }),
    ...(degree === undefined ? {} : { degree }),
    ...(decidedBy === undefined ? {} : { decidedBy }),
    ...(setAside === undefined ? {} : { setAside }),
    ...(knownDeviation === undefined ? {} : { knownDeviation }),
    ...(outsideGate === undefined ? {} : { outsideGate }),
    ...(waived === undefined ? {} : { waived }),
    ...(baselined === undefined ? {} : { baselined }),
    ...(baselinedBy === undefined ? {} : { baselinedBy }),
    ...(countedWith === undefined ? {} : { countedWith }),
    ...(off === undefined ? {} : { off }),
    ...(stands === undefined ? {} : { stands }),
    ...(worseBy === undefined ? {} : { worseBy }),
    ...(unweighed === undefined ? {} : { unweighed }),
  };
}
