import type { Against, Report, RulesVersion, Tool, WorseCause } from '../report/report.ts';
import {
  list,
  nullable,
  number,
  object,
  oneOf,
  type Shape,
  string,
} from '../shapes/json-shapes.ts';
import { described, optional } from '../shapes/shape.ts';
import { gateShape } from './gate-shape.ts';
import { policyShape } from './policy-shape.ts';
import { countsShape, targetShape } from './target-shape.ts';

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
  targets: list(targetShape),
  counts: countsShape,
  policy: policyShape,
  against: optional(
    described(
      'The older release that the gate compares with. Absent: it stands by itself.',
      object<Against>({
        given: described('Image, folder, file or saved report, as the user named it.', string),
        sha256: optional(described('Of the bytes of a saved report.', string)),
        version: described('Version of hullcheck that judged it.', string),
        targets: list(
          object<Against['targets'][number]>({
            name: string,
            digest: nullable(string),
            platform: nullable(string),
          }),
        ),
        asBefore: described('Findings and unknown verdicts that it has too.', number),
        gone: described('Findings that only it has.', number),
        worse: described('Verdicts that got worse.', number),
        causes: optional(
          described(
            'Why verdicts are worse: `worseBy` of a verdict is a place in this list. Absent: none is worse.',
            list(
              object<WorseCause>({
                rule: string,
                flag: described(
                  'Option of a compiler or linker that was probably lost; null: no single one is known.',
                  nullable(string),
                ),
                sentence: described('With the old figures and the new ones.', string),
                remedy: described(
                  'What brings it back, as Markdown; null: none is known.',
                  nullable(string),
                ),
              }),
            ),
          ),
        ),
      }),
    ),
  ),
  gate: described('Over all images: the state is the worst of theirs.', gateShape),
});
