import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { version } from '../version.ts';

/**
 * Names this engine: what another one found may be wrong by now. The version alone would not do while hullcheck itself
 * is changed, so names, sizes and times of the program's files count too; looking at them takes milliseconds. Bundled,
 * they are few, and named after their content.
 */
export function engineName(): string {
  const hash = createHash('sha256').update(version);
  for (const folder of programFolders(import.meta.dirname)) {
    for (const name of programFiles(folder)) {
      const { size, mtimeMs } = statSync(join(folder, name));
      hash.update(`${name} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

/** A bundle is one folder; before that this file lies one deeper, and the rules beside. */
function programFolders(here: string): readonly string[] {
  const source = join(here, '..');
  return basename(here) === 'cache' ? [source, join(source, '..', 'rules')] : [here];
}

function programFiles(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /(?<!\.d)\.[jt]s$/.test(name)).sort();
}
