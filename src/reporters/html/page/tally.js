// Counts for the charts.
/** @import { PageReport, Row, StateCounts } from '../page-types.ts' */
/** @typedef {{ key: string, title: string, binaries: number, counts: StateCounts }} GroupTally */

/** Verdicts by state for each key that `keysOf` gives a row; a key is [name, what is chosen by it]. */
/** @type {(rows: readonly Row[], keysOf: (row: Row) => readonly [key: string, title: string]) => GroupTally[]} */
export function tallyBy(rows, keysOf) {
  const tallies = new Map();
  for (const row of rows) {
    const [key, title] = keysOf(row);
    const tally = tallies.get(key) ?? { key, title, binaries: 0, counts: emptyCounts() };
    tallies.set(key, tally);
    tally.binaries += 1;
    for (const verdict of row.cells) if (verdict !== null) tally.counts[verdict.state] += 1;
  }
  return [...tallies.values()];
}

/** Verdicts by state for each rule. */
/** @type {(rows: readonly Row[], rules: PageReport["rules"]) => { key: string, title: string, severity: string, counts: StateCounts }[]} */
export function tallyRules(rows, rules) {
  const tallies = rules.map(({ id, severity }) => ({
    key: id,
    title: id,
    severity,
    counts: emptyCounts(),
  }));
  for (const { cells } of rows) {
    for (const [column, verdict] of cells.entries()) {
      const counts = tallies[column]?.counts;
      if (verdict !== null && counts !== undefined) counts[verdict.state] += 1;
    }
  }
  return tallies;
}

/** @type {(rows: readonly Row[], severities: readonly string[]) => { key: string, title: string, count: number }[]} */
export function tallySeverities(rows, severities) {
  return severities.map((severity, at) => ({
    key: severity,
    title: severity,
    count: rows.reduce((sum, { weight }) => sum + (weight[at] ?? 0), 0),
  }));
}

/** Verdicts that say how far a rule is kept: all but those it does not apply to. */
/** @type {(counts: StateCounts) => number} */
export function decided({ fail, unknown, pass, waived, baselined }) {
  return fail + unknown + pass + waived + baselined;
}

/** @type {() => StateCounts} */
function emptyCounts() {
  return { fail: 0, unknown: 0, pass: 0, 'not-applicable': 0, waived: 0, baselined: 0 };
}
