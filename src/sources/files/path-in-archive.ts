import { posix } from 'node:path';

/** `./manifest.json`, `/manifest.json` and `a/../manifest.json` are all `manifest.json`; `..` never leaves the archive. */
export function cleanName(name: string): string {
  return posix.normalize(`/${name}`).replace(/\/+$/, '').slice(1);
}

/** Where a symbolic link at `name` leads. */
export function linkedName(name: string, target: string): string {
  return cleanName(
    target.startsWith('/') ? target : posix.join(posix.dirname(cleanName(name)), target),
  );
}
