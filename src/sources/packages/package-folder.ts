import type { Entry } from '../../archive/entry.ts';
import { DamagedInput, UsageError } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { encodeName } from '../../base/text.ts';
import { walkDirectory } from '../directory/directory-walk.ts';
import { claimant } from '../input/find-source.ts';
import { openInput } from '../input/open-input.ts';
import type { Source } from '../source.ts';

/** Files without a package among them that are looked at before a folder is taken for something else. */
const mostBefore = 200;

/** Alpine's index is signed as its packages are, and begins as they do. */
const indexes: ReadonlySet<string> = new Set(['APKINDEX.tar.gz']);

/**
 * The packages below a folder, by path. `repository`: null when it holds anything else that would be judged, so that
 * nothing is left out; lists, signatures and texts may be there.
 */
export async function packagesIn(
  folder: string,
  limits: Limits,
  as: 'repository' | 'any folder',
): Promise<readonly string[] | null> {
  const packages: string[] = [];
  let others = 0;
  for await (const entry of walkDirectory(folder, limits, () => {})) {
    const path = entry.type === 'file' && entry.size > 0 ? pathOf(folder, entry) : null;
    if (path === null) continue;
    const source = await sourceOf(path, limits);
    if (source?.opens === 'packages') packages.push(path);
    else if (as === 'repository' && source !== null) return null;
    else others += 1;
    if (as === 'repository' && packages.length === 0 && others > mostBefore) return null;
  }
  return packages.length > 0 ? packages : null;
}

/** null for a name that cannot be said in a reference, since it is not UTF-8, and for an index. */
function pathOf(folder: string, { path }: Entry): string | null {
  if (indexes.has(path.split('/').at(-1) ?? '')) return null;
  const isText = Buffer.from(path).equals(encodeName(path));
  return isText ? `${folder.replace(/\/+$/, '')}/${path}` : null;
}

/** null: nothing that can be opened. Opening it reports damage. */
async function sourceOf(path: string, limits: Limits): Promise<Source | null> {
  try {
    const { input, close } = await openInput(path, limits);
    try {
      return await claimant(input);
    } finally {
      close();
    }
  } catch (error) {
    if (error instanceof DamagedInput || error instanceof UsageError) return null;
    throw error;
  }
}
