import type { Report, RulesVersion, Tool } from '../report/report.ts';
import { list, number, object, oneOf, type Shape, string } from '../shapes/json-shapes.ts';
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
  gate: described('Over all images: the state is the worst of theirs.', gateShape),
});
