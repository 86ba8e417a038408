import { distribution, type Maker, others } from './maker.ts';

/** Beginnings of the vendor's name that a distribution's builders write, by the ID of os-release. */
const vendors: ReadonlyMap<string, readonly string[]> = new Map([
  ['fedora', ['Fedora Project']],
  ['rhel', ['Red Hat, Inc.', 'Fedora Project']],
  ['centos', ['CentOS', 'Red Hat, Inc.', 'Fedora Project']],
  ['rocky', ['Rocky', 'Fedora Project']],
  ['almalinux', ['AlmaLinux', 'Fedora Project']],
  ['ol', ['Oracle America', 'Fedora Project']],
  ['amzn', ['Amazon Linux', 'Amazon.com']],
  ['sles', ['SUSE']],
  ['sled', ['SUSE']],
  ['opensuse-leap', ['openSUSE', 'SUSE']],
  ['opensuse-tumbleweed', ['openSUSE', 'SUSE']],
  ['mageia', ['Mageia']],
  ['azurelinux', ['Microsoft Corporation']],
  ['mariner', ['Microsoft Corporation']],
  ['photon', ['VMware']],
  ['openEuler', ['http://openeuler.org', 'openEuler']],
]);

/** By the header of a package: a distribution's builders write its vendor and sign it; fpm, nfpm and rpmbuild do not. */
export function rpmMaker(vendor: string, isSigned: boolean, id: string | null): Maker {
  if (vendor === '') return others('it names no vendor');
  const known = id === null ? [...vendors.values()].flat() : vendors.get(id);
  const isTheirs =
    known === undefined
      ? id !== null && vendor.toLowerCase().startsWith(id.toLowerCase())
      : known.some((name) => vendor === name || isFollowed(vendor, name));
  if (!isTheirs) return others(`its vendor is ${vendor}`);
  return isSigned
    ? distribution(`its vendor is ${vendor}, and it is signed`)
    : others(`its vendor is said to be ${vendor}, and it is not signed`);
}

/** `SUSE LLC <https://www.suse.com/>`, but not `SUSEish`. */
function isFollowed(vendor: string, name: string): boolean {
  return vendor.startsWith(name) && /^[\s,.]/.test(vendor.slice(name.length));
}
