import type { Lab } from './lab.ts';
import type { Machine } from './lab-roots.ts';

/** One library of a chain: what its file is called, what it defines, and where it lies. */
export interface ChainLink {
  readonly name: string;
  /** The function that it defines. */
  readonly defines: string;
  /** Where its right file lies. */
  readonly path: string;
  readonly machine: Machine;
  readonly libc: 'musl' | 'alpine' | 'glibc';
  /** The same library with other source or flags. */
  rebuilt(change: {
    readonly source?: string;
    readonly flags?: readonly string[];
    readonly machine?: Machine;
    readonly mode?: 'lib' | 'pie' | 'nopie';
  }): string;
}

/** One thing that is wrong, or odd, about a library that has been installed. */
export interface Defect {
  readonly name: string;
  /** Of the library that the program is linked with. */
  readonly linkedFlags?: readonly string[];
  apply(lab: Lab, link: ChainLink): void;
}

const bare = ['-nostdlib', '-fno-asynchronous-unwind-tables'];

function edited(name: string, edit: (bytes: Buffer) => Buffer): Defect {
  return { name, apply: (lab, { path }) => lab.write(path, edit(lab.read(path)), 0o755) };
}

/** A byte of the ELF header set to another value. */
function header(name: string, at: number, value: number): Defect {
  return edited(name, (bytes) => {
    bytes[at] = value;
    return bytes;
  });
}

const otherMachine = (machine: Machine): Machine => (machine === 'aarch64' ? 'x86_64' : 'aarch64');

export const defects: readonly [Defect, ...Defect[]] = [
  { name: 'missing', apply: (lab, { path }) => lab.remove(path) },
  {
    name: 'for another machine',
    apply: (lab, { path, machine, rebuilt }) =>
      lab.install(rebuilt({ machine: otherMachine(machine), flags: bare }), path),
  },
  header('with another e_machine', 18, 183),
  header('with another class', 4, 1),
  header('with another byte order', 5, 2),
  header('with another EI_VERSION', 6, 9),
  header('with another e_version', 20, 9),
  header('for another OSABI', 7, 9),
  header('for ABI version 9', 8, 9),
  header('with another e_phentsize', 54, 57),
  header('with no program headers', 56, 0),
  header('of type ET_REL', 16, 1),
  header('of type ET_EXEC', 16, 2),
  header('of type ET_CORE', 16, 4),
  header('without a magic number', 0, 0x7e),
  {
    name: 'replaced by a directory',
    apply(lab, { path }) {
      lab.remove(path);
      lab.directory(path);
    },
  },
  { name: 'replaced by a loop of links', apply: (lab, { path }) => lab.symlink(path, path) },
  { name: 'replaced by a dangling link', apply: (lab, { path }) => lab.symlink(path, '/nowhere') },
  { name: 'of mode 0600', apply: (lab, { path }) => lab.chmod(path, 0o600) },
  { name: 'of mode 0000', apply: (lab, { path }) => lab.chmod(path, 0) },
  { name: 'of mode 0644', apply: (lab, { path }) => lab.chmod(path, 0o644) },
  edited('empty', () => Buffer.alloc(0)),
  edited('cut inside its ELF header', (bytes) => bytes.subarray(0, 40)),
  edited('cut behind its ELF header', (bytes) => bytes.subarray(0, 64)),
  edited('cut behind its program headers', (bytes) => bytes.subarray(0, 0x800)),
  edited('cut by its last 4 KB', (bytes) => bytes.subarray(0, Math.max(64, bytes.length - 4096))),
  edited('a linker script', () => Buffer.from('GROUP ( libx.so.1 AS_NEEDED ( libc.so ) )\n')),
  edited('a text of 2,000 characters', () => Buffer.alloc(2000, 'text ')),
  rebuilt('without the function', () => 'int other(void) { return 42; }'),
  rebuilt(
    'that hides the function',
    (name) => `__attribute__((visibility("hidden"))) ${good(name)}
int *address = (int *)${name};`,
  ),
  rebuilt('that has the function weak', (name) => `__attribute__((weak)) ${good(name)}`),
  rebuilt(
    'that has the function as an IFUNC',
    (name) => `static int real(void) { return 42; }
static void *choose(void) { return real; }
int ${name}(void) __attribute__((ifunc("choose")));`,
  ),
  rebuilt(
    'that calls a function nobody has',
    (name) => `${good(name)}
int nobody(void); int more(void) { return nobody(); }`,
  ),
  rebuilt(
    'that points to a function nobody has',
    (name) => `${good(name)}
int nobody(void); int (*at)(void) = nobody;`,
  ),
  rebuilt(
    'that knows a weak function nobody has',
    (name) => `
int nobody(void) __attribute__((weak)); int ${name}(void) { return nobody ? 1 : 42; }`,
  ),
  rebuilt(
    'that reads a variable nobody has',
    (name) => `${good(name)}
extern int nobodys; int more(void) { return nobodys; }`,
  ),
  rebuilt(
    'with thread-local variables',
    (name) => `static __thread int local = 42;
int ${name}(void) { return local; }`,
  ),
  rebuilt(
    'with thread-local variables of the initial model',
    (name) => `static __thread int local = 42;
int ${name}(void) { return local; }`,
    ['-ftls-model=initial-exec'],
  ),
  rebuilt(
    'that reads a thread-local variable nobody has',
    (name) => `extern __thread int nobodys;
${good(name)} int more(void) { return nobodys; }`,
  ),
  rebuilt(
    'with text relocations',
    (name) => `asm(".text; .balign 8; marker: .dc.a marker");
${good(name)}`,
    ['-Wl,-z,notext'],
  ),
  rebuilt('with an executable stack', good, ['-Wl,-z,execstack']),
  rebuilt('with another DT_SONAME', good, ['-Wl,-soname,libother.so.9']),
  rebuilt('without DT_SONAME', good, ['-Wl,-soname,']),
  rebuilt('with DT_HASH only', good, ['-Wl,--hash-style=sysv']),
  rebuilt('with DT_GNU_HASH only', good, ['-Wl,--hash-style=gnu']),
  rebuilt('with symbol versions', good, ['-Wl,--default-symver']),
  {
    ...rebuilt('that has lost its symbol versions', good),
    linkedFlags: ['-Wl,--default-symver'],
  },
  {
    ...rebuilt('with symbol versions of another name', good, [
      '-Wl,--default-symver,-soname,libother.so.9',
    ]),
    linkedFlags: ['-Wl,--default-symver'],
  },
  rebuilt('with segments of 2 MB', good, ['-Wl,-z,max-page-size=0x200000']),
  rebuilt('with an ABI tag', good, ['-Wl,-z,nodlopen']),
  rebuilt(
    'that must be bound at start',
    (name) => `${good(name)}
int nobody(void); int more(void) { return nobody(); }`,
    ['-Wl,-z,now'],
  ),
  rebuilt('that is a filter of a library which is nowhere', good, ['-Wl,-F,libnowhere.so']),
  rebuilt(
    'with DT_INIT at a constructor',
    (name) => `static int value;
__attribute__((constructor)) static void make(void) { value = 42; } int ${name}(void) { return value; }`,
  ),
  {
    name: 'that is a PIE',
    apply: (lab, { path, defines, rebuilt: again }) =>
      lab.install(
        again({
          source: `${good(defines)} int main(void) { return 1; }`,
          mode: 'pie',
          flags: ['-rdynamic'],
        }),
        path,
      ),
  },
  {
    name: 'that needs a library which is nowhere',
    apply(lab, { path, defines, machine, libc, rebuilt: again }) {
      const nowhere = lab.compile({
        machine,
        libc,
        mode: 'lib',
        name: 'libnowhere.so',
        source: 'int nothing(void) { return 0; }',
        flags: bare,
      });
      lab.install(again({ source: good(defines), flags: [nowhere] }), path);
    },
  },
];

function good(name: string): string {
  return `int ${name}(void) { return 42; }`;
}

function rebuilt(
  name: string,
  sourceOf: (defines: string) => string,
  flags: readonly string[] = [],
): Defect {
  return {
    name,
    apply: (lab, { path, defines, rebuilt: again }) =>
      lab.install(again({ source: sourceOf(defines), flags }), path),
  };
}
