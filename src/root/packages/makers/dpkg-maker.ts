import { createHash } from 'node:crypto';
import { debianMaintainers } from './debian-maintainers.ts';
import { distribution, hostOf, isBelow, labelOf, type Maker, others, vendor } from './maker.ts';

/** Gives the value of a field of the control file; '' without it. */
export type ControlField = (name: string) => string;

/** Domains of those who maintain a distribution's packages, by the ID of os-release; all of them take Debian's as they are. */
const domains: ReadonlyMap<string, readonly string[]> = new Map([
  ['ubuntu', ['ubuntu.com', 'canonical.com']],
  ['raspbian', ['raspbian.org', 'raspberrypi.com', 'raspberrypi.org']],
  ['kali', ['kali.org', 'offsec.com']],
  ['devuan', ['devuan.org', 'dyne.org']],
  ['pureos', ['puri.sm']],
]);

const ofDebian = ['debian.org', 'debian.net'];

/**
 * Versions of repositories that build for a distribution and are not its own: the name of a release (Docker, nginx.org,
 * deadsnakes), and PostgreSQL's, NodeSource's, sury.org's, deb-multimedia's, LLVM's, MariaDB's and Launchpad's marks. None of the
 * packages of Debian 11, 12 and 13 has any of them, among 190,000.
 */
const foreignVersion =
  /buster|bullseye|bookworm|trixie|forky|bionic|focal|jammy|noble|\.pgdg\d|nodesource|-\d*dmo\d|\+0~20\d{6}|~debian\.\d|~\+\+20\d{6}|maria~|ppa\d/;

/** Debian's policy knows no such fields (deb-control(5)): fpm, nfpm and electron-builder write them. */
const foreignFields = ['Vendor:', 'License:'] as const;

/** By what dpkg's database and a .deb say of the package; `id` is that of os-release, where there is one. */
export function dpkgMaker(field: ControlField, id: string | null): Maker {
  const foreign = foreignFields.find((name) => field(name) !== '');
  if (foreign !== undefined) {
    const name = foreign.slice(0, -1);
    return others(`its control file has the field ${name}, which no distribution writes`);
  }
  const version = field('Version:');
  const mark = foreignVersion.exec(version)?.[0];
  if (mark !== undefined)
    return vendor(`its version ${version} is that of a repository outside the distribution`);
  const isUbuntu = id === 'ubuntu' || /ubuntu\.com$/.test(hostOf(field('Maintainer:')));
  if (/ubuntu\d/.test(version) && !isUbuntu)
    return vendor(`its version ${version} is one of Ubuntu's`);
  return byMaintainer(field('Maintainer:'), id);
}

function byMaintainer(maintainer: string, id: string | null): Maker {
  const host = hostOf(maintainer);
  if (host === '') return others('its control file names no maintainer by an address');
  const isTheirs =
    [...ofDebian, ...(domains.get(id ?? '') ?? [])].some((domain) => isBelow(host, domain)) ||
    isKnown(maintainer) ||
    (id !== null && id !== 'linux' && labelOf(host) === id);
  return isTheirs
    ? distribution(`the distribution's ${maintainer} maintains it`)
    : others(`${maintainer} maintains it, and no package of the distribution`);
}

let known: ReadonlySet<string> | null = null;

function isKnown(maintainer: string): boolean {
  known ??= new Set(Buffer.from(debianMaintainers, 'base64').toString('hex').match(/.{8}/g));
  const address = /<([^<>]*)>/.exec(maintainer)?.[1] ?? maintainer;
  const digest = createHash('sha256').update(address.toLowerCase()).digest('hex');
  return known.has(digest.slice(0, 8));
}
