import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../../src/base/errors.ts';
import type { Surroundings } from '../../../src/commands/command.ts';
import { readSettings, type Settings } from '../../../src/commands/settings/settings.ts';
import { refuseUnasked } from '../../../src/policy/config/unasked.ts';
import { type PlainConfig, randomConfig } from './random-config.ts';

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
  return readSettings({ config: ['c.json'] }, surroundings).finally(() =>
    rmSync(cwd, { recursive: true }),
  );
}

export interface RandomSettings {
  readonly config: PlainConfig;
  readonly settings: Settings;
}

/** Of the first random configuration from this seed on that a run would not refuse. */
export async function randomSettings(seed: number): Promise<RandomSettings> {
  for (let at = seed * 1000; ; at += 1) {
    const config = randomConfig(at);
    const settings = await settingsOf(config);
    if (!isRefused(settings)) return { config, settings };
  }
}

/** Whether a condition of it would hold without being asked. */
export function isRefused({ policy, layers }: Settings): boolean {
  try {
    refuseUnasked(policy, layers);
    return false;
  } catch (error) {
    if (error instanceof UsageError) return true;
    throw error;
  }
}
