import type { Report } from './report.ts';

/** Whether a lock covers a setting: `gate` covers `gate.fail-on`, and `gate.coverage` covers `gate.coverage.pie`. */
export function covers(lock: string, setting: string): boolean {
  return lock === 'all' || setting === lock || setting.startsWith(`${lock}.`);
}

export interface LockedSettings {
  /** Whether a lock covers the setting, or a part of it. */
  isLocked(setting: string): boolean;
  /** The first lock: `org.yaml:18:1`; null: nothing is locked, or the report is of an older version. */
  readonly place: string | null;
}

/** What nobody above the policy that a report was judged by can loosen. */
export function lockedSettings({ policy }: Pick<Report, 'policy'>): LockedSettings {
  const found = (policy.settings ?? []).filter(({ name }) => name === 'locked');
  const locks = found.flatMap(({ value }) => locksIn(value));
  return {
    place: found[0]?.from ?? null,
    isLocked: (setting) => locks.some((lock) => covers(lock, setting) || covers(setting, lock)),
  };
}

/** A list that was cut, or edited, may lock anything. */
function locksIn(value: string): readonly string[] {
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list.map(String) : ['all'];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return ['all'];
  }
}
