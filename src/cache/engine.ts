import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../version.ts';

/** Everything that decides what a catalog holds. */
const rooms = [
  '.',
  'archive',
  'code',
  'code/machines',
  'elf',
  'facts',
  'layers',
  'root',
  'sources',
];

/**
 * Names this engine: what another one found may be wrong by now. The version alone would not do while hullcheck itself
 * is changed, so sizes and times of its files count too; looking at them takes milliseconds.
 */
export function engineName(): string {
  const hash = createHash('sha256').update(version);
  for (const room of rooms) {
    const folder = join(import.meta.dirname, '..', room);
    for (const name of readdirSync(folder).sort()) {
      if (!/\.[jt]s$/.test(name)) continue;
      const { size, mtimeMs } = statSync(join(folder, name));
      hash.update(`${room}/${name} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}
