import { extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from './repository.ts';

/** Where this form of the project lies: the repository when tests run from their sources, else `dist`. */
const tree = join(import.meta.dirname, '../..');

/** `.ts` or `.js`. */
const ending = extname(import.meta.filename);

/** The file of a module, such as `src/cli`, in the form in which the tests run: as it is written, or compiled. */
export function modulePath(name: string): string {
  return join(tree, `${name}${ending}`);
}

/** As `modulePath`, for threads and imports. */
export function moduleUrl(name: string): URL {
  return pathToFileURL(modulePath(name));
}

const { HULLCHECK_TEST_PROGRAM: chosen } = process.env;

/**
 * What Node starts as the program: the sources or the compiled modules that the tests belong to. The variable
 * HULLCHECK_TEST_PROGRAM names another one, from the repository on, such as the bundle that is published.
 */
export const program: string =
  chosen === undefined ? modulePath('src/cli') : resolve(repositoryRoot, chosen);
