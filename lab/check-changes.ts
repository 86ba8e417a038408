// check-changes FOLDER [NAME ...]: compares each release that build-changes.sh built with the one before it, in both
// directions, as images and as saved reports without facts. A comparison has to name what changed and nothing else. NAME is a
// cell, a change, or CELL/NAME. Prints a line for each wrong answer, and counts; exits 1 if there is one.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { type Change, type Direction, readChanges, shortcomings } from './changes/expected.ts';
import { runDiff, saveReport } from './changes/run-diff.ts';

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
  const saved = [await reportOf(old), await reportOf(fresh)] as const;
  const found: string[] = [];
  const compare = async (form: string, direction: Direction, one: string, other: string) => {
    const answer = await runDiff(one, other, scratch);
    for (const text of shortcomings(change, direction, answer))
      found.push(`${change.cell} ${change.name} (${form}, ${direction}): ${text}`);
  };
  await compare('images', 'forward', old, fresh);
  await compare('images', 'reverse', fresh, old);
  await compare('reports', 'forward', saved[0], saved[1]);
  await compare('reports', 'reverse', saved[1], saved[0]);
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
