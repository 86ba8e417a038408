import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** A prepared answer, given instead of the usual one. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The connection ends without an answer. */
  readonly dropped?: true;
}

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  // Parsed JSON of a test's own request.
  readonly body: Readonly<Record<string, string>> | null;
}

export interface GithubServer extends AsyncDisposable {
  readonly url: string;
  readonly received: readonly Received[];
  /** The SARIF of the last upload, as GitHub unpacks it. */
  sarif(): unknown;
}

export const token = 'ghs_test0123456789secret';

/**
 * The two calls of the code-scanning API as docs.github.com/rest/code-scanning documents them: 202 with an id, and a
 * state that is pending at first. `replies` come before all else, in order.
 */
export async function startGithub({
  replies = [],
  processing = ['pending', 'complete'],
  errors = null,
}: {
  readonly replies?: readonly Reply[];
  readonly processing?: readonly string[];
  readonly errors?: readonly string[] | null;
} = {}): Promise<GithubServer> {
  const received: Received[] = [];
  const prepared = [...replies];
  const states = [...processing];
  const server = createServer((request, response) => {
    void readBody(request).then((text) => {
      const { method = '', url = '', headers } = request;
      received.push({ method, path: url, headers, body: text === '' ? null : JSON.parse(text) });
      const reply = prepared.shift() ?? answer(received.at(-1), states, errors);
      if (reply.dropped) return void request.socket.destroy();
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
      return void response.end(JSON.stringify(reply.body ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server on a port has an address of this shape.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    sarif: () =>
      unpack(received.findLast(({ method }) => method === 'POST')?.body?.['sarif'] ?? ''),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const uploads = '/repos/me/app/code-scanning/sarifs';

function answer(
  request: Received | undefined,
  states: string[],
  errors: readonly string[] | null,
): Reply {
  if (request?.headers.authorization !== `Bearer ${token}`)
    return { status: 401, body: { message: 'Bad credentials' } };
  if (request.method === 'POST' && request.path === uploads) {
    const { commit_sha: sha = '', ref = '', sarif = '' } = request.body ?? {};
    if (!/^[0-9a-f]{40}$/.test(sha) || !ref.startsWith('refs/') || unpack(sarif) === null)
      return { status: 400, body: { message: 'Invalid request.' } };
    return { status: 202, body: { id: '47177e22-5596', url: `${uploads}/47177e22-5596` } };
  }
  if (request.method === 'GET' && request.path === `${uploads}/47177e22-5596`) {
    const state = states.length > 1 ? states.shift() : states[0];
    return { status: 200, body: { processing_status: state, analyses_url: 'x', errors } };
  }
  return { status: 404, body: { message: 'Not Found' } };
}

function unpack(sarif: string): unknown {
  try {
    return JSON.parse(gunzipSync(Buffer.from(sarif, 'base64')).toString('utf8'));
  } catch {
    return null;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
