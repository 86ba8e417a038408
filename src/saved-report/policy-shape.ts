import type {
  BaselineInUse,
  FixedFinding,
  InactiveAcceptance,
  PolicyFile,
  PolicyMessage,
  PolicyReport,
  SettingInForce,
  WaiverInUse,
} from '../report/report.ts';
import { formerly, list, number, object, oneOf, record, string } from '../shapes/json-shapes.ts';
import { described, optional } from '../shapes/shape.ts';
import { baselinedMembers, waivedMembers } from './verdict-shape.ts';

export const policyShape = object<PolicyReport>({
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
        role: oneOf('configuration', 'baseline', 'plugin'),
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
  messages: optional(
    described(
      'Warnings and notices with what each is about.',
      list(
        object<PolicyMessage>({
          level: oneOf('warning', 'notice'),
          kind: described('What it is about: stays, while sentences change.', string),
          message: string,
          rules: optional(list(string)),
          origin: optional(described('Of an entry: `hullcheck.yaml:12`.', string)),
          image: optional(string),
          path: optional(string),
          count: optional(described('Entries or findings that it stands for.', number)),
        }),
      ),
    ),
  ),
  inactive: optional(
    described(
      'Waivers and entries of the baseline that accept nothing here, and why. Entries of one rule and image with equal people and dates are one.',
      list(
        object<InactiveAcceptance>({
          by: oneOf('waiver', 'baseline'),
          state: described(
            'Past its end; beyond what a configuration allows; of findings that weigh more, or fail for more, now; by a word of the image that the policy does not accept; without a finding; in force, and nobody can say that it does nothing; or of images that are not here.',
            oneOf(
              ...(['ended', 'refused', 'raised', 'unaccepted', 'unused'] as const),
              ...(['idle', 'elsewhere'] as const),
            ),
          ),
          because: string,
          rules: list(string),
          verdicts: described('What it would accept if it counted.', number),
          verdictsByRule: optional(
            described(
              'The same of each rule of a waiver. Absent: it has one rule, or there are none.',
              record(number),
            ),
          ),
          entries: optional(described('Of a baseline: how many.', number)),
          paths: optional(described('Of entries of a baseline, the first ones.', list(string))),
          image: optional(
            described('Of entries of a baseline; absent: they are of any image.', string),
          ),
          where: optional(
            described(
              'What a waiver selects by, as the configuration spells it.',
              record(list(string)),
            ),
          ),
          reason: optional(string),
          owner: optional(string),
          approvedBy: optional(list(string)),
          ticket: optional(string),
          created: optional(described('Day on which it was accepted.', string)),
          expires: optional(described('Last day. Absent: it has no end.', string)),
          origin: optional(described('Of a waiver: `hullcheck.yaml:12`.', string)),
        }),
      ),
    ),
  ),
  inactiveUnlisted: optional(
    described(
      'Rules of waivers in force that accept nothing and are not listed: the first 200 without a finding are, and the first 200 of the others. Then rows of entries of the baseline in force that stand for nothing and are not listed: the first 200 are.',
      number,
    ),
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
