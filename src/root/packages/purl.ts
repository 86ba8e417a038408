import type { OperatingSystem } from '../system/operating-system.ts';
import type { Package } from './package.ts';

const types = { apk: 'apk', dpkg: 'deb', rpm: 'rpm', pacman: 'alpm' } as const;
/** Where os-release says nothing, the distribution that the manager is best known from. */
const namespaces = { apk: 'alpine', dpkg: 'debian', rpm: 'redhat', pacman: 'arch' } as const;

/** The package URL of a package in a root. An epoch of rpm is a qualifier, not a part of the version. */
export function purlOf(
  {
    manager,
    name,
    version,
    architecture,
  }: Pick<Package, 'manager' | 'name' | 'version' | 'architecture'>,
  os: OperatingSystem | null,
): string {
  const namespace = os?.id ?? namespaces[manager];
  const epoch = manager === 'rpm' ? /^(\d+):/.exec(version)?.[1] : undefined;
  const plain = epoch === undefined ? version : version.slice(epoch.length + 1);
  const qualifiers = Object.entries({
    arch: architecture,
    distro: os === null || os.versionId === '' ? '' : `${os.id}-${os.versionId}`,
    epoch: epoch ?? '',
  })
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}=${encode(value)}`);
  const place = `pkg:${types[manager]}/${encode(namespace)}/${encode(name)}@${encode(plain)}`;
  return qualifiers.length === 0 ? place : `${place}?${qualifiers.join('&')}`;
}

/** Percent-encoding of the purl specification: the colon stays. Lone surrogates stand for bytes that are not text. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll('%3A', ':');
}
