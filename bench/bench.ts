import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { modulePath } from '../test/support/program.ts';
import { repositoryRoot } from '../test/support/repository.ts';
import { debianRoot } from './debian-root.ts';
import { growths } from './growth.ts';
import { makeImage } from './make-image.ts';
import { compare, describe, median, type Run, run } from './measure.ts';

// npm run bench [ROUNDS [GIGABYTES [PART ...]]]: each figure is a ratio in one run, so the machine's speed cancels out.
const rounds = Number(process.argv[2] ?? 5);
const gigabytes = Number(process.argv[3] ?? 1.5);

const folder = join(tmpdir(), 'hullcheck-bench');
mkdirSync(folder, { recursive: true });
const report = join(folder, 'report.json');
const unpacked = join(folder, 'unpacked');
const node = (...words: string[]) =>
  run('node', ['--import', modulePath('bench/print-peak'), ...words]);
const shell = (script: string) => run('sh', ['-c', script]);
const cli = join(repositoryRoot, 'dist/bundle/cli.js');
const scan = (...words: string[]) => node(cli, 'scan', '-q', '-o', `json=${report}`, ...words);
const uncached = (...words: string[]) => scan('--no-cache', ...words);
const difference = (old: string, fresh: string) =>
  node(cli, 'diff', '--no-cache', '-o', `json=${report}`, old, fresh);
const against = (old: string, fresh: string) => uncached('--against', old, fresh);
const version = () => run('node', [cli, '--version']);

async function show(name: string, ours: () => Promise<Run>, theirs: () => Promise<Run>) {
  console.log(describe(await compare(name, ours, theirs, rounds)));
}

const parts: Readonly<Record<string, () => Promise<void>>> = {
  start: () => show('--version against node -e 0', version, () => run('node', ['-e', '0'])),

  /** The rules that read headers and tables only, against all. */
  async rules() {
    const programs = copyPrograms(join(folder, 'programs'), 1800);
    const four = ['pie', 'relro', 'bind-now', 'non-executable-stack'];
    const few = four.flatMap((rule) => ['--rule', rule]);
    const all = () => uncached(`dir:${programs}`);
    await show('1,800 programs: all rules against four', all, () =>
      uncached(...few, `dir:${programs}`),
    );
    await show('1,800 programs against scanelf -aR', all, () => run('scanelf', ['-aR', programs]));
  },

  async peers() {
    const samples = join(folder, 'samples');
    const count = copySamples(samples);
    const ours = () => uncached(`dir:${samples}`);
    await show(`${count} samples against hardening-check`, ours, () =>
      shell(`hardening-check ${samples}/*`),
    );
    await show(`${count} samples against checksec --dir`, ours, () =>
      run('checksec', [`--dir=${samples}`]),
    );
  },

  async growth() {
    for (const { name, make } of growths(join(folder, 'growth'))) {
      const [once = 0, four = 0, sixteen = 0] = await costsOf(make);
      console.log(
        `4 and 16 times the ${name}: ${(four / once).toFixed(1)} and ${(sixteen / once).toFixed(1)} times the processor time (once: ${once.toFixed(2)} s)`,
      );
    }
  },

  async image() {
    const image = await imageOf(gigabytes, 6, 'gzip');
    const ours = () => uncached(`oci-dir:${image.folder}`);
    await show('scan against gunzip of two layers at a time', ours, () =>
      node(modulePath('bench/gunzip-layers'), '2', ...image.layers),
    );
    await show('scan against tar -xzf', ours, () => unpack(image.layers, '-xzf'));
    await show('scan against tar -xzf, then scanelf', ours, () =>
      unpack(image.layers, '-xzf', `&& scanelf -aR ${unpacked} > /dev/null`),
    );
  },

  async cache() {
    const image = await imageOf(gigabytes, 6, 'gzip');
    const cache = join(folder, 'cache');
    rmSync(cache, { recursive: true, force: true });
    // Nothing else is loaded into them: that would be a tenth of what is measured.
    const again = (...words: string[]) =>
      run('node', [cli, 'scan', '--cache-dir', cache, ...words, `oci-dir:${image.folder}`]);
    await show('second scan with a cache against --version', () => again(), version);
    await show(
      'second scan with a report in a file against --version',
      () => again('-q', '-o', `json=${report}`),
      version,
    );
  },

  /** Nine of ten layers are the same, then ten of eleven, then nine of ten files of folders. */
  async diff() {
    const pairs = [
      ['two images with nine equal layers of ten', await releases(gigabytes)],
      ['two images with ten equal layers of eleven and owners', await releasesOfDebian()],
      ['two folders with nine equal files of ten', releasedFolders()],
    ] as const;
    for (const [what, [old, fresh]] of pairs) {
      const one = () => uncached(fresh);
      await show(`diff of ${what} against a scan of one`, () => difference(old, fresh), one);
      await show(`scan --against of ${what} against a scan`, () => against(old, fresh), one);
    }
  },

  async plain() {
    const image = await imageOf(gigabytes, 6, 'none');
    await show(
      'scan of the uncompressed image against tar -xf',
      () => uncached(`oci-dir:${image.folder}`),
      () => unpack(image.layers, '-xf'),
    );
  },

  async memory() {
    for (const size of [0.4, 1.5, 6]) {
      const image = await imageOf(size, size > 2 ? 12 : 6, 'gzip');
      const { peak } = await uncached(`oci-dir:${image.folder}`);
      console.log(`${(image.bytes / 1e9).toFixed(2)} GB: peak ${peak?.toFixed(0)} MiB`);
    }
  },
};

const wanted = process.argv.slice(4);
for (const [name, measure] of Object.entries(parts)) {
  if (wanted.length === 0 || wanted.includes(name)) await measure();
}

async function costsOf(make: (times: number) => string): Promise<number[]> {
  const costs: number[] = [];
  for (const times of [1, 4, 16]) {
    const input = make(times);
    const runs: Run[] = [];
    for (let round = 0; round < rounds; round += 1) runs.push(await uncached(input));
    costs.push(median(runs.map(({ cpuSeconds }) => cpuSeconds ?? Number.NaN)));
  }
  return costs;
}

async function releases(size: number) {
  const place = (name: string) => join(folder, `release-${size}-${name}`);
  const options = { bytes: size * 1e9, count: 10, compression: 'gzip' } as const;
  const old = await makeImage(place('old'), options);
  const fresh = await makeImage(place('new'), { ...options, release: 1 });
  return [`oci-dir:${old.folder}`, `oci-dir:${fresh.folder}`] as const;
}

/** Reading is little of it: no layer is compressed, and files have owners. */
async function releasesOfDebian() {
  const place = (name: string) => join(folder, `release-of-debian-${name}`);
  const root = debianRoot(join(folder, 'debian-root'));
  const options = { root, bytes: 0.16e9, count: 11, compression: 'none' } as const;
  const old = await makeImage(place('old'), options);
  const fresh = await makeImage(place('new'), { ...options, release: 1 });
  return [`oci-dir:${old.folder}`, `oci-dir:${fresh.folder}`] as const;
}

/** The same programs, one of ten with a byte more, as a copy and not by links. */
function releasedFolders() {
  const old = copyPrograms(join(folder, 'programs'), 1800);
  const fresh = join(folder, 'programs-of-next-release');
  const both = [`dir:${old}`, `dir:${fresh}`] as const;
  if (existsSync(fresh)) return both;
  cpSync(old, fresh, { recursive: true });
  for (const [at, name] of readdirSync(fresh).sort().entries())
    if (at % 10 === 0) appendFileSync(join(fresh, name), '\n');
  return both;
}

function imageOf(size: number, layers: number, compression: 'gzip' | 'none') {
  const place = join(folder, `image-${compression}-${size}`);
  return makeImage(place, { bytes: size * 1e9, count: layers, compression });
}

/** Small ELF files of the samples, each once. */
function copySamples(place: string): number {
  const samples = join(repositoryRoot, 'samples/elf');
  mkdirSync(place, { recursive: true });
  const names = readFileSync(join(samples, 'README.md'), 'utf8').matchAll(/^\| `([^`]+)` \|/gm);
  let copied = 0;
  for (const [, name = ''] of names) {
    writeFileSync(join(place, name), readFileSync(join(samples, name)));
    copied += 1;
  }
  return copied;
}

/** Programs and libraries of this machine, up to 40 MB each. */
function copyPrograms(place: string, count: number): string {
  if (existsSync(place)) return place;
  mkdirSync(place, { recursive: true });
  const places = ['/usr/bin', '/usr/sbin', '/usr/lib'];
  const list = execFileSync('find', [...places, '-type', 'f', '-size', '-40M'], {
    maxBuffer: 64 * 1024 ** 2,
  });
  let copied = 0;
  for (const path of list.toString().split('\n').filter(Boolean).sort()) {
    if (copied === count) break;
    const bytes = readFileSync(path);
    if (bytes.toString('latin1', 0, 4) !== '\x7fELF') continue;
    writeFileSync(join(place, `${copied}-${basename(path)}`), bytes);
    copied += 1;
  }
  return place;
}

async function unpack(layers: readonly string[], how: string, then = ''): Promise<Run> {
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked);
  const steps = layers.map((layer) => `tar -C ${unpacked} ${how} ${layer}`);
  return shell(`${steps.join(' && ')} ${then}`);
}
