import type { Answer, Attempt } from './attempt.ts';
import { retryDelay } from './retry-delay.ts';

export interface GithubClient {
  /** Throws NoAnswer when the server cannot be reached, or stays busy. */
  send(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer>;
}

/** GitHub could not be asked. The message is one sentence, without the token. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

export interface ClientOptions {
  readonly apiUrl: string;
  readonly token: string;
  /** hullcheck's version, for the name that GitHub wants of every client. */
  readonly version: string;
  /** Resolves after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
}

const mostAttempts = 6;
const requestTimeout = 120_000;

/** Answers are a few lines. */
const longestBody = 1024 ** 2;

export function createGithubClient(options: ClientOptions): GithubClient {
  return {
    async send(method, path, body) {
      for (let attempt = 1; ; attempt += 1) {
        const tried = await attemptOnce(options, method, path, body);
        const delay = attempt < mostAttempts ? retryDelay(tried, attempt) : null;
        if (delay !== null) await options.wait(delay);
        else if ('error' in tried) throw new NoAnswer(`${tried.error}, tried ${attempt} times`);
        else return tried;
      }
    },
  };
}

async function attemptOnce(
  { apiUrl, token, version }: ClientOptions,
  method: string,
  path: string,
  body: unknown,
): Promise<Attempt> {
  try {
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'user-agent': `hullcheck/${version}`,
        'x-github-api-version': '2022-11-28',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // The token is for this address alone.
      redirect: 'manual',
      signal: AbortSignal.timeout(requestTimeout),
    });
    return {
      status: response.status,
      body: parse(await readBounded(response)),
      retryAfter: response.headers.get('retry-after'),
      exhausted: response.headers.get('x-ratelimit-remaining') === '0',
    };
  } catch (error) {
    return { error: `${new URL(apiUrl).host} cannot be reached (${causeOf(error)})` };
  }
}

async function readBounded({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > longestBody) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** fetch says only that it failed; its cause says why. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error.name === 'TimeoutError' ? 'it does not answer' : error.message;
}
