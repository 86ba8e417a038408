import { UsageError } from '../base/errors.ts';
import {
  type DecidedBy,
  type Degree,
  type Evidence,
  outcomes,
  severities,
} from '../base/verdict.ts';
import type { BaselinedBy, JudgedVerdict, Stands, Unweighed, Waived } from '../report/report.ts';
import {
  formerly,
  hexadecimal,
  list,
  type MemberShapes,
  nullable,
  number,
  object,
  oneOf,
  record,
  type Shape,
  string,
} from '../shapes/json-shapes.ts';
import { described, optional } from '../shapes/shape.ts';

const evidence = object<Evidence>({
  what: described('What was looked at, in the words of readelf.', string),
  saw: described('What was seen there.', string),
  offset: optional(described('File offset in bytes.', hexadecimal)),
});

export const waivedMembers: MemberShapes<Waived> = {
  reason: string,
  expires: described('Last day; null: it has no end.', nullable(string)),
  owner: optional(string),
  approvedBy: optional(list(string)),
  ticket: optional(string),
  created: optional(string),
  origin: optional(described('File and line of the waiver.', string)),
};

export const baselinedMembers: MemberShapes<BaselinedBy> = {
  date: optional(described('Day on which it was accepted.', string)),
  owner: optional(string),
  reason: optional(string),
  expires: optional(described('Last day; absent: it has no end.', string)),
};

const pair: Shape<readonly [number, number]> = {
  schema: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 },
  read: (at) => {
    const [have, need] = list(number).read(at);
    if (have === undefined || need === undefined)
      throw new UsageError(`${at.place} is shorter than expected: it has to be two numbers`);
    return [have, need];
  },
};

export const degreeShape = object<Degree>({
  share: optional(described('How many have it, of how many that need it.', pair)),
  level: optional(described("A step on the rule's own scale.", string)),
  parts: optional(described('What of it is there, sorted.', list(string))),
  faults: optional(described('What a failure is for, each by its name.', list(string))),
  mixed: optional(
    described(
      'The share counts functions of every language, though only those of C need it.',
      oneOf(true),
    ),
  ),
});

export const verdictShape = object<JudgedVerdict>({
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
  degree: optional(
    described(
      'How much of the mitigation is there, where it has degrees: two releases are compared by it. Absent: nothing was counted, or a report of an older version.',
      degreeShape,
    ),
  ),
  decidedBy: optional(
    described(
      'Set where the file by itself leaves it undecided, and a separate debug file decides it.',
      object<DecidedBy>({
        debugFile: described('Path in the folder of --debug-dir.', string),
        otherwise: described('Why it is unknown without that file.', string),
      }),
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
  stands: optional(
    described(
      'How it stands to the same verdict of the release that this one was compared with. Absent: nothing was compared, the old release has no such file, or it passes in both.',
      object<Stands>({
        is: described(
          'as before: it was no better; neutral or unseen: it changed, and is not worse.',
          oneOf('as before', 'worse', 'neutral', 'unseen'),
        ),
        was: optional(string),
        wasOf: optional(oneOf('yours', 'dependency', 'distribution')),
        passedIn: optional(
          described('Of a new file: the first of the files that are gone and all passed.', string),
        ),
        newCode: optional(oneOf(true)),
        isLess: optional(
          described(
            'There is less of the mitigation: that weighs low at least, where the verdict by itself is a note.',
            oneOf(true),
          ),
        ),
        breaks: optional(described('It breaks the gate.', oneOf(true))),
      }),
    ),
  ),
  worseBy: optional(
    described(
      'Of what is worse than in that release, or fails and is new in this one: its place in `against.causes`, from 0.',
      number,
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
