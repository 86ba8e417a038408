import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../base/version.ts';

/**
 * Names this engine: what another one found may be wrong by now. The version alone would not do while hullcheck itself
 * is changed, so names, sizes and times of the program's files count too. Looking at them takes milliseconds: a bundle
 * has a digest of what it was made of in place of this module.
 */
export function engineName(): string {
  const hash = createHash('sha256').update(version);
  const source = join(import.meta.dirname, '..');
  for (const folder of [source, join(source, '..', 'rules')]) {
    for (const name of programFiles(folder)) {
      const { size, mtimeMs } = statSync(join(folder, name));
      hash.update(`${name} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

function programFiles(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /(?<!\.d|\.test)\.([jt]s|css|html)$/.test(name)).sort();
}
