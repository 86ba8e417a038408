import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { extractFacts } from '../../src/extraction/extract-facts.ts';

/**
 * Programs and libraries that say "ran" by their first instructions, cut at every half a kilobyte and really used: what
 * nothing can run or load must never say it.
 */
const reason =
  process.platform === 'linux' && process.arch === 'x64'
    ? false
    : 'the programs are for Linux on x86-64';

const says = 'movl $1, %edi; movl $4, %edx; leaq text(%rip), %rsi; movl $1, %eax; syscall';
const exits = 'xorl %edi, %edi; movl $60, %eax; syscall';
/** The text lies next to the code, so that nothing but its page is needed. */
const code = `.globl _start, used; _start: used: ${says}; ${exits}; text: .ascii "ran\\n"`;
const program = `
__asm__(".text; ${code.replaceAll('"', '\\"').replace('\\\\n', '\\\\n')}");
int data[2000] = { 1 };
#ifdef ZEROS
int zeros[9];
#endif
const char *pointer = (const char *) data;
`;
const library = `
extern void used(void);
__attribute__((section(".init_array"), used)) static void (*const start)(void) = used;
${program.replace('_start, used; _start: used', 'used; used')}
`;
const user = `
#include <dlfcn.h>
int main(int count, char **paths) { return count > 1 && dlopen(paths[1], RTLD_NOW) ? 0 : 1; }
`;

const kinds: readonly {
  readonly name: string;
  readonly flags: readonly string[];
  readonly compiler?: 'musl-gcc';
  readonly source?: string;
  readonly isLibrary?: true;
}[] = [
  { name: 'a program of glibc', flags: ['-pie', '-fPIE', '-lc'] },
  { name: 'a program at a fixed address', flags: ['-no-pie', '-lc'] },
  {
    name: 'a program in one executable segment',
    flags: ['-pie', '-fPIE', '-lc', '-Wl,-z,noseparate-code'],
  },
  { name: 'a program of musl', compiler: 'musl-gcc', flags: ['-pie', '-fPIE', '-lc'] },
  { name: 'a static program', flags: ['-static', '-no-pie'] },
  { name: 'a static PIE', flags: ['-static-pie', '-fPIE'] },
  { name: 'a static PIE in one segment', flags: ['-static-pie', '-fPIE', '-Wl,-N'] },
  { name: 'a library that has an entry point', flags: ['-shared', '-fPIC', '-Wl,-e,_start'] },
  { name: 'a library', flags: ['-shared', '-fPIC'], source: library, isLibrary: true },
  {
    name: 'a library in one executable segment',
    flags: ['-shared', '-fPIC', '-Wl,-z,noseparate-code'],
    source: library,
    isLibrary: true,
  },
];

/** What is left of a cut file may do anything. */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

describe('what nothing can run or load never runs', { skip: reason }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'cut-files-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  chmodSync(folder, 0o755);
  const asNobody = { ...nobody, cwd: folder, timeout: 60_000 };
  const user = builtUser(folder);

  // Where zeros follow a segment, Linux and loaders write them, and fail where the file has no such page.
  const all = kinds.flatMap(({ name, flags, ...kind }) => [
    { ...kind, name, flags },
    { ...kind, name: `${name}, with zeros`, flags: [...flags, '-DZEROS'] },
  ]);
  for (const { name, flags, compiler = 'gcc', source = program, isLibrary } of all) {
    test(name, () => {
      const whole = built(folder, compiler, flags, source);
      const used = { idle: 0, ran: 0 };
      for (let size = 512; size < whole.length; size += 512) {
        const cut = whole.subarray(0, size);
        const file = join(folder, `cut-${size}`);
        writeFileSync(file, cut, { mode: 0o755 });
        const { stdout } = isLibrary
          ? spawnSync(user, [file], asNobody)
          : spawnSync(file, asNobody);
        const ran = stdout?.toString() === 'ran\n';
        const isNothing = takenByNothing(cut);
        assert.ok(!(ran && isNothing), `cut at ${size}, it runs`);
        if (ran) used.ran += 1;
        if (isNothing) used.idle += 1;
      }
      assert.ok(used.ran > 0, `none of the files runs`);
      assert.ok(used.idle > 0 || !flags.includes('-DZEROS'), `none of the files is nothing`);
    });
  }
});

function built(folder: string, compiler: string, flags: readonly string[], source: string): Buffer {
  const [from, to] = [join(folder, 'file.c'), join(folder, 'file')];
  writeFileSync(from, source);
  execFileSync(compiler, ['-O1', '-nostartfiles', '-nodefaultlibs', '-o', to, from, ...flags], {
    stdio: 'pipe',
  });
  return readFileSync(to);
}

function builtUser(folder: string): string {
  const [from, to] = [join(folder, 'user.c'), join(folder, 'user')];
  writeFileSync(from, user);
  execFileSync('gcc', ['-O1', '-o', to, from], { stdio: 'pipe' });
  return to;
}

function takenByNothing(bytes: Buffer): boolean {
  const { acceptance } = extractFacts(bytes, new Set(['acceptance']));
  return acceptance.known && acceptance.value.by === 'nothing';
}
