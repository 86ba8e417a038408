import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One program, before and after its symbols and debug information were moved out. Paths. */
export interface SplitProgram {
  readonly whole: string;
  readonly stripped: string;
  readonly debug: string;
  /** In hex; empty where the program has none. */
  readonly buildId: string;
}

const source = `#include <stdio.h>
#include <string.h>
__attribute__((noinline)) int one(const char *s) { char b[64]; strcpy(b, s); return b[9]; }
__attribute__((noinline)) int two(int n) { char b[128]; snprintf(b, n, "%d", n); puts(b); return b[3]; }
int main(int c, char **v) { char b[99]; sprintf(b, "%s", v[0]); printf("%s", b); return one(v[0]) + two(c); }
`;

const hardened = '-static -g -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong -Wl,--build-id=sha1';

/** Builds it by gcc in a folder of its own, and splits it as `objcopy --only-keep-debug`, `strip` and a link do. */
export function splitProgram(folder: string, flags: string = hardened): SplitProgram {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'program.c'), source);
  const run = (command: string, ...words: readonly string[]) =>
    execFileSync(command, words, { cwd: folder, encoding: 'utf8' });
  run('gcc', ...flags.split(' '), 'program.c', '-o', 'whole');
  run('objcopy', '--only-keep-debug', 'whole', 'program.debug');
  run('strip', '--strip-all', '--remove-section=.comment', '-o', 'stripped', 'whole');
  run('objcopy', '--add-gnu-debuglink=program.debug', 'stripped');
  const buildId = /Build ID: ([0-9a-f]+)/.exec(run('readelf', '-n', 'whole'))?.[1] ?? '';
  const at = (name: string) => join(folder, name);
  return { whole: at('whole'), stripped: at('stripped'), debug: at('program.debug'), buildId };
}

/** A copy at a path whose folders are made. */
export function placed(file: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(file, path);
}

/** Where packages of Debian put it. */
export function placeByBuildId(buildId: string): string {
  return `usr/lib/debug/.build-id/${buildId.slice(0, 2)}/${buildId.slice(2)}.debug`;
}
