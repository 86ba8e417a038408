import type {
  BinaryReport,
  FactsBefore,
  ImageReport,
  JudgedVerdict,
  TargetReport,
} from '../report/report.ts';
import type { Reporter } from './reporter.ts';
import { KeptJson } from './writing/kept-json.ts';
import { writeJson } from './writing/write-json.ts';

/**
 * Everything, and what `hullcheck convert` reads back. One binary a line, so that two reports can be compared by
 * line; keys keep their order from version to version.
 */
const json: Reporter = {
  format: 'json',
  summary: 'everything that is known, one JSON document',
  *render(report) {
    const rules = report.rules === undefined ? '' : `,\n"rules":${writeJson(report.rules)}`;
    const date = report.date === undefined ? '' : `,"date":${writeJson(report.date)}`;
    yield `{"schemaVersion":${writeJson(report.schemaVersion)},"tool":${writeJson(report.tool)}${date}${rules},\n"targets":[`;
    const kept = new KeptJson();
    for (const [index, target] of report.targets.entries()) {
      if (index > 0) yield ',';
      yield* renderTarget(target, kept);
    }
    yield `],\n"counts":${writeJson(report.counts)},\n"policy":${writeJson(report.policy)},\n"gate":${writeJson(report.gate)}}\n`;
  },
};
export default json;

function* renderTarget(target: TargetReport, kept: KeptJson): Generator<string> {
  const { image, binaries, problems, excluded, counts, policy, gate, ...head } = target;
  yield `\n${writeJson(inOrder(head)).slice(0, -1)},\n`;
  if (image !== undefined) yield `"image":${writeJson(imageInOrder(image))},\n`;
  yield '"binaries":[';
  for (const [index, binary] of binaries.entries())
    yield `${index > 0 ? ',' : ''}\n${writeBinary(binary, kept)}`;
  yield `],\n"problems":[`;
  for (const [index, problem] of problems.entries())
    yield `${index > 0 ? ',' : ''}\n${writeJson(problem)}`;
  yield `],\n"excluded":${excluded},"counts":${writeJson(counts)}`;
  if (policy !== undefined) yield `,\n"policy":${writeJson(policy)}`;
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
  'image' | 'binaries' | 'problems' | 'excluded' | 'counts' | 'policy' | 'gate'
>) {
  const others = otherPlatforms === undefined ? {} : { otherPlatforms };
  const taken = takenFor === undefined ? {} : { takenFor };
  const known = base === undefined ? {} : { base };
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

/** The image as a whole, as every JSON format shows it. */
export function imageInOrder({ path, verdicts }: ImageReport) {
  return { path, verdicts: verdicts.map(verdictInOrder) };
}

/** A binary as every JSON format shows it: names first, facts sorted, verdicts last. `front` comes before all. */
export function writeBinary(binary: BinaryReport, kept: KeptJson, front: object = {}): string {
  const { path, aliases, sha256, size, mode, uid, gid, layer, facts, verdicts, asFound } = binary;
  const own = writeJson({ ...front, path, aliases, sha256, size, mode, uid, gid, layer });
  const judged = verdicts.map((verdict) => kept.of(verdict, () => verdictInOrder(verdict)));
  const before = asFound === undefined ? '' : `,"asFound":${writeFacts(asFound, kept)}`;
  return `${own.slice(0, -1)},"facts":${writeFacts(facts, kept)},"verdicts":[${judged.join()}]${before}}`;
}

function writeFacts(facts: FactsBefore, kept: KeptJson): string {
  const known = Object.entries<object | null>({ ...facts })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, fact]) => `${writeJson(name)}:${fact === null ? 'null' : kept.of(fact)}`);
  return `{${known.join()}}`;
}

function verdictInOrder({ rule, outcome, severity, message, evidence, ...marks }: JudgedVerdict) {
  const { undecidedBy, remedies, setAside, knownDeviation, outsideGate, waived, baselined } = marks;
  const { countedWith, cause, unweighed } = marks;
  return {
    rule,
    outcome,
    severity,
    message,
    evidence,
    ...(undecidedBy === undefined ? {} : { undecidedBy }),
    ...(remedies === undefined ? {} : { remedies }),
    ...(cause === undefined ? {} : { cause }),
    ...(setAside === undefined ? {} : { setAside }),
    ...(knownDeviation === undefined ? {} : { knownDeviation }),
    ...(outsideGate === undefined ? {} : { outsideGate }),
    ...(waived === undefined ? {} : { waived }),
    ...(baselined === undefined ? {} : { baselined }),
    ...(countedWith === undefined ? {} : { countedWith }),
    ...(unweighed === undefined ? {} : { unweighed }),
  };
}
