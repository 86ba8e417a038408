import * as nodeModule from 'node:module';
import { isAbsolute, join } from 'node:path';
import { makePrivateFolder } from '../cache/private-files.ts';

/**
 * Lets Node keep what it compiled of the program, where it can (from 22.1 on) and the user has a place for it. Node's
 * own default is a folder that everyone can write to: the user who created it first could put code there.
 */
export function enableCompileCache(env: Readonly<Record<string, string | undefined>>): void {
  const { XDG_CACHE_HOME: xdg = '', HOME: home = '' } = env;
  const place = isAbsolute(xdg) ? xdg : isAbsolute(home) ? join(home, '.cache') : null;
  const enable: unknown = Reflect.get(nodeModule, 'enableCompileCache');
  if (place === null || typeof enable !== 'function') return;
  const folder = join(place, 'hullcheck', 'compiled');
  // What lies there is run.
  const isPrivate = [join(place, 'hullcheck'), folder].every(
    (path) => makePrivateFolder(path) === null,
  );
  if (isPrivate) enable(folder);
}
