import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DamagedInput, UsageError } from '../../../src/base/errors.ts';
import { defaultLimits } from '../../../src/base/limits.ts';
import type { Problem } from '../../../src/base/problem.ts';
import { openTarget } from '../../../src/sources/input/find-source.ts';
import { defaultPatience, type Patience } from '../../../src/sources/remote/remote-options.ts';
import {
  type Script,
  type ScriptedHost,
  type ScriptedImage,
  scriptedHost,
} from '../../support/scripted-registry.ts';

export const password = 'pass-w0rd-of-the-user';
export const encoded = Buffer.from(`user:${password}`).toString('base64');
export const refreshToken = 'refresh-t0ken-of-the-user';
export const bearerToken = 'bearer-t0ken-of-the-registry';

/** The hosts of one test. */
export interface Hosts {
  readonly registry: ScriptedHost;
  /** Another origin that may be reached, and must not see a secret. */
  readonly other: ScriptedHost;
  readonly image: ScriptedImage;
}

export interface Pull {
  readonly image: ScriptedImage;
  readonly script: (hosts: Hosts) => Script;
  readonly otherScript?: (hosts: Hosts) => Script;
  /** What the user keeps: Docker's config.json. */
  readonly config?: (hosts: Hosts) => unknown;
  /** Further files of the user's home, as JSON. */
  readonly files?: (hosts: Hosts) => Readonly<Record<string, unknown>>;
  /** Names of hosts, besides their addresses, that may be led to and asked without TLS. */
  readonly trusted?: (hosts: Hosts) => readonly string[];
  /** Credential helpers by name, as shell scripts. */
  readonly helpers?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly patience?: Partial<Patience>;
  readonly reference?: string;
}

export interface Pulled {
  /** null: pulled whole. */
  readonly failure: string | null;
  readonly notices: readonly string[];
  readonly hosts: Hosts;
}

/**
 * Pulls an image from a scripted registry, to the last byte of its layers. Where it fails it must do so with one
 * sentence that holds no secret, and no secret may be in the other host's log.
 */
export async function pull(pulled: Pull): Promise<Pulled> {
  const folder = mkdtempSync(join(tmpdir(), 'scripted-registry-'));
  const registry = await scriptedHost(pulled.image);
  const other = await scriptedHost(pulled.image);
  const hosts = { registry, other, image: pulled.image };
  registry.script = pulled.script(hosts);
  if (pulled.otherScript !== undefined) other.script = pulled.otherScript(hosts);
  try {
    const result = await attempt(hosts, pulled, environment(folder, hosts, pulled));
    const text = [result.failure ?? '', ...result.notices, ...other.log].join('\n');
    for (const secret of [password, encoded, refreshToken, bearerToken])
      assert.ok(!text.includes(secret), `a secret came to light: ${text}`);
    assert.doesNotMatch(result.failure ?? '', /[\r\n]/, 'one sentence');
    return { ...result, hosts };
  } finally {
    registry.close();
    other.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function environment(folder: string, hosts: Hosts, { config, files, helpers, env }: Pull) {
  mkdirSync(join(folder, '.docker'));
  if (config !== undefined)
    writeFileSync(join(folder, '.docker/config.json'), JSON.stringify(config(hosts)));
  for (const [name, content] of Object.entries(files?.(hosts) ?? {}))
    writeFileSync(join(folder, name), JSON.stringify(content));
  for (const [name, text] of Object.entries(helpers ?? {})) {
    const path = join(folder, `docker-credential-${name}`);
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
  }
  return { HOME: folder, PATH: `${folder}:${process.env['PATH']}`, ...env };
}

async function attempt(
  hosts: Hosts,
  { patience, reference, trusted }: Pull,
  env: Readonly<Record<string, string>>,
): Promise<Omit<Pulled, 'hosts'>> {
  const { registry, other } = hosts;
  const trustedHosts = trusted?.(hosts) ?? [];
  const remote = {
    env,
    trustedHosts,
    registryCa: null,
    registryCert: null,
    registryKey: null,
    insecureHosts: [registry.address, other.address, ...trustedHosts],
    patience: { ...defaultPatience, pause: 1, ...patience },
  };
  const notices: string[] = [];
  try {
    const name = `registry:${registry.address}/team/app${reference ?? ':v1'}`;
    const source = await openTarget(name, { platform: null, limits: defaultLimits, remote });
    for (const { problems, layers } of source.targets) {
      for (const { kind, message } of problems) {
        if (kind !== 'notice') return { failure: message, notices };
        notices.push(message);
      }
      for (const layer of layers) {
        const report = ({ message }: Problem) => notices.push(message);
        for await (const { body } of layer.entries(report)) for await (const _ of body());
      }
    }
    await source.close();
    return { failure: null, notices };
  } catch (error) {
    assert.ok(error instanceof DamagedInput || error instanceof UsageError, String(error));
    return { failure: error.message, notices };
  }
}
