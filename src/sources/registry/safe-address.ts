import { BlockList, isIP } from 'node:net';

/**
 * Whether a registry may lead to this host. A registry that names an address inside the user's network or machine, or
 * the metadata service of a cloud (169.254.169.254), would make hullcheck ask there in its place. Names that resolve to
 * such addresses are not looked into: a network with its own names is the user's. `trustedHosts`: what the user allows, as `HOST` or `HOST:PORT`.
 */
export function mayLeadTo(
  url: URL,
  registryHost: string,
  trustedHosts: readonly string[] = [],
): boolean {
  const name = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (url.host === registryHost || name === hostnameOf(registryHost)) return true;
  if (trustedHosts.some((host) => host === url.host || host.replace(/^\[|\]$/g, '') === name))
    return true;
  if (name === 'localhost' || name.endsWith('.localhost')) return false;
  const family = isIP(name);
  return family === 0 || !inner.check(name, family === 4 ? 'ipv4' : 'ipv6');
}

/** How the user may allow it. The metadata service of a cloud is at such an address: that way is not shown. */
export function wayTo({ host, hostname }: URL): string {
  return /^(?:169\.254\.|\[fe[89ab])/i.test(hostname) ? '' : ` (--trust-host ${host} allows it)`;
}

export function hostnameOf(host: string): string {
  return host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}

/** IANA's special-purpose registries: this network, private, shared, loopback, link-local, multicast and reserved. */
const inner = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['224.0.0.0', 3],
] as const) {
  inner.addSubnet(network, bits, 'ipv4');
}
for (const [network, bits] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  inner.addSubnet(network, bits, 'ipv6');
}
