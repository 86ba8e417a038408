import { severities } from '../base/verdict.ts';
import { problemShape } from '../saved-report/target-shape.ts';
import { degreeShape } from '../saved-report/verdict-shape.ts';
import {
  list,
  type MemberShapes,
  nullable,
  number,
  object,
  oneOf,
  type Shape,
  string,
} from '../shapes/json-shapes.ts';
import { described, type JsonSchema, optional } from '../shapes/shape.ts';
import type {
  BinaryChange,
  Cause,
  ChangedComponent,
  Coverage,
  CoverageChange,
  Difference,
  Side,
  VerdictChange,
} from './difference.ts';
import type { DiffGate } from './formats/diff-format.ts';

const side = object<Side>({
  targets: list(object({ name: string, digest: nullable(string) })),
  binaries: number,
  findings: number,
  profile: described('Name of the profile it was judged by.', string),
  gate: described('State of its own gate.', oneOf('holds', 'broken', 'undecided')),
  unread: described(
    'Parts that were not read: what they hold is not compared.',
    list(problemShape),
  ),
});

const place: MemberShapes<BinaryChange> = {
  path: string,
  target: described(
    'Which of `new.targets` it is in, from 0; where it is gone, which of `old.targets` it was in.',
    number,
  ),
  from: described(
    'Where it was before; null where it is new, or in the same place.',
    nullable(string),
  ),
  package: nullable(string),
  layer: described('Digest of its layer, or `layer N`.', string),
  whose: described(
    'Who can change it; where it is gone, who could.',
    oneOf('yours', 'dependency', 'distribution'),
  ),
  wasOf: optional(
    described(
      'Who could change it before. Absent: the same, or it was not there.',
      oneOf('yours', 'dependency', 'distribution'),
    ),
  ),
  component: described(
    'What it came with; null of what is yours, and where that is not known.',
    nullable(
      object<ChangedComponent>({
        ecosystem: string,
        name: string,
        before: nullable(string),
        after: nullable(string),
      }),
    ),
  ),
  replacedBy: optional(
    described(
      'Of a file that is gone: what stands in its place, which is not an ELF file.',
      oneOf('script', 'archive', 'static library', 'empty file', 'other file'),
    ),
  ),
  findings: optional(
    described(
      'Of a file that is gone: its findings, which got no better by that. Absent: it had none, or is there.',
      number,
    ),
  ),
};

const verdict = object<VerdictChange>({
  ...place,
  rule: string,
  before: described('An outcome; null where the binary was not there.', nullable(string)),
  after: described('An outcome; null where the binary is not there.', nullable(string)),
  severity: described(
    'Of the failure: after what is worse, before what is better; where that is not a failure, what one of the rule would weigh.',
    oneOf(...severities),
  ),
  degree: optional(
    described(
      'How much of the mitigation there was and is, where it has degrees.',
      object<NonNullable<VerdictChange['degree']>>({
        before: nullable(degreeShape),
        after: nullable(degreeShape),
      }),
    ),
  ),
  passedIn: optional(
    described(
      'Of a new file: the first of the files of yours that are gone and all passed the rule. It is asked as if it were one of them.',
      string,
    ),
  ),
  outsideGate: optional(
    described(
      'It does not count in the gate because of whose file it is.',
      oneOf('dependency', 'distribution'),
    ),
  ),
  newCode: optional(
    described(
      'Nothing was lost: the code is new and lacks it. It breaks the gate as a finding of a new file does.',
      oneOf(true),
    ),
  ),
  message: string,
});

const coverage = object<Coverage>({ passed: number, judged: number });

const difference: { readonly [Key in keyof Difference]: Shape<Difference[Key]> } = {
  old: side,
  new: side,
  added: list(object<BinaryChange>(place)),
  removed: list(object<BinaryChange>(place)),
  changed: described(
    'Other bytes under the same name, or in the same place of the same package.',
    list(object<BinaryChange>(place)),
  ),
  worse: described('The most severe first.', list(verdict)),
  better: described('The most severe first.', list(verdict)),
  neutral: described('Changes of severity note, or of no weight.', list(verdict)),
  unseen: described(
    'What is not seen any more only because the new file is stripped.',
    list(verdict),
  ),
  causes: described(
    'Why entries of `worse` are worse, the most severe first: entries of one rule and one reason are one cause.',
    list(
      object<Cause>({
        rule: string,
        flag: described(
          'Option of a compiler or linker that was probably lost; null where no single one is known.',
          nullable(string),
        ),
        sentence: described('What happened, with the numbers.', string),
        files: described('Paths, sorted, each once.', list(string)),
        entries: described('Positions in `worse`, from 0.', list(number)),
        whose: oneOf('yours', 'dependency', 'distribution'),
        severity: oneOf(...severities),
        remedy: described(
          'What brings it back; null where that is not known. Markdown.',
          nullable(string),
        ),
      }),
    ),
  ),
  byPolicy: described(
    'What the two policies make of the same verdict of a rule: waived, switched off, raised; and what got worse and is accepted. The most severe first.',
    list(verdict),
  ),
  policiesDiffer: described(
    'Whether the two were judged by different policies, as far as their reports show it.',
    oneOf(true, false),
  ),
  coverage: described(
    'Passes among the binaries that a rule applies to.',
    list(object<CoverageChange>({ rule: string, before: coverage, after: coverage })),
  ),
  notices: described('What makes the two hard to compare.', list(string)),
};

interface DifferenceDocument extends Difference {
  readonly schemaVersion: '1.0.0';
  readonly type: 'diff';
  readonly gate: DiffGate;
}

const document = object<DifferenceDocument>({
  schemaVersion: oneOf('1.0.0'),
  type: oneOf('diff'),
  gate: object<DiffGate>({
    state: oneOf('holds', 'broken', 'undecided'),
    because: string,
    breaking: described(
      'Positions in `worse`, from 0, of the changes that break it.',
      list(number),
    ),
    of: described('Whose files it is of.', oneOf('yours', 'dependencies', 'all')),
    failOn: oneOf(...severities, 'none'),
    failOnRules: list(string),
    failOnUnknown: oneOf(true, false),
    worseThan: described(
      'Lowest severity of a verdict that got worse and breaks the gate.',
      oneOf(...severities, 'none'),
    ),
  }),
  ...difference,
});

/** JSON Schema of what `hullcheck diff -o json` writes. */
export function differenceSchema(): string {
  const schema: JsonSchema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'urn:hullcheck:diff:1.0.0',
    title: 'The difference of two reports of hullcheck, as diff -o json writes it',
    ...document.schema,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
