import { type ClientRequest, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { proxyAuthorization } from './proxy.ts';
import type { Security } from './transport-security.ts';
import { TunnelAgent } from './tunnel.ts';

/** How hosts are reached. */
export interface Roads {
  /** For the `host:port` of a URL. */
  readonly security: (host: string) => Security;
  /** The proxy for a URL; null: none. */
  readonly proxy: (url: URL) => URL | null;
}

/** A request whose body is still to be sent, through a proxy where one is named. */
export function startRequest(
  url: URL,
  method: string,
  headers: Readonly<Record<string, string>>,
  { security, proxy: proxies }: Roads,
  signal: AbortSignal,
): ClientRequest {
  const proxy = proxies(url);
  if (url.protocol === 'https:') {
    const agent = proxy === null ? {} : { agent: tunnelTo(proxy, trusted(security(proxy.host))) };
    const { cert, key } = security(url.host);
    const client = cert === undefined ? {} : { cert, key };
    return tlsRequest(url.href, {
      method,
      headers,
      signal,
      ...trusted(security(url.host)),
      ...client,
      ...agent,
    });
  }
  if (proxy === null) return plainRequest(url.href, { method, headers, signal });
  const all = { ...headers, host: url.host, ...proxyAuthorization(proxy) };
  const asked = { method, path: url.href, headers: all, signal };
  return proxy.protocol === 'https:'
    ? tlsRequest(addressOf(proxy), { ...asked, ...trusted(security(proxy.host)) })
    : plainRequest(addressOf(proxy), asked);
}

interface Trust {
  readonly ca?: string[];
  readonly rejectUnauthorized?: false;
}

function trusted({ ca, isUnverified }: Security): Trust {
  return {
    ...(ca === undefined ? {} : { ca: [...ca] }),
    ...(isUnverified ? { rejectUnauthorized: false as const } : {}),
  };
}

/** Without the user and password, which Node.js would send as those of the request. */
function addressOf({ protocol, host }: URL): string {
  return `${protocol}//${host}`;
}

/** Connections through a proxy are kept and used again. */
const tunnels = new Map<string, TunnelAgent>();

function tunnelTo(proxy: URL, trust: { readonly ca?: string[] }): TunnelAgent {
  const found = tunnels.get(proxy.href) ?? new TunnelAgent(proxy, trust);
  tunnels.set(proxy.href, found);
  return found;
}
