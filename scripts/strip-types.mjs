// Whether Node can run every source as it is written. What it strips types with refuses some that the compiler takes.
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { include } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
for (const folder of include)
  for (const name of readdirSync(join(root, folder), { recursive: true })) {
    if (!name.endsWith('.ts') || name.endsWith('.d.ts')) continue;
    try {
      stripTypeScriptTypes(readFileSync(join(root, folder, name), 'utf8'));
    } catch (error) {
      console.error(`${folder}/${name}: ${error.message}`);
      process.exitCode = 1;
    }
  }
