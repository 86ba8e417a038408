import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface NamedProgram {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Larger ones take long to write, and bring nothing new. */
const largest = 64 * 1024;

/** The project's samples that this machine can start. */
export function samplePrograms(repository: string): readonly NamedProgram[] {
  const folder = join(repository, 'samples', 'elf');
  return readdirSync(folder)
    .filter((name) => /^(x86_64|i386)-/.test(name) && !/-object-|-module-|-core$/.test(name))
    .filter((name) => statSync(join(folder, name)).size <= largest)
    .map((name) => ({ name, bytes: readFileSync(join(folder, name)) }));
}

/** Without a libc, so that a compiler is all that they need. */
const source = `
static char zeros[20000];
static int data[1500] = { 1 };
const char text[3000] = "text";
__attribute__((used)) void _start(void) { for (;;) data[0] += zeros[data[1]] + text[data[2]]; }
`;

const machines = [['-m64'], ['-m32']] as const;
const kinds = [
  ['-static', '-no-pie'],
  ['-static-pie', '-fPIE'],
  ['-shared', '-fPIC'],
  ['-no-pie', '-Wl,-z,noseparate-code'],
] as const;
const layouts = [
  [],
  ['-Wl,-z,execstack'],
  ['-Wl,-z,max-page-size=0x10000'],
  ['-Wl,-N'],
  ['-Wl,-z,norelro', '-Wl,-z,noseparate-code'],
] as const;

/** Programs of every kind that gcc makes for x86. */
export function builtPrograms(folder: string): readonly NamedProgram[] {
  const file = join(folder, 'program.c');
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, source);
  return machines.flatMap((machine) =>
    kinds.flatMap((kind) =>
      layouts.flatMap((layout) => {
        const output = join(folder, 'program');
        const flags = [...machine, ...kind, ...layout];
        execFileSync('gcc', [...flags, '-O1', '-nostdlib', '-ffreestanding', '-o', output, file], {
          stdio: 'pipe',
        });
        return existsSync(output) ? [{ name: flags.join(' '), bytes: readFileSync(output) }] : [];
      }),
    ),
  );
}
