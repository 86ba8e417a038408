/**
 * count-overruled FOLDER...: of all ELF files below the folders, verdicts that are better than a reading of headers and names
 * alone, by rule and reason. Exits 1 where one shows
 * nothing of what is mapped.
 */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process, { argv, stdout } from 'node:process';
import { DamagedInput } from '../src/base/errors.ts';
import { readElf } from '../src/elf/read-elf.ts';
import { bytesOf } from '../src/elf/reading/bytes.ts';
import { judgeFile } from './marks/judge-marks.ts';
import { type Overruled, overruled } from './plain/plain-reading.ts';
import { layOut } from './table.ts';

const counts = new Map<string, number>();
let files = 0;
let faults = 0;
for (const folder of argv.slice(2)) for (const path of filesBelow(folder)) count(path);
const rows = [...counts]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([key, number]) => [String(number), ...key.split('\t')]);
stdout.write(layOut([['files', 'rule', 'plain reading', 'verdict', 'because'], ...rows]));
stdout.write(`${files} ELF files, ${faults} verdicts that show nothing mapped\n`);
if (faults > 0) process.exitCode = 1;

function count(path: string): void {
  const file = readFileSync(path);
  if (file.readUInt32BE(0) !== 0x7f454c46) return;
  files += 1;
  for (const found of foundIn(file)) {
    const { rule, plain, outcome, reason, evidence } = found;
    const key = [rule, plain, outcome, reason].join('\t');
    counts.set(key, (counts.get(key) ?? 0) + 1);
    if (evidence.length > 0) continue;
    faults += 1;
    stdout.write(`${path}: ${rule} is ${outcome}, and shows nothing that is mapped\n`);
  }
}

/** What cannot be read has no plain reading. */
function foundIn(file: Buffer): readonly Overruled[] {
  try {
    return overruled(readElf(bytesOf(file)), judgeFile(file).verdicts);
  } catch (error) {
    if (error instanceof DamagedInput) return [];
    throw error;
  }
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => {
      const status = lstatSync(path);
      return status.isFile() && status.size >= 52;
    });
}
