import type { Recipe } from './compile.ts';
import type { Machine } from './lab-roots.ts';

type Libc = Recipe['libc'];

/** A way to build a program, and what its main does before it calls its libraries. */
export interface ProgramKind {
  readonly name: string;
  readonly mode: Recipe['mode'];
  readonly flags: readonly string[];
  /** Outside of functions. */
  readonly declarations: string;
  /** In main, behind the message that it started. */
  readonly statements: string;
  /** In main, before that message. */
  readonly first: string;
}

const plain: ProgramKind = {
  name: 'a PIE',
  mode: 'pie',
  flags: [],
  declarations: '',
  statements: '',
  first: '',
};

const table = `static int number = 7;
int *const pointers[64] __attribute__((section(".data.rel.ro"))) = { [0 ... 63] = &number };`;
const usesTable = 'int *const *volatile all = pointers; if (*all[9] != 7) return 1;';

/** Kinds of dynamic programs. */
export const dynamicKinds: readonly [ProgramKind, ...ProgramKind[]] = [
  plain,
  { ...plain, name: 'an ET_EXEC', mode: 'nopie' },
  { ...plain, name: 'a PIE bound at start', flags: ['-Wl,-z,now'] },
  { ...plain, name: 'a PIE bound lazily', flags: ['-Wl,-z,lazy'] },
  { ...plain, name: 'an ET_EXEC bound lazily', mode: 'nopie', flags: ['-Wl,-z,lazy'] },
  { ...plain, name: 'a PIE with DT_GNU_HASH only', flags: ['-Wl,--hash-style=gnu'] },
  { ...plain, name: 'a PIE with DT_HASH only', flags: ['-Wl,--hash-style=sysv'] },
  { ...plain, name: 'a stripped PIE', flags: ['-s'] },
  { ...plain, name: 'a PIE without RELRO', flags: ['-Wl,-z,norelro'] },
  { ...plain, name: 'a PIE in few segments', flags: ['-Wl,-z,noseparate-code'] },
  { ...plain, name: 'a PIE with segments of 2 MB', flags: ['-Wl,-z,max-page-size=0x200000'] },
  { ...plain, name: 'a PIE with an executable stack', flags: ['-Wl,-z,execstack'] },
  {
    ...plain,
    name: 'a PIE with DT_RELR',
    flags: ['-fuse-ld=lld', '-Wl,--pack-dyn-relocs=relr'],
    declarations: table,
    first: usesTable,
  },
  {
    ...plain,
    name: 'a PIE with DT_RELR by GNU ld',
    flags: ['-Wl,-z,pack-relative-relocs'],
    declarations: table,
    first: usesTable,
  },
  { ...plain, name: 'a PIE by lld', flags: ['-fuse-ld=lld'] },
  { ...plain, name: 'a PIE by mold', flags: ['-fuse-ld=mold'] },
  {
    ...plain,
    name: 'a PIE with thread-local variables',
    declarations: 'static __thread int local = 7;',
    statements: 'int *volatile at = &local; if (*at != 7) return 1;',
  },
  {
    ...plain,
    name: 'a PIE with a weak function that nobody has',
    declarations: 'extern int nobody(void) __attribute__((weak));',
    statements: 'if (nobody) return 1;',
  },
  {
    ...plain,
    name: 'a PIE with a constructor',
    declarations:
      'static int made; __attribute__((constructor)) static void make(void) { made = 7; }',
    first: 'if (made != 7) return 1;',
  },
  {
    ...plain,
    name: 'a PIE with text relocations',
    flags: ['-Wl,-z,notext'],
    declarations: 'asm(".text\\n.balign 8\\nmarker: .dc.a marker\\n");',
  },
  {
    ...plain,
    name: 'an ET_EXEC with an IFUNC of its own',
    mode: 'nopie',
    declarations: `static int real(void) { return 7; }
static void *choose(void) { return real; }
static int mine(void) __attribute__((ifunc("choose")));`,
    statements: 'if (mine() != 7) return 1;',
  },
  {
    ...plain,
    name: 'a PIE with an IFUNC of its own',
    declarations: `static int real(void) { return 7; }
static void *choose(void) { return real; }
static int mine(void) __attribute__((ifunc("choose")));`,
    statements: 'if (mine() != 7) return 1;',
  },
  {
    ...plain,
    name: 'a PIE that opens a library which is nowhere',
    declarations: 'void *dlopen(const char *, int);',
    flags: ['-ldl'],
    statements: 'if (dlopen("libnowhere.so", 2)) return 1;',
  },
];

/** Kinds that need no loader. */
export const staticKinds: readonly [ProgramKind, ...ProgramKind[]] = [
  { ...plain, name: 'a static program', mode: 'static' },
  { ...plain, name: 'a static PIE', mode: 'staticpie' },
  { ...plain, name: 'a static program, stripped', mode: 'static', flags: ['-s'] },
  {
    ...plain,
    name: 'a static program with a stack protector',
    mode: 'static',
    flags: ['-fstack-protector-strong'],
  },
];

/** Whether a compiler of this machine makes the kind. */
export function canBuild({ name, mode }: ProgramKind, machine: Machine, libc: Libc): boolean {
  if (mode === 'staticpie' && libc === 'musl' && machine === 'x86_64') return false;
  if (machine === 'x86_64') return true;
  return !/IFUNC|lld|mold|DT_RELR|dlopen|constructor|opens/.test(name);
}

export interface Program {
  readonly kind: ProgramKind;
  readonly machine: Machine;
  readonly libc: Libc;
  /** Called in turn; each gives 42. */
  readonly calls: readonly string[];
  readonly with: readonly string[];
  readonly flags: readonly string[];
}

export function recipeOf({ kind, machine, libc, calls, with: libraries, flags }: Program): Recipe {
  const source = `
#include <unistd.h>
${kind.declarations}
${calls.map((name) => `int ${name}(void);`).join('\n')}
int main(void) {
  ${kind.first}
  if (write(1, "started\\n", 8) != 8) return 1;
  ${kind.statements}
  ${calls.map((name) => `if (${name}() != 42) return 2;`).join('\n  ')}
  return 42;
}`;
  return {
    machine,
    libc,
    mode: kind.mode,
    source,
    with: libraries,
    flags: [...kind.flags, ...flags],
  };
}

export const plainKind: ProgramKind = plain;
