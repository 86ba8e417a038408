import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '../../test/support/repository.ts';

const corpus = join(dirname(repositoryRoot), 'shared/corpus');

/** Alpine's releases of which a root is at hand. */
export function alpineArchives(): readonly string[] {
  if (!existsSync(corpus)) return [];
  return readdirSync(corpus)
    .filter((name) => /^alpine-minirootfs-.*-x86_64\.tar\.gz$/.test(name))
    .map((name) => join(corpus, name));
}

export function fillAlpine(archive: string, root: string): void {
  mkdirSync(root, { recursive: true });
  execFileSync('tar', ['-xzf', archive, '-C', root]);
}

/** A root with these programs of this machine, and the libraries that ldd names, each where it is here. */
export function fillFromHere(
  root: string,
  programs: readonly string[],
  folders: readonly string[],
): void {
  for (const folder of ['proc', 'tmp', 'etc', 'dev', 'usr/bin', 'usr/lib', 'usr/lib64']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const merged of ['bin', 'lib', 'lib64']) {
    execFileSync('ln', ['-sfn', `usr/${merged}`, join(root, merged)]);
  }
  for (const program of programs) {
    for (const file of [program, ...librariesOf(program)]) copyTo(root, file);
  }
  for (const folder of folders)
    cpSync(folder, join(root, folder), { recursive: true, verbatimSymlinks: true });
}

function copyTo(root: string, file: string): void {
  const place = join(root, file);
  mkdirSync(dirname(place), { recursive: true });
  cpSync(realpathSync(file), place);
}

function librariesOf(program: string): string[] {
  const text = execFileSync('ldd', [program], { encoding: 'utf8' });
  return [...text.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)].map(([, path = '']) => path);
}
