import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const packageName = 'libmore';
/** A tar's end is two blocks of zeros, which a control segment must not have: another tar follows. */
const block = 512;

/**
 * Puts a repository with one package into an Alpine root (apk-tools 2, package format 2: a gzip member with .PKGINFO, one
 * with the files and their checksums) and runs `command` there, which begins with `apk add`. Nothing is signed and no network is used.
 */
export function runApkAdd(root: string, command: string, library: string, soname: string): void {
  const [apk, add, ...words] = command.split(' ');
  if (apk !== 'apk' || add !== 'add') throw new Error(`not a command of apk: ${command}`);
  const stage = join(root, 'stage');
  mkdirSync(join(stage, 'usr/lib'), { recursive: true });
  const bytes = readFileSync(library);
  writeFileSync(join(stage, 'usr/lib', soname), bytes, { mode: 0o755 });
  const checksum = createHash('sha1').update(bytes).digest('hex');
  const inPackage = ['--format=pax', `--pax-option=APK-TOOLS.checksum.SHA1:=${checksum}`];
  const files = gzipSync(tar(stage, ['usr', 'usr/lib', `usr/lib/${soname}`], inPackage));
  const digest = createHash('sha256').update(files).digest('hex');
  writeFileSync(join(stage, '.PKGINFO'), packageInfo(soname, digest));
  const described = tar(stage, ['.PKGINFO'], ['--format=ustar']);
  const repository = join(root, 'repository/x86_64');
  mkdirSync(repository, { recursive: true });
  const file = `${packageName}-1.0-r0.apk`;
  const control = gzipSync(described.subarray(0, 2 * block));
  writeFileSync(join(repository, file), Buffer.concat([control, files]));
  writeFileSync(join(root, 'etc/apk/repositories'), '/repository\n');
  const run = (...all: readonly string[]) =>
    execFileSync('chroot', [root, '/sbin/apk', ...all], { stdio: 'pipe' });
  const index = '/repository/x86_64/APKINDEX.tar.gz';
  run('index', '--allow-untrusted', '-o', index, `/repository/x86_64/${file}`);
  run('add', '--allow-untrusted', '--no-network', ...words);
}

function tar(folder: string, names: readonly string[], format: readonly string[]): Buffer {
  const words = [...format, '--no-recursion', '--owner=0', '--group=0', '-cf', '-', ...names];
  return execFileSync('tar', words, { cwd: folder });
}

function packageInfo(soname: string, digest: string): string {
  const fields = [
    ['pkgname', packageName],
    ['pkgver', '1.0-r0'],
    ['pkgdesc', 'a library'],
    ['url', 'https://example.org'],
    ['arch', 'x86_64'],
    ['size', '20000'],
    ['license', 'MIT'],
    ['provides', `so:${soname}=1`],
    ['datahash', digest],
  ] as const;
  return fields.map(([name, value]) => `${name} = ${value}\n`).join('');
}
