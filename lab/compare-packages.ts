import { execFileSync, spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defaultLimits } from '../src/base/limits.ts';
import { printableName } from '../src/base/text.ts';
import { openTarget } from '../src/sources/input/find-source.ts';
import { repositoryRoot } from '../test/support/repository.ts';
import {
  type Contents,
  type Counts,
  contentsBelow,
  contentsOf,
  differing,
} from './packages/package-files.ts';

/**
 * Compares every ELF file (path and sha256), or with --all-files every file, that hullcheck finds in packages with what the package's own
 * tool extracts, prints how much was compared and each difference, and exits with 1 if there was one. Build first: `npx tsc -p .`,
 * then `node dist/lab/compare-packages.js [--all-files] FILE-OR-FOLDER...`. lab/package-corpus.sh makes packages
 * of all kinds, lab/image-corpus.sh images of file systems and disks.
 */
async function main(words: readonly string[]): Promise<number> {
  const paths = words.filter((word) => word !== '--all-files');
  const which: Counts = paths.length < words.length ? 'all files' : 'ELF files';
  const counts = new Map<string, Count>();
  for (const file of paths.flatMap(filesOf)) {
    const { scheme, files, different } = await compare(file, which);
    const count = counts.get(scheme) ?? { packages: 0, files: 0, different: 0 };
    count.packages += 1;
    count.files += files;
    count.different += different.length;
    counts.set(scheme, count);
    for (const path of different) console.log(`${file}: ${printableName(path)}`);
  }
  let differences = 0;
  for (const [scheme, { packages, files, different }] of [...counts].sort()) {
    console.log(`${scheme}: ${packages} packages, ${files} ${which}, ${different} different`);
    differences += different;
  }
  return differences > 0 || counts.size === 0 ? 1 : 0;
}

interface Count {
  packages: number;
  files: number;
  different: number;
}

function filesOf(path: string): string[] {
  if (!lstatSync(path).isDirectory()) return [resolve(path)];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}

async function compare(file: string, which: Counts) {
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
      for (const [path, sum] of await contentsOf(target, which)) found.set(prefix + path, sum);
    }
    const expected = extracted(file, scheme, which);
    return { scheme, files: expected.size, different: differing(found, expected) };
  } finally {
    await source.close();
  }
}

function extracted(file: string, scheme: string, which: Counts): Contents {
  const folder = mkdtempSync(join(tmpdir(), 'compare-packages-'));
  try {
    const script = join(repositoryRoot, 'lab/extract-package.sh');
    const { status, stderr } = spawnSync('sh', [script, scheme, file], {
      cwd: folder,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${file} cannot be extracted as ${scheme}: ${stderr}`);
    return contentsBelow(folder, which);
  } finally {
    // Packages may hold folders that not even their owner may write into.
    execFileSync('chmod', ['-R', 'u+rwX', folder]);
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main(process.argv.slice(2));
