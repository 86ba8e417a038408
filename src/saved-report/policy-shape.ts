import type {
  BaselineInUse,
  FixedFinding,
  PolicyFile,
  PolicyReport,
  SettingInForce,
  WaiverInUse,
} from '../report/report.ts';
import { formerly, list, number, object, oneOf, string } from '../shapes/json-shapes.ts';
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
