import type { BaseImage, ImageConfig } from '../base/image-config.ts';
import type { Problem } from '../base/problem.ts';
import type {
  AgainstTarget,
  Counts,
  Exclusion,
  ImageReport,
  LayerReport,
  OtherProgram,
  TargetPolicy,
  TargetReport,
} from '../report/report.ts';
import { list, nullable, number, object, oneOf, record, string } from '../shapes/json-shapes.ts';
import { described, optional } from '../shapes/shape.ts';
import { binaryShape } from './binary-shape.ts';
import { gateShape } from './gate-shape.ts';
import { verdictShape } from './verdict-shape.ts';

export const problemShape = object<Problem>({
  kind: described(
    'A notice leaves the result whole; every other kind means that a part was not scanned, or (unnamed) that nobody but the image says which settings are for it.',
    oneOf(
      ...(['notice', 'unreadable', 'damaged', 'digest-mismatch', 'missing', 'limit'] as const),
      ...(['unsupported', 'unnamed'] as const),
    ),
  ),
  where: string,
  message: string,
  rules: optional(
    described('Of a file that was judged: the rules that could not decide for it.', list(string)),
  ),
});

export const countsShape = object<Counts>({
  binaries: number,
  outcomes: object({ fail: number, unknown: number, pass: number, 'not-applicable': number }),
  failures: described(
    'Findings by severity: what is waived or in the baseline is not among them.',
    object({ critical: number, high: number, medium: number, low: number, note: number }),
  ),
  waived: number,
  baselined: number,
  asBefore: optional(
    described(
      'Findings and unknown verdicts that the older release has too. Absent: none, or nothing was compared.',
      number,
    ),
  ),
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

export const targetShape = object<TargetReport>({
  name: string,
  namedBy: optional(
    described(
      'content: the name stands in what was scanned, whose maker wrote it; user: the user selected the image by this name; given: it is how the user called the input. Absent in a report of an older version.',
      oneOf('content', 'user', 'given'),
    ),
  ),
  scheme: described('The source that opened it.', string),
  schemeBy: optional(
    described(
      'user: the user named the scheme. Absent: the content decided what it is, or a report of an older version.',
      oneOf('user'),
    ),
  ),
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
        verdicts: described('Sorted by rule.', list(verdictShape)),
      }),
    ),
  ),
  binaries: described('Sorted by path.', list(binaryShape)),
  problems: list(problemShape),
  excluded: described('ELF files that the configuration leaves out.', number),
  otherPrograms: optional(
    described(
      'Files of no package that may be executed, or are called like a library, and are not ELF files. Absent: there is none, or a report of an older version.',
      list(
        object<OtherProgram>({
          path: string,
          is: oneOf('script', 'archive', 'static library', 'empty file', 'other file'),
        }),
      ),
    ),
  ),
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
  counts: countsShape,
  policy: optional(
    described(
      'Settings that the configuration has for images of this name; absent: those of the report.',
      object<TargetPolicy>({
        profile: string,
        from: described('Where they are written.', list(string)),
      }),
    ),
  ),
  against: optional(
    described(
      'The older release that the gate of this one compares it with. Absent: nothing.',
      object<AgainstTarget>({
        name: string,
        digest: nullable(string),
        platform: nullable(string),
        uncompared: described('What could not be compared, as sentences.', list(string)),
        unclear: optional(
          described(
            'What may have got worse, as sentences. The gate is undecided for it unless it is broken anyway. Absent: nothing.',
            list(string),
          ),
        ),
        margins: described(
          'Of conditions over many verdicts: how far the old one was from failing, by condition.',
          record(number),
        ),
      }),
    ),
  ),
  gate: optional(
    described(
      'Of this image; files that are given one by one have one together. Absent in a report of a version that had one gate over all.',
      gateShape,
    ),
  ),
});
