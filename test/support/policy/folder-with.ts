import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PolicyArguments } from '../../../src/commands/options/policy-options.ts';
import { readSettings } from '../../../src/commands/settings/settings.ts';
import type { Environment } from '../hullcheck-in.ts';

/** A new folder; a text that begins with `-> ` is a link. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'hullcheck-layers-'));
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    if (text.startsWith('-> ')) symlinkSync(text.slice(3), path);
    else writeFileSync(path, text);
  }
  return folder;
}

const silent = { write: async () => {}, isTty: false, columns: 80 };

/** The settings of a run in a folder, with these options and variables and no others. */
export function settingsIn(cwd: string, args: PolicyArguments = {}, env: Environment = {}) {
  const surroundings = { cwd, env, today: '2026-11-30', stdout: silent, stderr: silent };
  return readSettings(args, surroundings, ['app.tar']);
}
