/** Loaders of systems whose kernel is not Linux, where their compilers say that they are. */
const otherLoaders: readonly (readonly [path: RegExp, system: string])[] = [
  [/^\/usr\/libexec\/ld\.so$/, 'OpenBSD'],
  [/^\/libexec\/ld-elf(32)?\.so\.1$/, 'FreeBSD'],
  [/^(\/usr)?\/libexec\/ld\.elf_so$/, 'NetBSD'],
  [/^(\/usr)?\/lib\/(amd64|64|sparcv9)\/ld\.so\.1$|^\/usr\/lib\/ld\.so\.1$/, 'Solaris'],
];

/** The system of the loader that a program names; null for one of Linux, or one that is not known. */
export function otherLoader(interpreter: string): string | null {
  return otherLoaders.find(([path]) => path.test(interpreter))?.[1] ?? null;
}
