import { listed } from '../base/amount.ts';
import { needsOf } from '../identity/alike.ts';
import { factAt, type Subject } from '../policy/subject.ts';
import { isBinary } from '../report/all-judged.ts';
import { binaryChange, type Places } from './binary-change.ts';
import { compilerChange } from './compiler-change.ts';
import type { VerdictChange } from './difference.ts';
import type { Pair } from './pair-binaries.ts';

/** What changed of a file of both releases, as a sentence; null: nothing did, or a side does not show it. */
type Change = (old: Subject, fresh: Subject) => string | null;

/** By the rule that knows it: an entry says it with that rule, and weighs nothing. */
const changes: Readonly<Record<string, Change>> = {
  'compiler-flags': compilerChange,
  'privileged-hardening': rightsChange,
  'not-writable': modeChange,
  'safe-needed': neededChange,
};

/**
 * What a reader of a release wants to know and no verdict is of: other rights, other libraries, another compiler. `isListed`: whether a
 * verdict of the rule changed, which says it already.
 */
export function traitChanges(
  pairs: readonly Pair[],
  places: Places,
  isListed: (change: Pick<VerdictChange, 'target' | 'path' | 'rule'>) => boolean,
): readonly VerdictChange[] {
  return pairs.flatMap((pair) => {
    const { old, new: fresh } = pair;
    if (old === null || fresh === null || !isBinary(fresh.judged)) return [];
    return Object.entries(changes).flatMap(([rule, change]): readonly VerdictChange[] => {
      const [before, after] = [old, fresh].map(({ judged }) =>
        judged.verdicts.find((verdict) => verdict.rule === rule),
      );
      const message = before && after ? change(old, fresh) : null;
      if (!before || !after || message === null) return [];
      const place = binaryChange(pair, places);
      if (isListed({ ...place, rule })) return [];
      const said = { before: before.outcome, after: after.outcome, severity: 'note' as const };
      return [{ ...place, rule, ...said, message }];
    });
  });
}

/** Set-user-ID, set-group-ID and capabilities. */
function rightsChange(old: Subject, fresh: Subject): string | null {
  const [had, has] = [rightsOf(old), rightsOf(fresh)];
  if (had === null || has === null) return null;
  const [added, gone] = [has.filter(notIn(had)), had.filter(notIn(has))];
  const parts = [
    ...(added.length === 0 ? [] : [`has ${listed(added, 5)} now`]),
    ...(gone.length === 0 ? [] : [`had ${listed(gone, 5)} before`]),
  ];
  return parts.length === 0 ? null : parts.join(', and ');
}

function rightsOf({ judged }: Subject): readonly string[] | null {
  if (!isBinary(judged)) return null;
  const capabilities: unknown = factAt(judged, 'placement.capabilities');
  return [
    ...(judged.mode & 0o4000 ? ['the rights of its owner (setuid)'] : []),
    ...(judged.mode & 0o2000 ? ['the rights of its group (setgid)'] : []),
    ...(Array.isArray(capabilities) ? capabilities.map(String) : []),
  ];
}

/** Whether anybody may write to it, in an archive too: it is unpacked so. The right of its group depends on who unpacks it. */
function modeChange({ judged: old }: Subject, { judged: fresh }: Subject): string | null {
  if (!isBinary(old) || !isBinary(fresh)) return null;
  const others = 0o002;
  const [was, is] = [old.mode & 0o777, fresh.mode & 0o777];
  if ((was & others) === (is & others)) return null;
  return `its mode was ${octal(was)}, and is ${octal(is)}`;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

/** A library of another version is the same, and parts of the C library come and go with it. */
function neededChange(old: Subject, fresh: Subject): string | null {
  // Most files of a release are those of the one before, with the same facts.
  if (factAt(old.judged, 'needed') === factAt(fresh.judged, 'needed')) return null;
  const [had, has] = [neededOf(old), neededOf(fresh)];
  if (had === null || has === null) return null;
  const known = new Set(needsOf(had));
  const added = has.filter((name) => needsOf([name]).some((key) => !known.has(key)));
  return added.length === 0 ? null : `requires ${listed(added, 5)} now`;
}

function neededOf({ judged }: Subject): readonly string[] | null {
  const needed: unknown = factAt(judged, 'needed');
  return Array.isArray(needed) ? needed.map(String) : null;
}

function notIn(others: readonly string[]): (one: string) => boolean {
  return (one) => !others.includes(one);
}
