import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { growths } from './growth.ts';
import { makeImage } from './make-image.ts';
import { compare, describe, median, type Run, run } from './measure.ts';

// npm run bench [ROUNDS [GIGABYTES]]: each figure is a ratio in one run, so the machine's speed cancels out.
const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const rounds = Number(process.argv[2] ?? 5);
const gigabytes = Number(process.argv[3] ?? 1.5);

const folder = join(tmpdir(), 'hullcheck-bench');
mkdirSync(folder, { recursive: true });
const node = (...words: string[]) => run('node', ['--import', here('./print-peak.js'), ...words]);
const cli = here('../bundle/cli.js');
const report = join(folder, 'report.json');
const scan = (...words: string[]) => node(cli, 'scan', '-q', '-o', `json=${report}`, ...words);

async function show(name: string, ours: () => Promise<Run>, theirs: () => Promise<Run>) {
  console.log(describe(await compare(name, ours, theirs, rounds)));
}

await show(
  '--version against node -e 0',
  () => run('node', [cli, '--version']),
  () => run('node', ['-e', '0']),
);

const programs = join(folder, 'programs');
const count = copySamples(programs);
const uncached = () => scan('--no-cache', `dir:${programs}`);
await show(`${count} ELF files against scanelf -R`, uncached, () =>
  run('scanelf', ['-aR', programs]),
);
await show(`${count} ELF files against hardening-check`, uncached, () =>
  run('sh', ['-c', `hardening-check ${programs}/*`]),
);
await show(`${count} ELF files against checksec --dir`, uncached, () =>
  run('checksec', [`--dir=${programs}`]),
);

for (const { name, make } of growths(join(folder, 'growth'))) {
  const costs: number[] = [];
  for (const times of [1, 4, 16]) {
    const input = make(times);
    const runs: Run[] = [];
    for (let round = 0; round < rounds; round += 1) runs.push(await scan('--no-cache', input));
    costs.push(median(runs.map(({ cpuSeconds }) => cpuSeconds ?? Number.NaN)));
  }
  const [once = 0, four = 0, sixteen = 0] = costs;
  console.log(
    `4 and 16 times the ${name}: ${(four / once).toFixed(1)} and ${(sixteen / once).toFixed(1)} times the processor time (once: ${once.toFixed(2)} s)`,
  );
}

console.log(`making an image of ${gigabytes} GB ...`);
const image = await makeImage(join(folder, 'image'), gigabytes * 1e9, 6);
console.log(`${(image.bytes / 1e9).toFixed(2)} GB in ${image.layers.length} gzip layers`);
const scanImage = () => scan('--no-cache', `oci-dir:${image.folder}`);
await show('scan against gunzip of two layers at a time', scanImage, () =>
  node(here('./gunzip-layers.js'), '2', ...image.layers),
);
await show('scan against tar -xzf', scanImage, () => unpack(image.layers));
const cache = join(folder, 'cache');
rmSync(cache, { recursive: true, force: true });
await show(
  'second scan with a cache against --version',
  () => scan('--cache-dir', cache, `oci-dir:${image.folder}`),
  () => run('node', [cli, '--version']),
);

/** Small ELF files of the samples, each once. */
function copySamples(place: string): number {
  const samples = join(here('../../samples'), 'elf');
  mkdirSync(place, { recursive: true });
  const names = readFileSync(join(samples, 'README.md'), 'utf8').matchAll(/^\| `([^`]+)` \|/gm);
  let copied = 0;
  for (const [, name = ''] of names) {
    writeFileSync(join(place, name), readFileSync(join(samples, name)));
    copied += 1;
  }
  return copied;
}

async function unpack(layers: readonly string[]): Promise<Run> {
  const place = join(folder, 'unpacked');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
  const steps = layers.map((layer) => `tar -C ${place} -xzf ${layer}`);
  return run('sh', ['-c', steps.join(' && ')]);
}
