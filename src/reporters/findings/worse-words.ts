import { amount } from '../../base/amount.ts';
import type { Apart } from '../../report/distinguish-targets.ts';
import { plainText } from '../remedies/remedy.ts';
import { packageOf } from './package-of.ts';
import type { WorseEntry } from './worse-entries.ts';

/** Files of an entry that are named. */
const mostFiles = 3;

/** `/bin/a, /bin/b, /bin/c and 4 more`: each once, with its package where others made it, and its image where there are several. */
export function worseFiles(
  entry: WorseEntry,
  apart: Apart,
  { most = mostFiles, spell = (name: string) => name } = {},
): string {
  const names = worseNames(entry, apart);
  const named = names.slice(0, most).map(spell).join(', ');
  return names.length > most ? `${named} and ${names.length - most} more` : named;
}

export function worseNames({ findings, whose }: WorseEntry, apart: Apart): readonly string[] {
  const names = findings.map(({ target, judged }) => {
    const notes = [
      whose === 'yours' ? null : (packageOf(judged.facts)?.name ?? null),
      apart(target),
    ];
    const known = notes.filter((note) => note !== null).join(', ');
    return known === '' ? judged.path : `${judged.path} (${known})`;
  });
  return [...new Set(names)];
}

/** `-Wl,-z,now was lost: RELRO was full, now it is partial`. */
export function plainWorse({ sentence }: Pick<WorseEntry, 'sentence'>): string {
  return sentence.replaceAll('`', '');
}

/** With what brings it back, in one line for formats of machines; null of what is new: its finding says it. */
export function lostText(entry: WorseEntry | null): string | null {
  if (entry === null || entry.how === 'new') return null;
  const fix = entry.remedy === null ? '' : `. Fix: ${plainText(entry.remedy)}`;
  return `${plainWorse(entry)}${fix}`;
}

/** `4 verdicts`, `5 verdicts, of which 1 does not count`. */
export function worseCount(entries: readonly WorseEntry[]): string {
  const all = sum(entries, ({ findings }) => findings.length);
  const light = all - sum(entries, ({ breaking }) => breaking);
  if (light === 0) return amount(all, 'verdict');
  if (light === all) return `${amount(all, 'verdict')}, none of which counts`;
  return `${amount(all, 'verdict')}, of which ${light} ${light === 1 ? 'does' : 'do'} not count`;
}

function sum(entries: readonly WorseEntry[], count: (entry: WorseEntry) => number): number {
  return entries.reduce((total, entry) => total + count(entry), 0);
}
