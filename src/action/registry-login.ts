import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../base/errors.ts';
import type { Inputs } from './action-arguments.ts';

export interface Login {
  /** For the environment of the program, in addition. */
  readonly env: Readonly<Record<string, string>>;
  /** What no log may show. */
  readonly secret: string | null;
  /** Removes the file with the credentials. */
  end(): void;
}

/**
 * Hands the credentials of the inputs to the program as podman and skopeo do: by a file that only this account reads, next to what
 * earlier steps logged in to. Throws UsageError.
 */
export function logIn(inputs: Inputs, env: Inputs, folder: string): Login {
  const registry = inputs['registry']?.trim() || 'docker.io';
  const username = inputs['registry-username'] ?? '';
  const password = inputs['registry-password'] ?? '';
  if (username === '' && password === '') return { env: {}, secret: null, end: () => {} };
  if (username === '' || password === '')
    throw new UsageError('registry-username and registry-password are needed together');
  const earlier = readEarlier(env['REGISTRY_AUTH_FILE']);
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  const config = { ...earlier, auths: { ...earlier['auths'], [registry]: { auth } } };
  const place = mkdtempSync(join(folder, 'hullcheck-login-'));
  const file = join(place, 'auth.json');
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  return {
    env: { REGISTRY_AUTH_FILE: file },
    secret: password,
    end: () => rmSync(place, { recursive: true, force: true }),
  };
}

/** What other steps stored there; a file that cannot be read has nothing. */
function readEarlier(path: string | undefined): Readonly<Record<string, object>> {
  try {
    const value: unknown = JSON.parse(readFileSync(path ?? '', 'utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}
