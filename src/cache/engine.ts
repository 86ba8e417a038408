import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../version.ts';

/**
 * Names this engine: what another one found may be wrong by now. The version alone would not do while hullcheck itself
 * is changed, so names, sizes and times of the program's files count too; looking at them takes milliseconds. Bundled,
 * they are few, and named after their content.
 */
export function engineName(): string {
  const hash = createHash('sha256').update(version);
  const program = join(import.meta.dirname, '..');
  for (const folder of [program, join(program, '..', 'rules')]) {
    for (const name of programFiles(folder)) {
      const { size, mtimeMs } = statSync(join(folder, name));
      hash.update(`${name} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}

function programFiles(folder: string): readonly string[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return names.filter((name) => /(?<!\.d)\.[jt]s$/.test(name)).sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
