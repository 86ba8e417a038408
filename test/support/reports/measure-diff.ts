// node --expose-gc measure-diff.js BINARIES FORMAT: what one rendering of a large comparison holds at most, as one line of JSON.
import { argv, memoryUsage, stdout } from 'node:process';
import { rules } from '../../../rules/index.ts';
import { diffFormats } from '../../../src/diff/formats/index.ts';
import type { Report } from '../../../src/report/report.ts';
import { largeReport } from './large-report.ts';
import { compared, plainDiffLook } from './render-diff.ts';

/** Bytes of live objects. */
function live(): number {
  globalThis.gc?.();
  const { heapUsed, external } = memoryUsage();
  return heapUsed + external;
}

/** The same with nothing that fails. */
function better(report: Report): Report {
  const targets = report.targets.map((target) => ({
    ...target,
    binaries: target.binaries.map((binary) => ({
      ...binary,
      verdicts: binary.verdicts.map((verdict) => ({ ...verdict, outcome: 'pass' as const })),
    })),
  }));
  return { ...report, targets };
}

const [, , binaries, format = ''] = argv;
const writer = await diffFormats[format]?.();
if (writer === undefined) throw new Error(`there is no format ${format}`);
const before = live();
const fresh = largeReport(Number(binaries), rules);
const found = compared(better(fresh), fresh);
const scanned = live();
let [peak, length, sampled, lines] = [scanned, 0, 0, 0];
for (const piece of writer.render(found, { ...plainDiffLook, rules })) {
  length += piece.length;
  lines += piece.split('\n').length - 1;
  // A collection takes long: one for a few megabytes of output sees every table grow.
  if (length - sampled < 4 * 2 ** 20) continue;
  sampled = length;
  peak = Math.max(peak, live());
}
peak = Math.max(peak, live());
const { worse } = found.difference;
stdout.write(
  JSON.stringify({
    worse: worse.length,
    reports: scanned - before,
    rendering: peak - scanned,
    length,
    lines,
  }),
);
