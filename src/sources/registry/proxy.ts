import { BlockList, isIP } from 'node:net';
import { UsageError } from '../../base/errors.ts';
import type { RemoteOptions } from '../remote/remote-options.ts';

/**
 * The proxy that the environment names for a URL, as Go's http.ProxyFromEnvironment, which docker, podman and skopeo use:
 * HTTPS_PROXY or HTTP_PROXY by the URL's scheme, in capitals before small letters; none for hosts of NO_PROXY, and none
 * for this machine. null: none. Throws UsageError.
 */
export function proxyFor(url: URL, env: RemoteOptions['env']): URL | null {
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const text = env[name] || env[name.toLowerCase()];
  if (!text || isExcluded(url, env['NO_PROXY'] || env['no_proxy'] || '')) return null;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  // What it says may hold a password.
  if (!URL.canParse(address))
    throw new UsageError(`${name} is not a URL, expected http://HOST:PORT`);
  const proxy = new URL(address);
  if (proxy.protocol === 'http:' || proxy.protocol === 'https:') return proxy;
  throw new UsageError(
    `${name} names a proxy of kind ${proxy.protocol.slice(0, -1)}, expected http or https`,
  );
}

/** The Proxy-Authorization header for the user and password in a proxy's URL; none without. */
export function proxyAuthorization({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '') return {};
  const pair = `${decoded(username)}:${decoded(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** A percent sign that begins no escape stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isExcluded(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || isWithin(host, '127.0.0.0/8') || host === '::1') return true;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return list
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .some((item) => item === '*' || matches(item, host, port));
}

/** `10.0.0.0/8`, an address, `example.org` (and what is below it), `.example.org` (only what is below); each may have a port. */
function matches(item: string, host: string, port: string): boolean {
  if (item === '') return false;
  if (item.includes('/')) return isWithin(host, item);
  const { name = item, only } = /^(?<name>.*[^:]|\[.*\]):(?<only>\d+)$/.exec(item)?.groups ?? {};
  const isAddress = isIP(item) !== 0;
  if (!isAddress && only !== undefined && only !== port) return false;
  const wanted = (isAddress ? item : name).replace(/^\[|\]$/g, '').replace(/^\*(?=\.)/, '');
  if (isIP(host) !== 0) return host === wanted;
  return wanted.startsWith('.')
    ? host.endsWith(wanted)
    : host === wanted || host.endsWith(`.${wanted}`);
}

function isWithin(host: string, network: string): boolean {
  const [address = '', bits = ''] = network.split('/');
  const family = isIP(address);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(bits)) return false;
  if (Number(bits) > (family === 4 ? 32 : 128)) return false;
  const name = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(address, Number(bits), name);
  return list.check(host, name);
}
