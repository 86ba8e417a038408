import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Surroundings } from '../../../src/commands/command.ts';
import { readSettings, type Settings } from '../../../src/commands/settings/settings.ts';
import type { PlainConfig } from './random-config.ts';

const silent = { write: async () => {}, isTty: false, columns: 80 };

/** The settings of a run with this configuration file alone. */
export async function settingsOf(config: PlainConfig): Promise<Settings> {
  const cwd = mkdtempSync(join(tmpdir(), 'hullcheck-settings-'));
  writeFileSync(join(cwd, 'c.json'), JSON.stringify(config));
  const surroundings: Surroundings = {
    stdout: silent,
    stderr: silent,
    env: {},
    cwd,
    today: '2026-11-23',
  };
  return readSettings({ config: ['c.json'] }, surroundings);
}
