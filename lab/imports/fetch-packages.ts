import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { addons, platforms, wheels } from './packages.ts';

export type Libc = 'glibc' | 'musl';

/** Downloads what is not there yet; a package that has no build of the kind is left out and named. */
export function fetchWheels(folder: string, libc: Libc): void {
  mkdirSync(folder, { recursive: true });
  const there = readdirSync(folder).map((name) => normal(name.split('-')[0] ?? ''));
  for (const name of wheels) {
    if (there.includes(normal(name))) continue;
    const words = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--disable-pip-version-check'];
    words.push('--only-binary', ':all:', '--python-version', '3.11', '--implementation', 'cp');
    words.push(
      '--abi',
      'cp311',
      '--abi',
      'abi3',
      ...platforms[libc].flatMap((each) => ['--platform', each]),
    );
    run('python3', [...words, '--dest', folder, name], folder, `${name} for ${libc}`);
  }
}

export function fetchAddons(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const there = readdirSync(folder);
  for (const name of addons) {
    const start = `${name.replace('@', '').replace('/', '-')}-`;
    if (there.some((file) => file.startsWith(start) && /^\d/.test(file.slice(start.length))))
      continue;
    run('npm', ['pack', '--silent', '--ignore-scripts', name], folder, name);
  }
}

function run(program: string, words: readonly string[], folder: string, what: string): void {
  try {
    execFileSync(program, words, { cwd: folder, stdio: 'pipe' });
  } catch {
    console.info(`left out  ${what}: it cannot be downloaded`);
  }
}

function normal(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** What is opened, and what says for whom it is: a gigabyte of Python sources is left packed. */
const unzip = `
import glob, sys, zipfile
for wheel in glob.glob(sys.argv[1] + '/*.whl'):
    archive = zipfile.ZipFile(wheel)
    for name in archive.namelist():
        if '.so' in name or name.endswith('.dist-info/WHEEL'):
            archive.extract(name, sys.argv[2])
`;

/** Once for each folder of wheels; the files of a root are links to it. */
export function unpackWheels(folder: string, place: string): void {
  const unpacked = `${folder}-unpacked`;
  if (!existsSync(unpacked)) execFileSync('python3', ['-c', unzip, folder, unpacked]);
  linkAll(unpacked, place);
}

/** Those for musl apart from the others: of two in one place only one would be loaded. */
export function unpackAddons(folder: string, libc: Libc, place: string): void {
  const unpacked = `${folder}-unpacked-${libc}`;
  if (!existsSync(unpacked)) {
    const archives = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    for (const file of archives.filter((name) => name.includes('musl') === (libc === 'musl'))) {
      unpackAddon(join(folder, file), unpacked);
    }
  }
  linkAll(unpacked, place);
}

function unpackAddon(archive: string, place: string): void {
  const packed = 'package/package.json';
  const text = execFileSync('tar', ['-xzOf', archive, packed], { encoding: 'utf8' });
  const own = join(place, String(JSON.parse(text).name));
  mkdirSync(own, { recursive: true });
  const words = ['--strip-components=1', '--wildcards', '*.node', '*.so*'];
  // An addon that is compiled where it is installed brings neither.
  spawnSync('tar', ['-xzf', archive, '-C', own, ...words]);
}

function linkAll(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  execFileSync('cp', ['-al', `${from}/.`, to]);
}
