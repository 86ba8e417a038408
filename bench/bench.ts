import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeImage } from './make-image.ts';
import { compare, describe, run } from './measure.ts';

// npm run bench [ROUNDS [GIGABYTES]]: each figure is a ratio in one run, so the machine's speed cancels out.
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const rounds = Number(process.argv[2] ?? 5);
const gigabytes = Number(process.argv[3] ?? 1.5);

const peak = ['--import', here('./print-peak.js')];
const hullcheck = (...words: string[]) => run('node', [...peak, here('../src/cli.js'), ...words]);

console.log(`making an image of ${gigabytes} GB ...`);
const image = await makeImage(join(tmpdir(), 'hullcheck-bench'), gigabytes * 1e9, 6);
console.log(
  `${(image.bytes / 1e9).toFixed(2)} GB in ${image.layers.length} gzip layers, ${rounds} rounds\n`,
);

const scan = () => hullcheck('scan', '--quiet', '-o', 'json=/dev/null', `oci-dir:${image.folder}`);
const gunzip = (jobs: number) => () =>
  run('node', [here('./gunzip-layers.js'), String(jobs), ...image.layers]);

console.log(
  describe(
    await compare('scan against gunzip of one layer after the other', scan, gunzip(1), rounds),
  ),
);
console.log(
  describe(await compare('scan against gunzip of two layers at a time', scan, gunzip(2), rounds)),
);
