// node --expose-gc measure-rendering.js BINARIES FORMAT: what one rendering holds at most, as one line of JSON.
import { argv, memoryUsage, stdout } from 'node:process';
import { rules } from '../../../rules/index.ts';
import { reporters } from '../../../src/reporters/index.ts';
import { largeReport } from './large-report.ts';

/** Bytes of live objects. */
function live(): number {
  globalThis.gc?.();
  const { heapUsed, external } = memoryUsage();
  return heapUsed + external;
}

const [, , binaries, format = ''] = argv;
const reporter = await reporters[format]?.();
if (reporter === undefined) throw new Error(`there is no reporter ${format}`);
const before = live();
const report = largeReport(Number(binaries), rules);
const scanned = live();

const options = {
  color: false,
  width: 80,
  all: false,
  suppressions: false,
  verbose: false,
  packages: false,
  groupBy: null,
  toolchain: null,
  rules,
  alertLocation: null,
};
let peak = scanned;
let length = 0;
let sampled = 0;
for (const piece of reporter.render(report, options)) {
  length += piece.length;
  // A collection takes long: one for a few megabytes of output sees every table grow.
  if (length - sampled < 4 * 2 ** 20) continue;
  sampled = length;
  peak = Math.max(peak, live());
}
peak = Math.max(peak, live());
stdout.write(
  JSON.stringify({
    findings: Object.values(report.counts.failures).reduce((sum, count) => sum + count, 0),
    report: scanned - before,
    rendering: peak - scanned,
    length,
  }),
);
