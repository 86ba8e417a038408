import { type IncomingMessage, request as plainRequest } from 'node:http';
import { Agent, type RequestOptions, request as tlsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';
import { UnreadablePart } from '../../base/errors.ts';
import { reasonOf } from '../../base/system-error.ts';
import { proxyAuthorization } from './proxy.ts';

/**
 * TLS connections through the tunnel of a proxy (RFC 9110 section 9.3.6): the proxy looks the name up, and sees neither
 * what is asked nor the credentials for it.
 */
export class TunnelAgent extends Agent {
  readonly #proxy: URL;
  readonly #trust: { readonly ca?: string[] };

  /** `trust`: the authorities for the proxy itself, where it speaks TLS. */
  constructor(proxy: URL, trust: { readonly ca?: string[] }) {
    super({ keepAlive: true });
    this.#proxy = proxy;
    this.#trust = trust;
  }

  override createConnection(
    options: RequestOptions,
    made: (error: Error | null, socket: Duplex) => void = () => {},
  ): null {
    const host = options.host ?? '';
    const port = Number(options.port ?? 443);
    this.#open(host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`).then(
      (socket) => {
        const { host: _, port: __, path: ___, ...rest } = options;
        // The options of a request are those of its connection, in types that differ in what may be absent.
        made(null, tlsConnect({ ...(rest as object), socket }));
      },
      // There is no socket to give then, whatever the types say.
      (error: Error) => made(error, undefined as unknown as Duplex),
    );
    return null;
  }

  #open(target: string): Promise<Socket> {
    const proxy = this.#proxy;
    const options = {
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      path: target,
      headers: { host: target, ...proxyAuthorization(proxy) },
      agent: false as const,
      timeout: connectLimit,
    };
    return new Promise((resolve, reject) => {
      const refuse = (why: string) =>
        reject(new UnreadablePart(`the proxy ${proxy.host} ${why} for ${target}`));
      const asking =
        proxy.protocol === 'https:'
          ? tlsRequest({ ...options, ...this.#trust })
          : plainRequest(options);
      asking.on('timeout', () => asking.destroy(new Error('it does not answer')));
      asking.on('error', (error) => refuse(`cannot be reached: ${wordsFor(error)}`));
      asking.on('response', (response) => {
        response.destroy();
        refuse(refusal(response));
      });
      asking.on('connect', (response: IncomingMessage, socket: Socket, head: Buffer) => {
        if (response.statusCode === 200) {
          socket.setTimeout(0);
          if (head.length > 0) socket.unshift(head);
          resolve(socket);
          return;
        }
        socket.destroy();
        refuse(refusal(response));
      });
      asking.end();
    });
  }
}

const connectLimit = 60_000;

function refusal({ statusCode }: IncomingMessage): string {
  return statusCode === 407
    ? 'wants a user and password (407)'
    : `answers with status ${statusCode}`;
}

function wordsFor(error: Error): string {
  const reason = reasonOf(error);
  if (reason === 'ECONNREFUSED') return 'connection refused';
  if (reason === 'ECONNRESET') return 'the connection was cut';
  if (reason === 'ENOTFOUND') return 'there is no host of this name';
  return reason === String(error) ? error.message : reason;
}
