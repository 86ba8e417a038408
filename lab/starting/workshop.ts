import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { repositoryRoot } from '../../test/support/repository.ts';

/** A release of Debian, by what `fetch-glibc.sh` calls it. */
export type DebianSuite = 'bullseye' | 'bookworm' | 'trixie';

/** `glibc`: the machine's own. */
export type Glibc = 'glibc' | DebianSuite;

export type Libc = 'musl' | Glibc;

export interface ProgramOptions {
  /** C. Default: prints `started`, calls `answer` of a library where one is linked, and ends with 42. */
  readonly source?: string;
  readonly flags?: readonly string[];
  /** Files made by `library`, linked in this order. */
  readonly with?: readonly string[];
  /** Of a library: DT_SONAME; default: the name of the file. */
  readonly soname?: string;
}

/** A root filesystem in the making, and the compilers for it. Paths in the root begin with a slash. */
export interface Workshop {
  readonly root: string;
  /** Compiles a shared library outside the root and returns its place. */
  library(libc: Libc, name: string, options?: ProgramOptions): string;
  /** Compiles a program outside the root and returns its place. */
  program(libc: Libc, options?: ProgramOptions): string;
  /** Copies a file to a path of the root. */
  install(file: string, path: string, mode?: number): void;
  write(path: string, text: string): void;
  link(path: string, target: string): void;
}

const answering = `
#include <unistd.h>
int answer(void);
int main(void) { if (write(1, "started\\n", 8) != 8) return 1; return answer(); }`;
const alone = `
#include <unistd.h>
int main(void) { return write(1, "started\\n", 8) == 8 ? 42 : 1; }`;
const answer = 'int answer(void) { return 42; }';

/** `stage`: a folder outside the root. */
export function createWorkshop(root: string, stage: string): Workshop {
  let made = 0;
  const compile = (libc: Libc, name: string, words: readonly string[], source: string) => {
    made += 1;
    const folder = join(stage, String(made));
    mkdirSync(folder, { recursive: true });
    const file = join(folder, name);
    const code = join(folder, 'source.c');
    writeFileSync(code, source);
    const [compiler, ...first] = compilerOf(libc);
    execFileSync(compiler, [...first, '-w', '-O1', '-o', file, code, ...words], { stdio: 'pipe' });
    return file;
  };
  return {
    root,
    library(libc, name, options = {}) {
      const { source = answer, flags = [], soname = name } = options;
      const words = ['-shared', '-fPIC', `-Wl,-soname,${soname}`, '-Wl,--no-as-needed'];
      return compile(libc, name, [...words, ...(options.with ?? []), ...flags], source);
    },
    program(libc, options = {}) {
      const { flags = [], with: libraries = [] } = options;
      const source = options.source ?? (libraries.length > 0 ? answering : alone);
      const words = ['-Wl,--allow-shlib-undefined', '-Wl,--no-as-needed'];
      return compile(libc, 'program', [...words, ...libraries, ...flags], source);
    },
    install(file, path, mode = 0o755) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      copyFileSync(realpathSync(file), join(root, path));
      chmodSync(join(root, path), mode);
    },
    write(path, text) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    link(path, target) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      symlinkSync(target, join(root, path));
    },
  };
}

function compilerOf(libc: Libc): readonly [string, ...string[]] {
  if (libc === 'musl') return ['musl-gcc'];
  if (libc === 'glibc') return ['gcc'];
  const folder = suiteFolder(libc);
  const libraries = join(folder, 'usr/lib/x86_64-linux-gnu');
  return ['gcc', `--sysroot=${folder}`, `-B${libraries}`, `-L${libraries}`];
}

/** Where `fetch-glibc.sh` leaves a release. */
export function suiteFolder(suite: DebianSuite): string {
  return join(repositoryRoot, '.cache/glibc', suite);
}

/** A copy of `file` with every `from` replaced by `to`, which must be as long. */
export function patched(file: string, from: Buffer, to: Buffer): string {
  const bytes = readFileSync(file);
  if (from.length !== to.length) throw new Error('a patch must not change the length');
  let at = bytes.indexOf(from);
  if (at < 0) throw new Error(`${basename(file)} does not hold what is to be patched`);
  for (; at >= 0; at = bytes.indexOf(from, at + to.length)) to.copy(bytes, at);
  const copy = `${file}-patched`;
  writeFileSync(copy, bytes);
  return copy;
}

/** The hash of DT_VERNEED and DT_VERDEF (gABI, Hash Table), little-endian. */
export function versionHash(name: string): Buffer {
  let hash = 0;
  for (const byte of Buffer.from(name)) {
    hash = ((hash << 4) + byte) >>> 0;
    const high = hash & 0xf0000000;
    hash = (hash ^ (high >>> 24)) & ~high;
  }
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(hash >>> 0);
  return bytes;
}
