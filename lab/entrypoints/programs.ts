import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Compiler = 'musl-gcc' | 'gcc';

export interface Source {
  /** C. Default: prints `started`. */
  readonly code?: string;
  readonly flags?: readonly string[];
  /** Libraries of this workshop, linked in this order. */
  readonly with?: readonly Library[];
}

export interface Library {
  readonly name: string;
  readonly content: Buffer;
}

const started = `
#include <unistd.h>
int main(void) { return write(1, "started\\n", 8) == 8 ? 0 : 1; }`;

/** Uses what `library` makes by default. */
export const asksLibrary = `
#include <unistd.h>
int answer(void);
int main(void) { return write(1, "started\\n", 8) == 8 ? answer() - 42 : 1; }`;

/** As tini: starts what its arguments after `--` name, by PATH. */
export const starter = `
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
int main(int count, char **words) {
  int at = 1;
  while (at < count && words[at][0] == '-') at++;
  if (at == count) return 1;
  execvp(words[at], words + at);
  fprintf(stderr, "exec %s failed: %s\\n", words[at], strerror(errno));
  return errno == ENOENT ? 127 : 126;
}`;

/** Compiles programs for images; the same one only once. */
export class Programs {
  readonly #folder: string;
  readonly #made = new Map<string, Buffer>();

  /** `folder`: for its own use. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Needs nothing but the kernel. */
  static(source: Source = {}): Buffer {
    return this.program('musl-gcc', { ...source, flags: ['-static', ...(source.flags ?? [])] });
  }

  program(
    compiler: Compiler,
    { code = started, flags = [], with: libraries = [] }: Source = {},
  ): Buffer {
    const words = ['-Wl,--allow-shlib-undefined', '-Wl,--no-as-needed', ...flags];
    return this.#compile(compiler, 'program', code, words, libraries);
  }

  library(compiler: Compiler, name: string, source: Source = {}): Library {
    const { code = 'int answer(void) { return 42; }', flags = [], with: libraries = [] } = source;
    const words = ['-shared', '-fPIC', `-Wl,-soname,${name}`, '-Wl,--no-as-needed', ...flags];
    return { name, content: this.#compile(compiler, name, code, words, libraries) };
  }

  #compile(
    compiler: Compiler,
    name: string,
    code: string,
    flags: readonly string[],
    libraries: readonly Library[],
  ): Buffer {
    const key = JSON.stringify([
      compiler,
      name,
      code,
      flags,
      libraries.map((library) => library.name),
    ]);
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const folder = join(this.#folder, String(this.#made.size));
    mkdirSync(folder);
    const source = join(folder, 'source.c');
    writeFileSync(source, code);
    const linked = libraries.map((library) => {
      const place = join(folder, library.name);
      writeFileSync(place, library.content);
      return place;
    });
    const result = join(folder, name);
    const words = ['-w', '-O1', '-s', '-o', result, source, ...linked, ...flags];
    execFileSync(compiler, words, { stdio: 'pipe' });
    const made = readFileSync(result);
    this.#made.set(key, made);
    return made;
  }
}
