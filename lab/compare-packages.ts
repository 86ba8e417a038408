import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DamagedInput } from '../src/base/errors.ts';
import { defaultLimits } from '../src/base/limits.ts';
import { normalisePath } from '../src/base/normalise-path.ts';
import { decodeName, printableName } from '../src/base/text.ts';
import { openTarget } from '../src/sources/input/find-source.ts';
import type { Target } from '../src/sources/source.ts';
import { repositoryRoot } from '../test/support/repository.ts';

/**
 * Compares every ELF file (path and sha256) that hullcheck finds in packages with what the package's own tool extracts,
 * prints how much was compared and each difference, and exits with 1 if there was one. Build first: `npx tsc -p .`,
 * then `node dist/lab/compare-packages.js FILE-OR-FOLDER...`. lab/package-corpus.sh makes packages
 * of all kinds, lab/image-corpus.sh images of file systems and disks.
 */
async function main(paths: readonly string[]): Promise<number> {
  const counts = new Map<string, Count>();
  for (const file of paths.flatMap(filesOf)) {
    const { scheme, binaries, different } = await compare(file);
    const count = counts.get(scheme) ?? { packages: 0, binaries: 0, different: 0 };
    count.packages += 1;
    count.binaries += binaries;
    count.different += different.length;
    counts.set(scheme, count);
    for (const path of different) console.log(`${file}: ${printableName(path)}`);
  }
  let differences = 0;
  for (const [scheme, { packages, binaries, different }] of [...counts].sort()) {
    console.log(`${scheme}: ${packages} packages, ${binaries} ELF files, ${different} different`);
    differences += different;
  }
  return differences > 0 || counts.size === 0 ? 1 : 0;
}

interface Count {
  packages: number;
  binaries: number;
  different: number;
}

function filesOf(path: string): string[] {
  if (!lstatSync(path).isDirectory()) return [resolve(path)];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}

/** sha256 by path. */
type Binaries = ReadonlyMap<string, string>;

async function compare(file: string) {
  const source = await openTarget(file, { platform: null, limits: defaultLimits });
  try {
    const { targets } = source;
    const [first] = targets;
    if (first === undefined) throw new Error(`${file} holds nothing`);
    // Partitions of a disk are targets, and folders of what its tools extract.
    const isDisk = first.name.startsWith(`${file}!`);
    const scheme = isDisk ? 'disk' : first.scheme;
    const found = new Map<string, string>();
    for (const target of targets) {
      const prefix = isDisk ? `/${target.name.slice(file.length + 1)}` : '';
      for (const [path, sum] of await binariesOf(target)) found.set(prefix + path, sum);
    }
    const expected = extracted(file, scheme);
    return { scheme, binaries: expected.size, different: differing(found, expected) };
  } finally {
    await source.close();
  }
}

function differing(found: Binaries, expected: Binaries): string[] {
  const paths = new Set([...found.keys(), ...expected.keys()]);
  return [...paths].filter((path) => found.get(path) !== expected.get(path));
}

/** Of one name the last entry counts, as for a tool that unpacks. */
async function binariesOf({ layers, problems }: Target): Promise<Binaries> {
  const found = new Map<string, string>();
  try {
    await addBinaries(layers, found);
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    found.set(error.message, 'damage');
  }
  for (const { message } of problems) found.set(message, 'problem');
  return found;
}

async function addBinaries(layers: Target['layers'], found: Map<string, string>): Promise<void> {
  for (const layer of layers) {
    for await (const entry of layer.entries(({ message }) => found.set(message, 'problem'))) {
      const path = normalisePath(entry.path) ?? '';
      const sum =
        entry.type === 'hardlink'
          ? (found.get(normalisePath(entry.linkTarget) ?? '') ?? null)
          : await sumOf(entry.body());
      if (sum === null) found.delete(path);
      else found.set(path, sum);
    }
  }
}

async function sumOf(body: AsyncIterable<Buffer>): Promise<string | null> {
  const parts: Buffer[] = [];
  for await (const piece of body) parts.push(piece);
  return elfSum(Buffer.concat(parts));
}

function elfSum(bytes: Buffer): string | null {
  if (bytes.toString('latin1', 0, 4) !== '\x7fELF') return null;
  return createHash('sha256').update(bytes).digest('hex');
}

function extracted(file: string, scheme: string): Binaries {
  const folder = mkdtempSync(join(tmpdir(), 'compare-packages-'));
  try {
    const script = join(repositoryRoot, 'lab/extract-package.sh');
    const { status, stderr } = spawnSync('sh', [script, scheme, file], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${file} cannot be extracted as ${scheme}: ${stderr}`);
    return binariesBelow(folder);
  } finally {
    // Packages may hold folders that not even their owner may write into.
    execFileSync('chmod', ['-R', 'u+rwX', folder]);
    rmSync(folder, { recursive: true, force: true });
  }
}

function binariesBelow(folder: string): Binaries {
  const found = new Map<string, string>();
  const waiting: Buffer[] = [Buffer.alloc(0)];
  for (let inner = waiting.pop(); inner !== undefined; inner = waiting.pop()) {
    for (const name of readdirSync(Buffer.concat([Buffer.from(folder), inner]), 'buffer')) {
      const path = Buffer.concat([inner, Buffer.from('/'), name]);
      const place = Buffer.concat([Buffer.from(folder), path]);
      const stats = lstatSync(place);
      if (stats.isDirectory()) waiting.push(path);
      const sum = stats.isFile() ? elfSum(readFileSync(place)) : null;
      if (sum !== null) found.set(decodeName(path), sum);
    }
  }
  return found;
}

process.exitCode = await main(process.argv.slice(2));
