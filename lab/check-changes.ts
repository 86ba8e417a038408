// check-changes FOLDER [NAME ...]: compares each release that build-changes.sh built with the one before it, in both
// directions, as images and as saved reports without facts, and scans it against the one before it. A comparison has to name what
// changed, with the option that was lost, and nothing else. NAME is a
// cell, a change, or CELL/NAME. Prints a line for each wrong answer, and counts; exits 1 if there is one.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import {
  type Change,
  type Direction,
  differences,
  readChanges,
  shortcomings,
} from './changes/expected.ts';
import { runAgainst, runDiff, saveReport } from './changes/run-diff.ts';

const [given, ...wanted] = process.argv.slice(2);
if (given === undefined) throw new Error('expected the folder that build-changes.sh wrote');
const folder = resolve(given);
const changes = readChanges(readFileSync(join(folder, 'changes.tsv'), 'utf8')).filter(
  ({ cell, name }) =>
    wanted.length === 0 || [cell, name, `${cell}/${name}`].some((each) => wanted.includes(each)),
);
const scratch = mkdtempSync(join(tmpdir(), 'hullcheck-changes-'));
const reports = new Map<string, string>();

async function reportOf(image: string): Promise<string> {
  const known = reports.get(image) ?? join(scratch, `${reports.size}.json`);
  if (!reports.has(image)) await saveReport(image, known, scratch);
  reports.set(image, known);
  return known;
}

async function check(change: Change): Promise<readonly string[]> {
  const place = (name: string) => join(folder, change.cell, name);
  const [old, fresh] = [place(change.before), place(change.name)];
  return [
    ...(await checkOneWay(change, 'forward', [old, fresh])),
    ...(await checkOneWay(change, 'reverse', [fresh, old])),
  ];
}

/** Of two images, of their reports, and of the second against both forms of the first. */
async function checkOneWay(
  change: Change,
  direction: Direction,
  [one, other]: readonly [string, string],
): Promise<readonly string[]> {
  const found: string[] = [];
  const forms = [
    ['images', one, other],
    ['reports', await reportOf(one), await reportOf(other)],
  ] as const;
  for (const [form, before, after] of forms) {
    const answer = await runDiff(before, after, scratch);
    const standing = await runAgainst(before, other, scratch);
    const wrong = [
      ...shortcomings(change, direction, answer),
      ...differences(answer, standing).map((text) => `a scan against it: ${text}`),
    ];
    for (const text of wrong)
      found.push(`${change.cell} ${change.name} (${form}, ${direction}): ${text}`);
  }
  return found;
}

let right = 0;
try {
  for (const change of changes) {
    const wrong = await check(change);
    for (const line of wrong) console.log(line);
    if (wrong.length === 0) right += 1;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
const cells = new Set(changes.map(({ cell }) => cell)).size;
const kinds = new Set(changes.map(({ name }) => name)).size;
console.log(
  `${changes.length} changes of ${kinds} kinds in ${cells} cells: ${right} right, ${changes.length - right} wrong`,
);
process.exitCode = right === changes.length && right > 0 ? 0 : 1;
