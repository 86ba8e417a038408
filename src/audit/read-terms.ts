import { compareNames } from '../base/text.ts';
import type { InactiveAcceptance, JudgedVerdict, PolicyFile } from '../report/report.ts';
import type { Terms } from './audit.ts';

/** By whom and how a verdict was accepted; null: it counts, or something else takes it out. */
export function termsOf(verdict: JudgedVerdict, files: readonly PolicyFile[]): Terms | null {
  const { waived, baselined, baselinedBy = {} } = verdict;
  if (waived !== undefined) {
    const { reason, owner, approvedBy = [], ticket, created, expires, origin } = waived;
    const source = origin ?? null;
    return {
      by: 'waiver',
      reason,
      owner: owner ?? null,
      approvedBy,
      ticket: ticket ?? null,
      created: created ?? null,
      expires,
      source,
      sourceSha256: source === null ? null : digestOf(source, files),
    };
  }
  if (baselined === undefined) return null;
  const { date, owner, reason, expires } = baselinedBy;
  return {
    by: 'baseline',
    reason: reason ?? null,
    owner: owner ?? null,
    approvedBy: [],
    ticket: null,
    created: date ?? null,
    expires: expires ?? null,
    ...sourceOfBaseline(files),
  };
}

/** What was said of what does not count. */
export function termsOfInactive(
  { by, reason, owner, approvedBy = [], ticket, created, expires, origin }: InactiveAcceptance,
  files: readonly PolicyFile[],
): Terms {
  return {
    by,
    reason: reason ?? null,
    owner: owner ?? null,
    approvedBy,
    ticket: ticket ?? null,
    created: created ?? null,
    expires: expires ?? null,
    ...(by === 'baseline'
      ? sourceOfBaseline(files)
      : {
          source: origin ?? null,
          sourceSha256: origin === undefined ? null : digestOf(origin, files),
        }),
  };
}

/** What ends first comes first, and what has no end last; then by place. */
export function compareTerms(a: Terms, b: Terms): number {
  return (
    compareNames(a.expires ?? '~', b.expires ?? '~') ||
    compareNames(a.source ?? '~', b.source ?? '~')
  );
}

function sourceOfBaseline(files: readonly PolicyFile[]): Pick<Terms, 'source' | 'sourceSha256'> {
  const baseline = files.find(({ role }) => role === 'baseline');
  return { source: baseline?.name ?? null, sourceSha256: baseline?.sha256 ?? null };
}

/** `hullcheck.yaml:12` is in `hullcheck.yaml`. */
function digestOf(source: string, files: readonly PolicyFile[]): string | null {
  const name = source.replace(/:\d+$/, '');
  return files.find((file) => file.role === 'configuration' && file.name === name)?.sha256 ?? null;
}
