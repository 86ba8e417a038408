import { EM } from '../../elf/constants.ts';
import type { FileHeader } from '../../elf/records.ts';

type Default = 'executable' | 'not-executable' | 'not-known';

/** What a missing mark comes to, by who reads it. */
export interface StackDefaults {
  /** Main stack of a program without PT_GNU_STACK (Linux, elf_read_implies_exec of each architecture). */
  readonly kernel: Default | 'executable-before-5.8';
  /** glibc's DEFAULT_STACK_PERMS: stacks of threads, and of the whole process once such a library is loaded. */
  readonly glibc: Default;
  /** GNU ld's elf_backend_default_execstack: the program linked from an object without .note.GNU-stack. */
  readonly linker: Default;
}

export function stackDefaults({ machine, bits }: FileHeader): StackDefaults {
  // The 31-bit machine shares its number with s390x and has the defaults of its time.
  const known = machine === EM.S390 && bits === 32 ? old : byMachine.get(machine);
  return known ?? defaults('not-known', 'not-known', 'not-known');
}

const old = defaults('executable', 'executable', 'executable');
const modern = defaults('not-executable', 'not-executable', 'not-executable');

/** Measured on x86-64, i386, aarch64 and arm (Linux 6.18, glibc 2.36, musl 1.2.3); others by their sources. */
const byMachine: ReadonlyMap<number, StackDefaults> = new Map([
  [EM.X86_64, defaults('executable-before-5.8', 'executable', 'executable')],
  [EM.AARCH64, defaults('executable-before-5.8', 'not-executable', 'not-executable')],
  [EM.RISCV, modern],
  [EM.LOONGARCH, modern],
  [EM.PPC64, modern],
  [EM.S390, defaults('not-executable', 'executable', 'executable')],
  [EM.SPARCV9, defaults('not-known', 'executable', 'executable')],
  [EM.I386, old],
  [EM.ARM, old],
  [EM.PPC, old],
  [EM.MIPS, old],
  [EM.SPARC, old],
  [EM.SPARC32PLUS, old],
]);

function defaults(kernel: StackDefaults['kernel'], glibc: Default, linker: Default): StackDefaults {
  return { kernel, glibc, linker };
}
