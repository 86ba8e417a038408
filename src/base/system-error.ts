import { UnreadablePart, UsageError } from './errors.ts';

/** `ENOENT`, `EACCES` ...; '' when the error is not the system's. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}

/** In words where the code has common ones: `permission denied`. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return reasons.get(code) ?? (code === '' ? String(error) : code);
}

/** A refusal while a file is read costs what lies in it; any other error is a bug and goes on. */
export function unreadable(error: unknown): never {
  if (codeOf(error) === '') throw error;
  throw new UnreadablePart(`the file cannot be read: ${reasonOf(error)}`);
}

/** Runs something on what the user named: a refusal of the system is the user's to solve. */
export function explained<Result>(path: string, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (codeOf(error) === '') throw error;
    throw new UsageError(`${path}: ${reasonOf(error)}`);
  }
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'operation not permitted'],
  ['ENOENT', 'no such file or directory'],
  ['ELOOP', 'too many symbolic links'],
  ['EIO', 'input/output error'],
  ['ENOSPC', 'no space left on the disk'],
  ['EDQUOT', 'the quota of the disk is used up'],
  ['EFBIG', 'the file would be larger than the system allows'],
  ['EROFS', 'the file system is read-only'],
  ['ENAMETOOLONG', 'the path is too long for the system'],
  ['EMFILE', 'too many open files'],
]);
