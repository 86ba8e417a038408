import { judgedOf } from '../../report/all-judged.ts';
import type { JudgedVerdict, Report } from '../../report/report.ts';

/** What got worse and is not a finding: a mitigation that is partly gone, or evidence that is. Those that break the gate first. */
export function lostSince({ targets }: Pick<Report, 'targets'>): readonly string[] {
  const lost = targets.flatMap((target) =>
    judgedOf(target).flatMap(({ path, verdicts }) =>
      verdicts
        .filter(({ stands, outcome }) => stands?.is === 'worse' && outcome !== 'fail')
        .map((verdict) => ({ path, verdict })),
    ),
  );
  const breaking = ({ verdict }: (typeof lost)[number]) => (verdict.stands?.breaks ? 0 : 1);
  return lost
    .toSorted((a, b) => breaking(a) - breaking(b))
    .map(
      ({ path, verdict }) =>
        `${path}: ${verdict.rule} was ${standings(verdict)}: ${verdict.message}`,
    );
}

function standings({ stands, outcome }: JudgedVerdict): string {
  const was = stands?.was ?? outcome;
  return was === outcome ? `${was}, and is less of it` : `${was}, and is ${outcome}`;
}

/** `was pass in the older release`; null of what is not worse. */
export function wasBefore({ stands }: JudgedVerdict): string | null {
  if (stands === undefined) return null;
  if (stands.is === 'as before') return 'as before';
  if (stands.passedIn !== undefined)
    return `new here, and ${stands.passedIn}, which is gone, passed`;
  return stands.was === undefined ? null : `was ${stands.was} before`;
}

/** `compared with svc-1.0 (sha256:0123456789ab)`; null of a report that stands by itself. */
export function againstText({ against }: Pick<Report, 'against'>): string | null {
  if (against === undefined) return null;
  const { given, sha256, targets } = against;
  const [only, ...others] = targets;
  const digest = others.length === 0 ? (only?.digest ?? null) : null;
  const about = [
    ...(sha256 === undefined ? [] : [`report ${sha256.slice(0, 12)}`]),
    ...(digest === null ? [] : [digest.slice(0, 'sha256:'.length + 12)]),
  ];
  return `compared with ${given}${about.length === 0 ? '' : ` (${about.join(', ')})`}`;
}
