import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A package as a repository of Alpine has it. */
export interface ApkPackage {
  readonly name: string;
  /** What else it is found by: `so:libmore.so.1=1`; '' for nothing. */
  readonly provides: string;
  /** Files to take, by where it puts them, without a slash in front. */
  readonly files: Readonly<Record<string, string>>;
}

/** A tar's end is two blocks of zeros, which a control segment must not have: another tar follows. */
const block = 512;

/**
 * Puts a repository with one package into an Alpine root (apk-tools 2, package format 2: a gzip member with .PKGINFO, one
 * with the files and their checksums) and runs `command` there, which begins with `apk add`. Nothing is signed and no network is used.
 */
export function runApkAdd(
  root: string,
  command: string,
  { name, provides, files }: ApkPackage,
): void {
  const [apk, add, ...words] = command.split(' ');
  if (apk !== 'apk' || add !== 'add') throw new Error(`not a command of apk: ${command}`);
  const stage = join(root, 'stage');
  const data = gzipSync(Buffer.concat(segments(stage, files)));
  const digest = createHash('sha256').update(data).digest('hex');
  writeFileSync(join(stage, '.PKGINFO'), packageInfo(name, provides, digest));
  const described = tar(stage, ['.PKGINFO'], ['--format=ustar']);
  const repository = join(root, 'repository/x86_64');
  mkdirSync(repository, { recursive: true });
  const file = `${name}-1.0-r0.apk`;
  const control = gzipSync(described.subarray(0, 2 * block));
  writeFileSync(join(repository, file), Buffer.concat([control, data]));
  writeFileSync(join(root, 'etc/apk/repositories'), '/repository\n');
  const run = (...all: readonly string[]) =>
    execFileSync('/usr/sbin/chroot', [root, '/sbin/apk', ...all], { stdio: 'pipe' });
  const index = '/repository/x86_64/APKINDEX.tar.gz';
  run('index', '--allow-untrusted', '-o', index, `/repository/x86_64/${file}`);
  run('add', '--allow-untrusted', '--no-network', ...words);
}

/** A tar for each file, since each has a checksum of its own, and the end of the last one only. */
function segments(stage: string, files: ApkPackage['files']): readonly Buffer[] {
  const all = Object.entries(files);
  return all.map(([path, from], index) => {
    const bytes = readFileSync(from);
    mkdirSync(join(stage, dirname(path)), { recursive: true });
    writeFileSync(join(stage, path), bytes, { mode: 0o755 });
    const checksum = createHash('sha1').update(bytes).digest('hex');
    const format = ['--format=pax', `--pax-option=APK-TOOLS.checksum.SHA1:=${checksum}`];
    const folders = dirname(path).split('/');
    const above = folders.map((_, depth) => folders.slice(0, depth + 1).join('/'));
    const whole = tar(stage, [...above, path], [...format, '--blocking-factor=1']);
    return index === all.length - 1 ? whole : whole.subarray(0, whole.length - 2 * block);
  });
}

function tar(folder: string, names: readonly string[], format: readonly string[]): Buffer {
  const words = [...format, '--no-recursion', '--owner=0', '--group=0', '-cf', '-', ...names];
  return execFileSync('tar', words, { cwd: folder });
}

function packageInfo(name: string, provides: string, digest: string): string {
  const fields = [
    ['pkgname', name],
    ['pkgver', '1.0-r0'],
    ['pkgdesc', 'a package'],
    ['url', 'https://example.org'],
    ['arch', 'x86_64'],
    ['size', '20000'],
    ['license', 'MIT'],
    ...(provides === '' ? [] : [['provides', provides]]),
    ['datahash', digest],
  ];
  return fields.map(([field, value]) => `${field} = ${value}\n`).join('');
}
