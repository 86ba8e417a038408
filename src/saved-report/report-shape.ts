import type { BaseImage, ImageConfig } from '../base/image-config.ts';
import type { Problem } from '../base/problem.ts';
import { type Evidence, outcomes, severities } from '../base/verdict.ts';
import type {
  AskedConditions,
  BaselinedBy,
  BaselineInUse,
  BinaryReport,
  Counts,
  Exclusion,
  FactsBefore,
  FailedCondition,
  FixedFinding,
  Gate,
  HeldCondition,
  ImageReport,
  JudgedVerdict,
  LayerReport,
  PolicyFile,
  PolicyReport,
  Report,
  RulesVersion,
  SetAside,
  SettingInForce,
  TargetPolicy,
  TargetReport,
  Tool,
  Undecided,
  Unweighed,
  Waived,
  WaiverInUse,
} from '../report/report.ts';
import {
  anything,
  formerly,
  hexadecimal,
  list,
  nullable,
  number,
  object,
  oneOf,
  record,
  type Shape,
  string,
} from '../shapes/json-shapes.ts';
import { described, optional, renamed } from '../shapes/shape.ts';
import type { BinaryPlace } from './written-once.ts';

const evidence = object<Evidence>({
  what: described('What was looked at, in the words of readelf.', string),
  saw: described('What was seen there.', string),
  offset: optional(described('File offset in bytes.', hexadecimal)),
});

const waivedMembers = {
  reason: string,
  expires: described('Last day; null: it has no end.', nullable(string)),
  owner: optional(string),
  approvedBy: optional(list(string)),
  ticket: optional(string),
  created: optional(string),
  origin: optional(described('File and line of the waiver.', string)),
};

const baselinedMembers = {
  date: optional(described('Day on which it was accepted.', string)),
  owner: optional(string),
  reason: optional(string),
  expires: optional(described('Last day; absent: it has no end.', string)),
};

const verdict = object<JudgedVerdict>({
  rule: string,
  outcome: oneOf(...outcomes),
  severity: described('What the verdict weighs if it is a fail.', oneOf(...severities)),
  message: described('One sentence.', string),
  evidence: list(evidence),
  undecidedBy: optional(
    described(
      'Set on an unknown that damage or an exceeded limit left undecided; otherwise the file is complete and does not show it.',
      oneOf('damage', 'limit'),
    ),
  ),
  remedies: optional(
    described(
      'What fixes this very failure, by where it is done (gcc, go, alpine, image ...), where that is more than the rule says of all. Markdown.',
      record(string),
    ),
  ),
  cause: optional(
    described(
      'Of a fail of a rule that fails for causes of many kinds: which one it is. Baselines and waivers know the cause too.',
      string,
    ),
  ),
  setAside: optional(
    described(
      'A level takes this failure out of the gate: of the configuration (switched-off), of the profile (not-required), or one below the gate (lowered).',
      formerly(
        { 'not-asked-for': 'not-required' },
        oneOf('switched-off', 'not-required', 'lowered'),
      ),
    ),
  ),
  knownDeviation: optional(
    described(
      'Why stock files of the distribution deviate from its promise in this way; such a failure is a note.',
      string,
    ),
  ),
  outsideGate: optional(
    described(
      'It does not count in the gate because of whose file it is; see gate.of.',
      oneOf('dependency', 'distribution'),
    ),
  ),
  waived: optional(
    described(
      'The policy accepts this failure, or that it could not be decided.',
      object<Waived>(waivedMembers),
    ),
  ),
  baselined: optional(described('The baseline has this failure: it is not new.', oneOf(true))),
  baselinedBy: optional(
    described('Who accepted it, as the baseline has it.', object<BaselinedBy>(baselinedMembers)),
  ),
  countedWith: optional(
    described(
      'The rule that fails this file for the same cause, and whose finding stands for both.',
      string,
    ),
  ),
  off: optional(
    described(
      'A level switches the rule off for this file, and a condition of the gate names the rule: the pass covers nothing.',
      oneOf(true),
    ),
  ),
  unweighed: optional(
    described(
      'The verdict as the rule gave it, before the policy: what of it is otherwise. hullcheck judge starts from that.',
      object<Unweighed>({
        outcome: optional(oneOf(...outcomes)),
        severity: optional(oneOf(...severities)),
        message: optional(string),
        undecidedBy: optional(oneOf('damage', 'limit')),
      }),
    ),
  ),
});

const fact = object({
  known: oneOf(true, false),
  value: optional(
    described(
      'Where it is known. Its shape is that of the fact, and may change with a minor version.',
      anything,
    ),
  ),
  because: optional(described('Where it is not known: why.', string)),
  cause: optional(
    described(
      'If it is not known: whether the complete file does not show it (nature), a part of it cannot be read (damage), reading takes too much (limit), or no rule of the run needs it (not-needed).',
      formerly({ 'not-asked': 'not-needed' }, oneOf('nature', 'damage', 'limit', 'not-needed')),
    ),
  ),
});

/** Reporters take facts as a table, so those of another version are as good as ours. */
const facts: Shape<BinaryReport['facts']> = {
  schema: record(fact).schema,
  read: (value) => record(fact).read(value) as unknown as BinaryReport['facts'],
};

const factsBefore: Shape<FactsBefore> = {
  schema: record(nullable(fact)).schema,
  read: (value) => record(nullable(fact)).read(value) as unknown as FactsBefore,
};

const binary = object<BinaryReport>({
  path: described('Absolute in the root of the target; for a single file as it was given.', string),
  aliases: described('Other names: hard links, and symbolic links that lead here.', list(string)),
  sha256: string,
  size: described('Bytes.', number),
  mode: described('Permissions, as a decimal number.', number),
  uid: number,
  gid: number,
  layer: described('Index in the layers of the target.', number),
  facts: described('By name: what is known of the binary, or why it is not.', facts),
  verdicts: described('Sorted by rule.', list(verdict)),
  asFound: optional(
    described(
      'Facts as they were found, where the policy says otherwise: the owner of a file that is declared; null: there was none. hullcheck judge starts from them.',
      factsBefore,
    ),
  ),
});

const place = object<BinaryPlace>({
  path: string,
  sha256: string,
  same: described(
    'The target and the binary of it, both counted from 0, that stands in front of this one in the report and is the same in all: path, facts and verdicts.',
    list(number),
  ),
});

/** What is one binary is read once. Each place has verdicts of its own: a baseline may know one and not the other. */
const known = new WeakMap<object, BinaryReport>();

const binaryOrPlace: Shape<BinaryReport> = {
  schema: { anyOf: [binary.schema, place.schema] },
  read(at) {
    const { value } = at;
    if (typeof value !== 'object' || value === null) return binary.read(at);
    const found = known.get(value);
    if (found !== undefined)
      return { ...found, verdicts: found.verdicts.map((each) => ({ ...each })) };
    const read = binary.read(at);
    known.set(value, read);
    return read;
  },
};

export const problemShape = object<Problem>({
  kind: described(
    'A notice leaves the result whole; every other kind means that a part was not scanned.',
    oneOf('notice', 'unreadable', 'damaged', 'digest-mismatch', 'missing', 'limit', 'unsupported'),
  ),
  where: string,
  message: string,
  rules: optional(
    described('Of a file that was judged: the rules that could not decide for it.', list(string)),
  ),
});

const counts = object<Counts>({
  binaries: number,
  outcomes: object({ fail: number, unknown: number, pass: number, 'not-applicable': number }),
  failures: described(
    'Findings by severity: what is waived or in the baseline is not among them.',
    object({ critical: number, high: number, medium: number, low: number, note: number }),
  ),
  waived: number,
  baselined: number,
  problems: number,
});

const config = object<ImageConfig>({
  created: nullable(string),
  user: string,
  entrypoint: list(string),
  cmd: list(string),
  env: list(string),
  workingDirectory: string,
  volumes: optional(list(string)),
  healthcheck: optional(list(string)),
  labels: record(string),
});

const layer = object<LayerReport>({
  index: number,
  digest: nullable(string),
  diffId: nullable(string),
  createdBy: described('The line of the history that made it.', nullable(string)),
  origin: described(
    'Whether it came with the base image; null where that is not known.',
    nullable(oneOf('base', 'own')),
  ),
});

const trueOrNames: Shape<true | readonly string[]> = {
  schema: { anyOf: [{ enum: [true] }, list(string).schema] },
  read: (at) => (at.value === true ? true : list(string).read(at)),
};

const gate = object<Gate>({
  of: optional(
    described(
      'Whose files count in it; absent in a report of a version where all did.',
      oneOf('yours', 'dependencies', 'all'),
    ),
  ),
  failOn: oneOf(...severities, 'none'),
  failOnRules: described('Rules of which any finding breaks it.', list(string)),
  failOnUnknown: oneOf(true, false),
  state: described(
    'undecided: a part was not scanned, or there was nothing to scan.',
    formerly({ open: 'undecided' }, oneOf('holds', 'broken', 'undecided')),
  ),
  because: described('One sentence.', string),
  failed: described(
    'The conditions that do not hold.',
    list(
      object<FailedCondition>({
        condition: string,
        because: string,
        of: described(
          'Whether single verdicts break it, or only their number over everything.',
          oneOf('verdicts', 'totals'),
        ),
      }),
    ),
  ),
  held: optional(
    described(
      'Conditions over many verdicts (coverage, maximum) that hold, and those of a rule that applied to nothing. Absent: none.',
      list(
        object<HeldCondition>({
          condition: string,
          because: string,
          state: optional(
            described(
              'Nothing here is of its kind, so it says nothing; absent: it was asked, and holds.',
              oneOf('applied to nothing'),
            ),
          ),
        }),
      ),
    ),
  ),
  asked: optional(
    described(
      'Settings that the other members do not have, where they are not as by default: they decide with these. Absent in a report of an older version.',
      object<AskedConditions>({
        coverage: optional(record(number)),
        coverageOf: optional(oneOf('own')),
        maximum: optional(record(number)),
        required: optional(trueOrNames),
        allowEmpty: optional(oneOf(true)),
        strictPolicy: optional(oneOf(true)),
        accept: optional(list(string)),
      }),
    ),
  ),
  undecided: described(
    'What rules that count in this gate could not decide.',
    object<Undecided>({
      verdicts: number,
      rules: number,
      damaged: described('Left undecided by damage or a spent budget.', number),
      reasons: described(
        'The most frequent ones.',
        list(object({ because: string, verdicts: number, of: optional(string) })),
      ),
      otherReasons: number,
    }),
  ),
  setAside: described(
    'Failures that do not count, by what takes them out, and files that were not judged.',
    object<SetAside>({
      waived: number,
      waivedUnknown: optional(described('Of these, what could not be decided.', number)),
      baselined: number,
      switchedOff: described('By the configuration.', number),
      notRequired: renamed('notAskedFor', described('By the profile.', number)),
      notRequiredRules: renamed(
        'notAskedForRules',
        optional(described('Of which rules, those with most first. Absent: none.', list(string))),
      ),
      lowered: described('Below what breaks this gate.', number),
      excluded: described('ELF files that the configuration leaves out.', number),
      ofDependencies: optional(
        described('They would break the gate, were it of all files. Absent: none.', number),
      ),
      ofDistribution: optional(
        described('They would break the gate, were it of all files. Absent: none.', number),
      ),
    }),
  ),
});

const target = object<TargetReport>({
  name: string,
  namedBy: optional(
    described(
      'The name stands in what was scanned, whose maker wrote it. Absent: it is how the user called it.',
      oneOf('content'),
    ),
  ),
  scheme: described('The source that opened it.', string),
  kind: oneOf('image', 'root-filesystem', 'package', 'file'),
  takenFor: optional(
    described(
      'What a directory or archive was taken for: the root of a system, or a folder of programs whose system is elsewhere.',
      oneOf('root', 'folder'),
    ),
  ),
  digest: nullable(string),
  platform: described('os/arch[/variant]', nullable(string)),
  otherPlatforms: optional(
    described(
      'Platforms of the same image that were not judged; absent: there is none.',
      list(string),
    ),
  ),
  config: nullable(config),
  os: described(
    'From os-release.',
    nullable(
      object<NonNullable<TargetReport['os']>>({
        id: string,
        versionId: string,
        prettyName: string,
      }),
    ),
  ),
  layers: described('Oldest first.', list(layer)),
  base: optional(
    described(
      'The image that it is built on, as far as known; absent: it is not an image.',
      object<BaseImage>({
        name: nullable(string),
        digest: nullable(string),
        layers: described(
          'How many of the layers came with it; null: not known.',
          nullable(number),
        ),
        how: described(
          'Where the number of its layers comes from, best first; a command of the history is a guess.',
          nullable(oneOf('named', 'provenance', 'label', 'annotation', 'builder', 'command')),
        ),
        because: described('Where it comes from, or why it is not known.', string),
      }),
    ),
  ),
  image: optional(
    described(
      'The image as a whole; absent where the target is none, and where no rule of the run judges images.',
      object<ImageReport>({
        path: described(
          'Of what it starts, as ENTRYPOINT or CMD name it: a path of its root, or the word that leads to none.',
          string,
        ),
        verdicts: described('Sorted by rule.', list(verdict)),
      }),
    ),
  ),
  binaries: described('Sorted by path.', list(binaryOrPlace)),
  problems: list(problemShape),
  excluded: described('ELF files that the configuration leaves out.', number),
  exclusions: optional(
    described(
      'By which globs, and how many paths of ELF files (and of files that may hold some) each matches. Absent: nothing is to be left out.',
      list(
        object<Exclusion>({
          glob: string,
          files: number,
          paths: optional(described('The first ten of them, sorted. Absent: none.', list(string))),
        }),
      ),
    ),
  ),
  counts,
  policy: optional(
    described(
      'Settings that the configuration has for images of this name; absent: those of the report.',
      object<TargetPolicy>({
        profile: string,
        from: described('Where they are written.', list(string)),
      }),
    ),
  ),
  gate: optional(
    described(
      'Of this image; files that are given one by one have one together. Absent in a report of a version that had one gate over all.',
      gate,
    ),
  ),
});

const policy = object<PolicyReport>({
  profile: string,
  settings: optional(
    described(
      'Settings that are not as by default, and where each comes from.',
      list(
        object<SettingInForce>({
          name: string,
          value: described('As JSON; cut where it is very long.', string),
          from: string,
        }),
      ),
    ),
  ),
  waivers: optional(
    described(
      'Waivers that accept something here, and how many verdicts.',
      list(
        object<WaiverInUse>({
          rules: list(string),
          ...waivedMembers,
          verdicts: number,
        }),
      ),
    ),
  ),
  baseline: optional(
    described(
      'What entries of the baseline say that know something here, and how many verdicts they know. Those with equal people and dates are one.',
      list(object<BaselineInUse>({ rules: list(string), ...baselinedMembers, verdicts: number })),
    ),
  ),
  files: described(
    'What the policy was read from, besides the command line and the environment.',
    list(
      object<PolicyFile>({
        role: oneOf('configuration', 'baseline'),
        name: described('Relative to the working directory.', string),
        sha256: string,
        how: described(
          'Named by the user, found where hullcheck looks, or extended by one of these.',
          oneOf('named', 'found', 'extended'),
        ),
      }),
    ),
  ),
  warnings: described(
    'What the policy requires but cannot have here: a layer if the base image is not known.',
    list(string),
  ),
  notices: described(
    'What the policy itself needs: a waiver that has expired or matches nothing.',
    list(string),
  ),
  fixed: described(
    'Findings of the baseline that are gone.',
    list(
      object<FixedFinding>({
        image: optional(described('Absent: the entry is of any image.', string)),
        rule: string,
        path: string,
        how: formerly({ mended: 'fixed' }, oneOf('fixed', 'removed')),
      }),
    ),
  ),
});

/** The json format of a report, whole. */
export const reportShape: Shape<Report> = object<Report>({
  schemaVersion: oneOf('1.0.0'),
  tool: object<Tool>({
    name: oneOf('hullcheck'),
    version: string,
    rules: optional(
      described(
        'Which rules this version has: how many, and the digest of what they declare about verdicts.',
        object<RulesVersion>({ count: number, sha256: string }),
      ),
    ),
  }),
  date: optional(
    described('Day of the run, where --date or SOURCE_DATE_EPOCH gave it: YYYY-MM-DD.', string),
  ),
  rules: optional(
    described(
      'IDs of the rules that were asked, sorted; absent in a report of a version that did not say it.',
      list(string),
    ),
  ),
  facts: optional(
    described(
      'needed: those that other commands need, by parts; all, or absent: every one.',
      oneOf('needed', 'all'),
    ),
  ),
  targets: list(target),
  counts,
  policy,
  gate: described('Over all images: the state is the worst of theirs.', gate),
});
