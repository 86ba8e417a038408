import { spawn } from 'node:child_process';
import { MalformedInput } from '../../base/errors.ts';
import { reasonOf } from '../../base/system-error.ts';
import type { RemoteOptions } from '../remote/remote-options.ts';
import { type Credentials, parseSecret, secretText } from './parse-secret.ts';

/** One sentence about a helper that does not work, with its own reason if it gives one. */
export interface HelperFailure {
  readonly kind: 'failure';
  readonly because: string;
}

const helperLimit = 30_000;
const largestAnswer = 1024 * 1024;

/**
 * What a credential helper has for a server; null: nothing. Docker's protocol: the server on standard input, JSON on
 * standard output. Helpers that the user's own files name are the only programs that hullcheck ever starts.
 */
export async function askHelper(
  name: string,
  server: string,
  env: RemoteOptions['env'],
): Promise<Credentials | HelperFailure | null> {
  if (!/^[\w.-]+$/.test(name))
    return failed(`the credential helper ${JSON.stringify(name)} is not the name of a program`);
  const program = `docker-credential-${name}`;
  const { output, because } = await run(program, server, env);
  if (because !== null)
    return hasNothing(output)
      ? null
      : failed(`the credential helper ${program} ${because}${reasonIn(output)}`);
  try {
    return decode(output, program);
  } catch (error) {
    if (!(error instanceof MalformedInput)) throw error;
    return failed(`the credential helper ${program} gives an answer that cannot be read`);
  }
}

function failed(because: string): HelperFailure {
  return { kind: 'failure', because: `${because}; it is passed over` };
}

/** The sentence of docker-credential-helpers, by which Docker knows it too. */
function hasNothing(output: Buffer): boolean {
  return output.toString('utf8').trim() === 'credentials not found in native keychain';
}

const longestReason = 200;

/**
 * Helpers print why they fail on standard output (docker-credential-helpers, client.Get). Only what can be nothing but a sentence is
 * shown, since an answer is a secret: several words, and no JSON.
 */
function reasonIn(output: Buffer): string {
  const [line = ''] = output
    .toString('utf8')
    .trim()
    .split(/[\r\n]/);
  const isSentence = line.length <= longestReason && /^[^{}]*\w[ ,:]+\w[^{}]*$/.test(line);
  return isSentence ? `: ${JSON.stringify(line)}` : '';
}

function decode(output: Buffer, program: string): Credentials | null {
  const answer = parseSecret(output, `the answer of ${program}`);
  const username = secretText(answer, 'Username');
  const secret = secretText(answer, 'Secret');
  if (secret === '') return null;
  return username === '<token>'
    ? { kind: 'identity', token: secret }
    : { kind: 'password', username, password: secret };
}

interface Ended {
  readonly output: Buffer;
  /** Why the output is not valid; null when it is. */
  readonly because: string | null;
}

function run(program: string, server: string, env: RemoteOptions['env']): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, ['get'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
    const parts: Buffer[] = [];
    let size = 0;
    const end = (because: string | null) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      // A program that it started may hold the pipe open.
      child.stdout.destroy();
      resolve({ output: Buffer.concat(parts), because });
    };
    const timer = setTimeout(() => end('does not answer'), helperLimit);
    child.stdout.on('data', (part: Buffer) => {
      parts.push(part);
      size += part.length;
      if (size > largestAnswer) end('does not stop to answer');
    });
    child.on('error', (error) => end(`cannot be started: ${reasonOf(error)}`));
    child.on('close', (code) => end(code === 0 ? null : `fails with status ${code ?? 'unknown'}`));
    child.stdin.on('error', () => {}); // It ended without reading.
    child.stdin.end(server);
  });
}
