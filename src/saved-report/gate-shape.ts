import { severities } from '../base/verdict.ts';
import type {
  AskedConditions,
  FailedCondition,
  Gate,
  HeldCondition,
  SetAside,
  Undecided,
} from '../report/report.ts';
import {
  formerly,
  list,
  number,
  object,
  oneOf,
  record,
  type Shape,
  string,
} from '../shapes/json-shapes.ts';
import { described, optional, renamed } from '../shapes/shape.ts';

const trueOrNames: Shape<true | readonly string[]> = {
  schema: { anyOf: [{ enum: [true] }, list(string).schema] },
  read: (at) => (at.value === true ? true : list(string).read(at)),
};

export const gateShape = object<Gate>({
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
      'Conditions that hold, with what was counted, and those of a rule that applied to nothing. Absent: none.',
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
        platforms: optional(
          described('Every platform of an image has to be judged.', oneOf('all')),
        ),
        strictPolicy: optional(oneOf(true)),
        worseThan: optional(
          described(
            'Lowest severity of a verdict that got worse and breaks a comparison. Absent: low.',
            oneOf(...severities, 'none'),
          ),
        ),
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
      asBefore: optional(
        described('Findings and unknown verdicts that the older release has too.', number),
      ),
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
