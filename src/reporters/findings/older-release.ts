import type { Report } from '../../report/report.ts';

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
