import { readdirSync } from 'node:fs';
import { UsageError } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { codeOf } from '../../base/system-error.ts';
import { packagesIn } from '../packages/package-folder.ts';
import { expandGlob, isGlob } from './expand-glob.ts';
import { splitScheme } from './find-source.ts';
import { holdingOf } from './kind-by-names.ts';
import { isFolder } from './nothing-here.ts';
import { isNothingHere } from './path-of-reference.ts';

/** In front of a folder whose packages are meant, whatever else is in it. */
export const packageFolder = {
  scheme: 'packages',
  summary: 'a directory of packages; each of them is an input',
  recognised: 'a directory that contains packages, and nothing else to judge',
  opens: 'packages',
} as const;

const folderScheme = `${packageFolder.scheme}:`;

/**
 * The inputs that references name, in their order: what a glob matches, where nothing has the name of the glob itself,
 * and the packages of a folder that is a repository of them. What names one input stays as it is, and so does a glob
 * that matches nothing: opening it reports that. Throws UsageError.
 */
export async function expandReferences(
  references: readonly string[],
  limits: Limits,
): Promise<readonly string[]> {
  const expanded: string[] = [];
  for (const reference of references) expanded.push(...(await expandOne(reference, limits)));
  return expanded;
}

async function expandOne(reference: string, limits: Limits): Promise<readonly string[]> {
  if (reference.startsWith(folderScheme))
    return demandPackages(reference.slice(folderScheme.length), limits);
  const { scheme, rest, isRemote } = splitScheme(reference);
  if (isRemote) return [reference];
  const found = isGlob(rest) && isNothingHere(rest) ? expandGlob(rest, limits) : [];
  if (scheme !== null)
    return found.length === 0 ? [reference] : found.map((path) => `${scheme}:${path}`);
  if (found.length > 0) return expandReferences(found, limits);
  const packages = isPlainFolder(rest) ? await packagesIn(rest, limits, 'repository') : null;
  return packages ?? [reference];
}

async function demandPackages(path: string, limits: Limits): Promise<readonly string[]> {
  if (!isFolder(path)) throw new UsageError(`${path} is not a directory, which packages: requires`);
  const packages = await packagesIn(path, limits, 'any folder');
  if (packages !== null && packages.length > 0) return packages;
  throw new UsageError(`${path} holds no package`);
}

/** A directory that is neither a root file system nor an image. */
function isPlainFolder(path: string): boolean {
  if (!isFolder(path)) return false;
  try {
    return holdingOf(readdirSync(path)) === 'other';
  } catch (error) {
    // Opening it reports that.
    if (codeOf(error) !== '') return false;
    throw error;
  }
}
