// check-releases.js FOLDER [NAME OLD NEW]...: matches the binaries of published releases, as fetch-releases.sh lays them out,
// and of the pairs that are named. It prints how many were matched by which step, and fails if a finding that is there in
// both releases has another fingerprint in the new one, unless the project renamed the file or a folder, or the
// distribution its package, which no scan by itself can know. It also judges the new release by a baseline of the old one:
// how many findings of both count as new, and how many of files that are new do not. SHOW=1 lists each match that is not by path alone, what
// was removed and added, and what is unclear, for a person to look at. A side may be a saved report: NAME/old.json, NAME/new.json.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { argv, env, exit } from 'node:process';
import { identified } from '../src/identity/identified.ts';
import { createLastingPaths } from '../src/identity/lasting-path.ts';
import { matchBinaries } from '../src/identity/match-binaries.ts';
import type { Match } from '../src/identity/matches.ts';
import { compareWithBaseline } from '../src/policy/baseline/compare.ts';
import { baselineOf } from '../src/policy/baseline/entry.ts';
import { isFinding, isOpen } from '../src/report/finding.ts';
import type { BinaryReport } from '../src/report/report.ts';
import { ownershipOf } from '../src/reporters/groups/ownership-of.ts';
import { findingKey, readSide, type Side } from './releases/side.ts';

interface Tally {
  readonly steps: Map<string, number>;
  unchanged: number;
  /** What could be decided in neither. */
  open: number;
  /** Of files that lie elsewhere now, or came with another package. */
  moved: number;
  readonly changed: string[];
  /** Findings of both that the baseline of the old one does not know. */
  readonly unknown: string[];
  /** Of files that are new, which it knows anyway. */
  readonly hidden: string[];
}

function compare(old: Side, fresh: Side, name: string): Tally {
  const { matches, unclear } = matchBinaries(
    old.binaries.map(identified),
    fresh.binaries.map(identified),
  );
  const tally: Tally = {
    steps: new Map(),
    unchanged: 0,
    open: 0,
    moved: 0,
    changed: [],
    unknown: [],
    hidden: [],
  };
  const known = knownBy(old, fresh);
  for (const match of matches) {
    const [one, other] = [old.binaries[match.old ?? -1], fresh.binaries[match.fresh ?? -1]];
    const step = match.by ?? (one === undefined ? 'added' : 'removed');
    tally.steps.set(step, (tally.steps.get(step) ?? 0) + 1);
    if (one !== undefined && other !== undefined)
      compareFindings([one, old], [other, fresh], { tally, known });
    if (one === undefined && other !== undefined)
      for (const { rule } of other.verdicts.filter(isFinding))
        if (known.has(findingKey(other.path, rule))) tally.hidden.push(`${rule}: ${other.path}`);
    show(name, match, one, other);
  }
  for (const each of unclear)
    if (env['SHOW'] !== undefined)
      console.log(`${name}: UNCLEAR ${each.name}: ${each.old.length} and ${each.fresh.length}`);
  return tally;
}

function show(name: string, { by }: Match, one?: BinaryReport, other?: BinaryReport) {
  if (env['SHOW'] === undefined || by === 'path') return;
  console.log(`${name}: ${by ?? 'ALONE'}: ${one?.path ?? ''} => ${other?.path ?? ''}`);
}

function compareFindings(
  [one, old]: readonly [BinaryReport, Side],
  [other, fresh]: readonly [BinaryReport, Side],
  { tally, known }: { readonly tally: Tally; readonly known: ReadonlySet<string> },
) {
  for (const { rule, cause, outcome } of one.verdicts.filter(
    (each) => isFinding(each) || isOpen(each),
  )) {
    const now = other.verdicts.find((each) => each.rule === rule && each.cause === cause);
    if (now === undefined || now.outcome !== outcome) continue;
    const isFailure = outcome === 'fail';
    tally[isFailure ? 'unchanged' : 'open'] += 1;
    if (isFailure && !known.has(findingKey(other.path, rule)))
      tally.unknown.push(`${rule}: ${one.path} => ${other.path}`);
    for (const format of isFailure ? (['sarif', 'gitlab'] as const) : (['sarif'] as const)) {
      const was = old[format].get(findingKey(one.path, rule));
      const is = fresh[format].get(findingKey(other.path, rule));
      if (was === is) continue;
      if (isMoved(one, other)) tally.moved += format === 'sarif' ? 1 : 0;
      else tally.changed.push(`${format}: ${rule}: ${one.path} => ${other.path}`);
    }
  }
}

/** Findings of the new one that a baseline of the old one knows. */
function knownBy(old: Side, fresh: Side): ReadonlySet<string> {
  const plain = { today: '2026-11-30', namedRules: () => [] };
  const { targets } = compareWithBaseline(fresh.targets, baselineOf(old.targets), plain);
  return new Set(
    targets.flatMap(({ binaries }) =>
      binaries.flatMap(({ path, verdicts }) =>
        verdicts
          .filter(({ baselined }) => baselined === true)
          .map(({ rule }) => findingKey(path, rule)),
      ),
    ),
  );
}

const lastingPathOf = createLastingPaths();

function isMoved(one: BinaryReport, other: BinaryReport): boolean {
  const [was, is] = [one, other].map((binary) => {
    const { component } = ownershipOf(binary);
    const name = component === null ? '' : lastingPathOf(component.group).key;
    return [lastingPathOf(binary.path).key, name].join('\0');
  });
  return was !== is;
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 100 : Math.floor((1000 * part) / whole) / 10} %`;
}

function sideIn(name: string, side: 'old' | 'new'): string {
  const path = join(folder, name, side);
  return existsSync(`${path}.json`) ? `${path}.json` : path;
}

const [, , folder = '', ...named] = argv;
const pairs = readdirSync(folder, { withFileTypes: true })
  .filter((each) => each.isDirectory() && !each.name.startsWith('.'))
  .map(({ name }) => [name, sideIn(name, 'old'), sideIn(name, 'new')]);
for (let at = 0; at + 2 < named.length; at += 3) pairs.push(named.slice(at, at + 3));

const total = {
  pairs: 0,
  binaries: 0,
  matched: 0,
  unchanged: 0,
  open: 0,
  moved: 0,
  changed: 0,
  unknown: 0,
  hidden: 0,
};
for (const [name = '', before = '', after = ''] of pairs.toSorted()) {
  const [old, fresh] = [await readSide(before, name), await readSide(after, name)];
  const { steps, unchanged, open, moved, changed, unknown, hidden } = compare(old, fresh, name);
  const alone = (steps.get('added') ?? 0) + (steps.get('removed') ?? 0);
  const matched = [...steps.values()].reduce((sum, count) => sum + count, 0) - alone;
  const possible = Math.min(old.binaries.length, fresh.binaries.length);
  console.log(
    `${name}: ${old.binaries.length} and ${fresh.binaries.length} binaries, ${matched} matched (${percent(matched, possible)} of the smaller side): ${[...steps].map(([step, count]) => `${count} ${step}`).join(', ')}; ${unchanged} findings of both, ${open} undecided in both, ${moved} of them moved, ${changed.length} more with another fingerprint; by a baseline of the old one ${unknown.length} of them count, and ${hidden.length} of new files do not`,
  );
  if (env['SHOW'] !== undefined)
    for (const [what, all] of [
      ['NOT KNOWN', unknown],
      ['HIDDEN', hidden],
    ] as const)
      for (const each of all) console.log(`${name}: ${what} ${each}`);
  for (const each of changed.slice(0, env['SHOW'] === undefined ? 5 : changed.length))
    console.log(`${name}: OTHER FINGERPRINT ${each}`);
  total.pairs += 1;
  total.binaries += possible;
  total.matched += matched;
  total.unchanged += unchanged;
  total.open += open;
  total.moved += moved;
  total.changed += changed.length;
  total.unknown += unknown.length;
  total.hidden += hidden.length;
}
console.log(
  `${total.pairs} pairs: ${total.matched} of ${total.binaries} binaries matched (${percent(total.matched, total.binaries)}), ${total.unchanged} findings of both, ${total.open} undecided in both, ${total.moved} of them moved, ${total.changed} more with another fingerprint; by a baseline of the old one ${total.unknown} of them count, and ${total.hidden} of new files do not`,
);
exit(total.changed > 0 || total.pairs === 0 ? 1 : 0);
