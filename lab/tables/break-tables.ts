import { rules } from '../../rules/index.ts';
import { extract } from '../../src/extraction/extract-facts.ts';
import type { JudgedVerdict } from '../../src/report/report.ts';
import { leniency, verdictsOf } from './broken-verdicts.ts';
import { type DamageKind, damageKinds, damageTable } from './damage-table.ts';
import { type Dependence, type FactDependence, ruleDependence } from './table-dependence.ts';
import { tablePlaces } from './table-places.ts';

export interface Tally {
  /** Files with one broken table that were judged. */
  runs: number;
  verdicts: number;
  /** The same outcome and severity as undamaged. */
  kept: number;
  /** By damage, of rules that read the table. */
  undecided: number;
  /** Those of them that fail undamaged: damage lets none of them through, since the gate is then undecided. */
  withheld: number;
  /** Of files that no kernel, loader or linker would take any more, which the report says by itself. */
  refused: number;
  /** One line for each verdict that must not have changed as it did. */
  readonly broken: string[];
}

/** Breaks each table of one sound file in each way. `tables` gathers the names of those that it has. */
export function breakTables(
  buffer: Buffer,
  name: string,
  facts: FactDependence,
  tally: Tally,
  tables: Set<string>,
  kinds: readonly DamageKind[] = damageKinds,
): void {
  const before = verdictsOf(buffer);
  const nameless = namesNoLibc(buffer);
  for (const place of tablePlaces(buffer)) {
    tables.add(place.name);
    for (const kind of kinds) {
      const broken = damageTable(buffer, place, kind, 1);
      if (broken === null) continue;
      tally.runs += 1;
      const after = verdictsOf(broken);
      for (const rule of rules) {
        const old = before.get(rule.id);
        const now = after.get(rule.id);
        if (old === undefined || now === undefined) continue;
        tally.verdicts += 1;
        const dependence =
          nameless && place.name === 'DT_VERNEED'
            ? 'needs'
            : ruleDependence(rule, facts.get(place.name) ?? new Map());
        const wrong = compare(old, now, dependence, tally);
        if (wrong !== null) {
          tally.broken.push(`${name}, ${place.name} ${kind}: ${rule.id} ${wrong}: ${now.message}`);
        }
      }
    }
  }
}

/** Of a library that needs nothing but libstdc++, only needed versions could name the C library. */
function namesNoLibc(buffer: Buffer): boolean {
  const { libc } = extract(buffer, new Set(['libc'])).facts;
  return libc.known && libc.value.name === 'unknown';
}

function compare(
  old: JudgedVerdict,
  now: JudgedVerdict,
  dependence: Dependence | null,
  tally: Tally,
): string | null {
  if (old.outcome === now.outcome && old.severity === now.severity) {
    tally.kept += 1;
    return null;
  }
  if (/^nothing can run or load this/.test(now.message)) {
    tally.refused += 1;
    return null;
  }
  const change = `${old.outcome} (${old.severity}) became ${now.outcome} (${now.severity})`;
  if (leniency(now) > leniency(old)) return `is better, ${change}`;
  // It compares the headers that say where tables lie, and reports what is broken.
  if (old.rule === 'well-formed') return null;
  if (dependence === null) return `does not read it, ${change}`;
  if (now.undecidedBy !== undefined) {
    tally.undecided += 1;
    if (old.outcome === 'fail') tally.withheld += 1;
  }
  return dependence === 'asks' && now.undecidedBy !== undefined ? `only asks it, ${change}` : null;
}
