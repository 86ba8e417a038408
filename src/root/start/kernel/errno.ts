/** Errors of system calls that end a start, in the words of runtimes (Go); libc begins them with a capital letter. */
const texts = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  ENOTDIR: 'not a directory',
  EISDIR: 'is a directory',
  ELOOP: 'too many levels of symbolic links',
  ENAMETOOLONG: 'file name too long',
  ENOEXEC: 'exec format error',
  ELIBBAD: 'accessing a corrupted shared library',
  EINVAL: 'invalid argument',
  EIO: 'input/output error',
  E2BIG: 'argument list too long',
} as const;

export type Errno = keyof typeof texts;

export function errorText(errno: Errno): string {
  return texts[errno];
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
