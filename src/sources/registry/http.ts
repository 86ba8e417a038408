import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { UnreadablePart } from '../../base/errors.ts';
import { codeOf } from '../../base/system-error.ts';
import type { Patience } from '../remote/remote-options.ts';
import { Unreachable } from './refusals.ts';
import { mayLeadTo, wayTo } from './safe-address.ts';
import { type Roads, startRequest } from './start-request.ts';

/** Node's fetch cannot use a private CA, or return redirects in a way that shows where they lead. */
export interface Http {
  /** As in HttpOptions. */
  readonly trustedHosts: readonly string[];
  /** Follows redirects and tries again where that may help. The status is whatever came in the end. */
  request(url: URL, options: RequestOptions): Promise<Response>;
}

export interface RequestOptions {
  /** Sent to the host of `url` alone. */
  readonly authorization?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as a form by POST, to the host of `url` alone: it holds a secret. */
  readonly form?: URLSearchParams;
  /** Ends the request, and what is still to come of its answer. */
  readonly signal: AbortSignal;
}

export interface Response {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Must be read to the end or closed. */
  readonly body: IncomingMessage;
}

export interface HttpOptions extends Roads {
  /** Whether a host may be asked without TLS. */
  readonly isInsecure: (host: string) => boolean;
  /** `HOST[:PORT]` inside a network that may be led to. */
  readonly trustedHosts: readonly string[];
  readonly patience: Pick<Patience, 'idle' | 'pause'>;
}

const maxRedirects = 10;
const tries = 3;

/** Answers that another try may change. */
const passing: ReadonlySet<number> = new Set([408, 429, 499, 500, 502, 503, 504, 522]);

export function createHttp(options: HttpOptions): Http {
  return {
    trustedHosts: options.trustedHosts,
    async request(url, request) {
      const { signal } = request;
      for (let left = tries - 1; ; left -= 1) {
        const pause = options.patience.pause * 3 ** (tries - 1 - left);
        try {
          const response = await follow(url, request, options);
          if (left === 0 || !passing.has(response.status)) return response;
          response.body.destroy();
          await wait(Math.max(pause, askedPause(response)), undefined, { signal });
        } catch (error) {
          const isOver = left === 0 || signal.aborted || error instanceof UnreadablePart;
          if (isOver || isLasting(error)) throw failure(url, error);
          await wait(pause, undefined, { signal });
        }
      }
    },
  };
}

/** What another try does not change: certificates, names that do not exist. */
function isLasting(error: unknown): boolean {
  return /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EPROTO|WRONG_VERSION/.test(
    codeOf(error),
  );
}

/** Retry-After in seconds; a registry may set half a minute at most. */
function askedPause({ headers }: Response): number {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 30) * 1000 : 0;
}

export function failure(url: URL, error: unknown): UnreadablePart {
  if (error instanceof UnreadablePart) return error;
  const code = codeOf(error);
  if (code === '' && !(error instanceof Error)) throw error;
  const why = reasons.get(code) ?? (error instanceof Error ? error.message : code);
  return new Unreachable(`${url.host} cannot be reached: ${why || code}`);
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'there is no host of this name'],
  ['EAI_AGAIN', 'its name cannot be looked up'],
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'the connection was cut'],
  ['ETIMEDOUT', 'it does not answer'],
  ['EPROTO', 'it does not speak TLS (see --insecure-http)'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'it does not speak TLS (see --insecure-http)'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is signed by itself (see --registry-ca)'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate is of an unknown authority (see --registry-ca)'],
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'its certificate is of an unknown authority (see --registry-ca)',
  ],
  [
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'its certificate is of an unknown authority (see --registry-ca)',
  ],
  ...[
    'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
    'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
  ].map((code) => [code, 'it wants a client certificate (see --registry-cert)'] as const),
  [
    'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
    'it does not trust the client certificate (see --registry-cert)',
  ],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another host'],
]);

/** What is secret in a request stays with the origin that it was for, also when other hosts lead back there. */
async function follow(
  start: URL,
  request: RequestOptions,
  options: HttpOptions,
): Promise<Response> {
  let url = start;
  let sent = request;
  for (let count = 0; count <= maxRedirects; count += 1) {
    refuseUnsafe(url, start, options);
    const response = await send(url, sent, options);
    const { location } = response.headers;
    if (response.status < 300 || response.status > 399 || location === undefined) return response;
    response.body.destroy();
    if (!URL.canParse(location, url.href))
      throw new UnreadablePart(`${url.host} redirects to something that is not a URL`);
    url = withoutUser(new URL(location, url.href));
    sent = redirected(sent, response.status, url, start);
  }
  throw new UnreadablePart(`${start.host} redirects more than ${maxRedirects} times`);
}

/** Node.js would send the user and password of a URL as credentials. */
function withoutUser(url: URL): URL {
  url.username = '';
  url.password = '';
  return url;
}

/** As browsers do (Fetch standard, section "HTTP-redirect fetch"): only 307 and 308 repeat a POST. */
function redirected(request: RequestOptions, status: number, url: URL, start: URL): RequestOptions {
  const { form, authorization, ...open } = request;
  const repeats = form !== undefined && (status === 307 || status === 308);
  if (url.origin === start.origin)
    return { ...open, ...(repeats ? { form } : {}), ...(authorization ? { authorization } : {}) };
  if (!repeats) return open;
  throw new UnreadablePart(
    `${start.host} would have its token sent to ${url.host}, which is not done`,
  );
}

function refuseUnsafe(url: URL, start: URL, { isInsecure, trustedHosts }: HttpOptions): void {
  const plain = url.protocol === 'http:' && isInsecure(url.host);
  if (url.protocol !== 'https:' && !plain)
    throw new UnreadablePart(
      `${start.host} leads to ${url.host} without TLS, which is not followed`,
    );
  if (!mayLeadTo(url, start.host, trustedHosts))
    throw new UnreadablePart(
      `${start.host} leads to the inner address ${url.host}, which is not followed${wayTo(url)}`,
    );
}

function send(
  url: URL,
  { authorization, headers, form, signal }: RequestOptions,
  options: HttpOptions,
): Promise<Response> {
  const body = form?.toString();
  const method = body === undefined ? 'GET' : 'POST';
  const sent = {
    'user-agent': 'hullcheck',
    'accept-encoding': 'identity',
    ...headers,
    ...(authorization ? { authorization } : {}),
    ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
  };
  return new Promise((resolve, reject) => {
    const outgoing = startRequest(url, method, sent, options, signal);
    outgoing.on('response', (message) =>
      resolve({ status: message.statusCode ?? 0, headers: message.headers, body: message }),
    );
    outgoing.on('upgrade', (_, socket) => {
      socket.destroy();
      reject(
        new UnreadablePart(`${url.host} changes to another protocol, which was not requested`),
      );
    });
    outgoing.setTimeout(options.patience.idle, () => outgoing.destroy(timedOut()));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function timedOut(): Error {
  return Object.assign(new Error('it does not answer'), { code: 'ETIMEDOUT' });
}

/** At most so many bytes of a small answer. */
export async function readBody({ body }: Response, limit: number, what: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body) {
    if (!Buffer.isBuffer(part)) continue;
    size += part.length;
    if (size > limit) {
      body.destroy();
      throw new UnreadablePart(`${what} has more than ${limit} bytes`);
    }
    parts.push(part);
  }
  return Buffer.concat(parts);
}
