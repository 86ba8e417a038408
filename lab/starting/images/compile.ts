import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../../test/support/repository.ts';
import type { Machine } from './lab-roots.ts';

export type Mode = 'pie' | 'nopie' | 'static' | 'staticpie' | 'lib';

export interface Recipe {
  readonly machine: Machine;
  /** `musl`: as the machine's musl-gcc links, with libc.so. `alpine`: as Alpine's gcc does, with libc.musl-ARCH.so.1. */
  readonly libc: 'musl' | 'alpine' | 'glibc';
  readonly mode: Mode;
  /** C. */
  readonly source: string;
  readonly flags?: readonly string[];
  /** Libraries to link, in this order. */
  readonly with?: readonly string[];
  /** Of a library; null: none. Default: `name`. */
  readonly soname?: string | null;
  /** Of the file. */
  readonly name?: string;
}

const modes: Readonly<Record<Mode, readonly string[]>> = {
  pie: ['-fPIE', '-pie'],
  nopie: ['-fno-pie', '-no-pie'],
  static: ['-fno-pie', '-no-pie', '-static'],
  staticpie: ['-fPIC', '-static-pie'],
  lib: ['-fPIC', '-shared'],
};

/** Compiles each recipe once: what two cases share is made for the first. */
export type Compiler = (recipe: Recipe) => string;

export function createCompiler(stage: string): Compiler {
  const compile = (given: Recipe): string => {
    const recipe =
      given.machine === 'riscv64' && given.libc === 'alpine' ? bare(given, compile) : given;
    const { mode, source, name = mode === 'lib' ? 'libx.so' : 'program' } = recipe;
    const command = commandOf(recipe);
    const linking = linkingWords(recipe, name);
    const key = createHash('sha256')
      .update(JSON.stringify([command, linking, source, name]))
      .digest('hex')
      .slice(0, 20);
    const folder = join(stage, key);
    const file = join(folder, name);
    if (existsSync(file)) return file;
    mkdirSync(folder, { recursive: true });
    const code = join(folder, 'source.c');
    writeFileSync(code, source);
    const [program = '', ...words] = command;
    execFileSync(program, [...words, '-w', '-O1', '-o', `${file}.part`, code, ...linking], {
      stdio: 'pipe',
    });
    renameSync(`${file}.part`, file);
    return file;
  };
  return compile;
}

/** Debian has no musl for this machine: start code of our own, and a library that stands in for musl at link time. */
function bare(recipe: Recipe, compile: Compiler): Recipe {
  const { machine, mode, source, with: libraries = [], flags = [] } = recipe;
  const soname = 'libc.musl-riscv64.so.1';
  if (recipe.name === soname) return recipe;
  const functions = 'int write() {} int __libc_start_main() {} void *dlopen() {} int dprintf() {}';
  const libc = compile({ machine, libc: 'alpine', mode: 'lib', name: soname, source: functions });
  const start = `
asm(".globl _start; _start: mv a0, sp; andi sp, sp, -16; tail begin");
int main(void); int __libc_start_main();
void begin(long *at) { __libc_start_main(main, *at, at + 1, 0, 0, 0); }`;
  return {
    ...recipe,
    source: mode === 'lib' ? source : `${source}${start}`,
    with: [...libraries, libc],
    flags: ['-Wl,-dynamic-linker,/lib/ld-musl-riscv64.so.1', ...flags],
  };
}

function commandOf({ machine, libc, mode }: Recipe): readonly string[] {
  if (libc === 'musl' && machine === 'x86_64') return ['musl-gcc', ...modes[mode]];
  if (libc !== 'glibc' && machine === 'riscv64') {
    return ['riscv64-linux-gnu-gcc', ...modes[mode], '-nostdlib', '-nostartfiles', '-mno-relax'];
  }
  if (libc !== 'glibc') return [join(repositoryRoot, 'scripts/musl-cc.sh'), machine, 'gcc', mode];
  if (machine === 'x86_64') return ['gcc', ...modes[mode]];
  if (machine === 'i386') return ['gcc', '-m32', ...modes[mode]];
  return [`${machine}-linux-gnu-gcc`, ...modes[mode]];
}

function linkingWords({ mode, flags = [], with: libraries = [], soname }: Recipe, name: string) {
  const own = soname === undefined ? name : soname;
  return [
    ...(mode === 'lib' && own !== null ? [`-Wl,-soname,${own}`] : []),
    ...(mode.startsWith('static') ? [] : ['-Wl,--no-as-needed', '-Wl,--allow-shlib-undefined']),
    ...libraries,
    ...flags,
  ];
}
