import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The database of apk for everything that lies in `root`, as images of Wolfi have it: one package, whose digests are those
 * of the files.
 */
export function writeApkDatabase(root: string): void {
  const folders = foldersBelow(root, '');
  const text = `${[
    `C:${digestOf(Buffer.from('glibc-2.36-r9'))}`,
    'P:glibc',
    'V:2.36-r9',
    'A:x86_64',
    'T:the GNU C library',
    'U:https://www.gnu.org/software/libc',
    'L:LGPL-2.1-or-later',
    'o:glibc',
    't:1760000000',
    ...folders.flatMap(({ path, files }) => [
      `F:${path}`,
      'M:0:0:0755',
      ...files.flatMap((name) => {
        const place = join(root, path, name);
        const isLink = lstatSync(place).isSymbolicLink();
        return [
          `R:${name}`,
          `a:0:0:${isLink ? '777' : '755'}`,
          ...(isLink ? [] : [`Z:${digestOf(readFileSync(place))}`]),
        ];
      }),
    ]),
  ].join('\n')}\n\n`;
  mkdirSync(join(root, 'usr/lib/apk/db'), { recursive: true });
  writeFileSync(join(root, 'usr/lib/apk/db/installed'), text);
}

interface Folder {
  readonly path: string;
  readonly files: readonly string[];
}

function foldersBelow(root: string, path: string): readonly Folder[] {
  const entries = readdirSync(join(root, path), { withFileTypes: true });
  const inner = entries.filter((each) => each.isDirectory()).map(({ name }) => join(path, name));
  const files = entries.filter((each) => !each.isDirectory()).map(({ name }) => name);
  return [
    ...(files.length > 0 ? [{ path, files }] : []),
    ...inner.flatMap((each) => foldersBelow(root, each)),
  ];
}

/** apk writes SHA-1 as `Q1` and base64. */
function digestOf(bytes: Buffer): string {
  return `Q1${createHash('sha1').update(bytes).digest('base64')}`;
}
