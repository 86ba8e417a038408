/** Android is Linux with another C library; `none`: the file runs without an operating system. */
export type SystemName =
  | 'Linux'
  | 'Android'
  | 'FreeBSD'
  | 'OpenBSD'
  | 'NetBSD'
  | 'DragonFly BSD'
  | 'Solaris'
  | 'Fuchsia'
  | 'none'
  | 'unknown';

/** Loaders of systems whose kernel is not Linux, where their compilers say that they are. */
const otherLoaders: readonly (readonly [path: RegExp, system: SystemName])[] = [
  [/^\/usr\/libexec\/ld\.so$/, 'OpenBSD'],
  [/^(\/usr)?\/libexec\/ld-elf(32)?\.so\.1$/, 'FreeBSD'],
  [/^(\/usr)?\/libexec\/ld-elf\.so\.2$/, 'DragonFly BSD'],
  [/^(\/usr)?\/libexec\/ld\.elf_so(-[\w-]+)?$/, 'NetBSD'],
  [/^(\/usr)?\/lib\/(amd64|64|sparcv9)\/ld\.so\.1$|^\/usr\/lib\/ld\.so\.1$/, 'Solaris'],
  // Its process launcher gives the name to a service, which finds the library of that name.
  [/^((asan|hwasan)\/)?ld\.so\.1$/, 'Fuchsia'],
];

/** The system of the loader that a program names; null for one of Linux, or one that is not known. */
export function otherLoader(interpreter: string): SystemName | null {
  return otherLoaders.find(([path]) => path.test(interpreter))?.[1] ?? null;
}

const android = /^\/(system|apex\/com\.android\.runtime)\/bin\/(bootstrap\/)?linker(64)?$/;

/** glibc, musl and uClibc, wherever a distribution puts them. */
const linux =
  /\/(ld-linux[^/]*|ld-lsb[^/]*|ld64\.so\.\d|ld\.so\.1|ld-2\.\d+\.so|ld-musl-[^/]*|ld(64)?-uClibc[^/]*)$/;

/** null for a loader that is not known. */
export function systemOfLoader(interpreter: string): SystemName | null {
  const other = otherLoader(interpreter);
  if (other !== null) return other;
  if (android.test(interpreter)) return 'Android';
  return linux.test(interpreter) ? 'Linux' : null;
}
