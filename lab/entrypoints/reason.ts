/** Why an image does not start, whatever words runtimes, shells and loaders have for it. */
export type Reason =
  | 'no command'
  | 'unknown user'
  | 'library'
  | 'missing symbol'
  | 'bad loader'
  | 'loop of links'
  | 'not a directory'
  | 'name too long'
  | 'no program'
  | 'input/output error'
  | 'permission'
  | 'option'
  | 'not there'
  | 'link in place of a directory'
  | 'killed'
  | 'relative working directory'
  | 'other';

/** The first that fits counts: a loader reports the symbols of a library that it did not find too. */
const words: readonly (readonly [RegExp, Reason])[] = [
  [/too many levels/, 'loop of links'],
  [/args must not be empty|open executable: invalid argument|names no command/, 'no command'],
  [/unable to find (user|group)|uids and gids must be in range/, 'unknown user'],
  [/corrupted shared library/, 'bad loader'],
  // The same library is "not found" to one loader and "too short" to the other.
  [/shared library|shared libraries|unsupported relocation/, 'library'],
  [/symbol not found|symbol lookup|undefined symbol/, 'missing symbol'],
  [/not a directory/, 'not a directory'],
  [/name too long/, 'name too long'],
  [/exec format error/, 'no program'],
  [/input\/output error/, 'input/output error'],
  // Of a directory: "operation not permitted" by crun, and "is a directory" by newer releases of runc.
  [/permission denied|operation not permitted|is a directory/, 'permission'],
  [/(illegal|unrecognized|invalid) option/, 'option'],
  [/cwd must be an absolute path/, 'relative working directory'],
  [/mkdir .*file exists/, 'link in place of a directory'],
  [/no such file|not found|can't execute|cannot run executable found relative/, 'not there'],
  [/sigsegv|sigbus|signal|segmentation|killed|crashes|dies/, 'killed'],
];

export function reasonOf(text: string, status: number | null = null): Reason {
  const lower = text.toLowerCase().replace(/\s+/g, ' ');
  const found = words.find(([pattern]) => pattern.test(lower));
  if (found !== undefined) return found[1];
  return status === null || status < 128 ? 'other' : 'killed';
}
