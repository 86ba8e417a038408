import type { TargetReport } from '../report/report.ts';
import type { OperatingSystem } from '../root/system/operating-system.ts';
import { factAt } from './subject.ts';

/** What the C library of a release is, oldest first: an image cannot be of an older release than its packages. */
const releases: Readonly<Record<string, readonly (readonly [release: string, libc: string])[]>> = {
  debian: [
    ['8', '2.19'],
    ['9', '2.24'],
    ['10', '2.28'],
    ['11', '2.31'],
    ['12', '2.36'],
    ['13', '2.41'],
  ],
  alpine: [
    ['3.11', '1.1.24'],
    ['3.13', '1.2.2'],
    ['3.16', '1.2.3'],
    ['3.18', '1.2.4'],
    ['3.20', '1.2.5'],
  ],
  ubuntu: [
    ['14.04', '2.19'],
    ['16.04', '2.23'],
    ['16.10', '2.24'],
    ['17.10', '2.26'],
    ['18.04', '2.27'],
    ['18.10', '2.28'],
    ['19.04', '2.29'],
    ['19.10', '2.30'],
    ['20.04', '2.31'],
    ['20.10', '2.32'],
    ['21.04', '2.33'],
    ['21.10', '2.34'],
    ['22.04', '2.35'],
    ['22.10', '2.36'],
    ['23.04', '2.37'],
    ['23.10', '2.38'],
    ['24.04', '2.39'],
    ['24.10', '2.40'],
    ['25.04', '2.41'],
  ],
  enterprise: [
    ['6', '2.12'],
    ['7', '2.17'],
    ['8', '2.28'],
    ['9', '2.34'],
    ['10', '2.39'],
  ],
  fedora: [
    ['21', '2.20'],
    ['22', '2.21'],
    ['23', '2.22'],
    ['24', '2.23'],
    ['25', '2.24'],
    ['26', '2.25'],
    ['27', '2.26'],
    ['28', '2.27'],
    ['29', '2.28'],
    ['30', '2.29'],
    ['31', '2.30'],
    ['32', '2.31'],
    ['33', '2.32'],
    ['34', '2.33'],
    ['35', '2.34'],
    ['36', '2.35'],
    ['37', '2.36'],
    ['38', '2.37'],
    ['39', '2.38'],
    ['40', '2.39'],
    ['41', '2.40'],
    ['42', '2.41'],
  ],
};

interface Family {
  readonly table: string;
  readonly library: string;
  readonly manager: string;
}

const enterprise: Family = { table: 'enterprise', library: 'glibc', manager: 'rpm' };

/** What the packages of a distribution are, by the ID of os-release. */
const families: ReadonlyMap<string, Family> = new Map([
  ['debian', { table: 'debian', library: 'libc6', manager: 'dpkg' }],
  ['ubuntu', { table: 'ubuntu', library: 'libc6', manager: 'dpkg' }],
  ['alpine', { table: 'alpine', library: 'musl', manager: 'apk' }],
  ['fedora', { table: 'fedora', library: 'glibc', manager: 'rpm' }],
  ...['rhel', 'centos', 'almalinux', 'rocky', 'ol'].map((id) => [id, enterprise] as const),
]);

/** Whether packages of that manager can be those of the distribution: dpkg's are not those of Red Hat. */
export function isItsManager(id: string, manager: unknown): boolean {
  return typeof manager !== 'string' || (families.get(id)?.manager ?? manager) === manager;
}

const known = new WeakMap<TargetReport['binaries'], OperatingSystem | null>();

/**
 * The system by whose promises files are judged. os-release is a text that anybody can write, so a release counts as far as
 * the C library agrees, which is a package whose files are what its database says: what is older than that is not believed,
 * and without one the newest release is meant.
 */
export function systemOf(target: TargetReport): OperatingSystem | null {
  const seen = known.get(target.binaries);
  if (seen !== undefined) return seen;
  const found = agreed(target);
  known.set(target.binaries, found);
  return found;
}

function agreed({ os, kind, binaries }: TargetReport): OperatingSystem | null {
  // A package by itself brings no C library to hold it against: it may name a release, but none that promised less.
  if (kind === 'package') return os !== null && isOlder(os) ? { ...os, versionId: '' } : os;
  const family = os === null ? undefined : families.get(os.id);
  const table = family === undefined ? undefined : releases[family.table];
  if (os === null || table === undefined || os.versionId === '') return os;
  const versions = new Set<string>();
  for (const binary of binaries) {
    const version = factAt(binary, 'package.version');
    if (factAt(binary, 'package.name') === family?.library && typeof version === 'string')
      versions.add(version.replace(/^\d+:/, ''));
  }
  if (versions.size === 0) return isPackaged(binaries) ? { ...os, versionId: '' } : os;
  const least = table.findLast(([, libc]) =>
    [...versions].some((version) => compareReleases(upstreamOf(version), libc) >= 0),
  )?.[0];
  return least === undefined || compareReleases(os.versionId, least) >= 0
    ? os
    : { ...os, versionId: least };
}

/** Since which release a distribution promises what the newest does, but for what weighs little. */
const steady: Readonly<Record<string, string>> = {
  debian: '10',
  ubuntu: '18.04',
  alpine: '3.11',
  fedora: '28',
  enterprise: '8',
};

/** The profile that is of this distribution. */
function profileOfFamily(id: string): string {
  const table = families.get(id)?.table ?? id;
  return table === 'enterprise' ? 'fedora' : table;
}

function isOlder({ id, versionId }: OperatingSystem): boolean {
  const since = steady[families.get(id)?.table ?? ''];
  return since !== undefined && versionId !== '' && compareReleases(versionId, since) < 0;
}

/** Without a file that a package owns there is nothing to be believed. */
function isPackaged(binaries: TargetReport['binaries']): boolean {
  return binaries.some((binary) => typeof factAt(binary, 'package.name') === 'string');
}

/** `2.36-9+deb12u10` is 2.36. */
function upstreamOf(version: string): string {
  return version.replace(/[-+~].*$/s, '');
}

/** What os-release says and the packages do not, as a sentence; null where they agree. */
export function releaseDoubt(target: TargetReport): string | null {
  const { name, os } = target;
  const found = systemOf(target);
  if (os === null || found === null || found.versionId === os.versionId) return null;
  if (target.kind === 'package')
    return `${name} is of ${os.id} ${os.versionId} by its own words alone, and that promised less: it is judged as of the newest release (--profile ${profileOfFamily(os.id)} takes its word)`;
  return found.versionId === ''
    ? `${name} says that it is ${os.id} ${os.versionId}, and no C library of its packages agrees: it is judged as the newest release`
    : `${name} says that it is ${os.id} ${os.versionId}, and its C library is of ${found.versionId} or later: it is judged as that`;
}

/** Managers of packages in the image that are not those of its distribution, as a sentence; null where there are none. */
export function managerDoubt({ name, os, binaries }: TargetReport): string | null {
  if (os === null) return null;
  const managers = new Set<string>();
  for (const binary of binaries) {
    const manager = factAt(binary, 'package.manager');
    if (typeof manager === 'string' && !isItsManager(os.id, manager)) managers.add(manager);
  }
  if (managers.size === 0) return null;
  return `${name} says that it is ${os.prettyName || os.id}, whose packages ${[...managers].toSorted().join(' and ')} does not install: files of those are judged by the rules alone`;
}

/** What ends behind the newest release that is known is meant of that one too. */
export function isBeyondNewest(id: string, release: string): boolean {
  const newest = releases[families.get(id)?.table ?? '']?.at(-1)?.[0];
  return newest !== undefined && compareReleases(release, newest) > 0;
}

/** `3.9` comes before `3.20`. */
export function compareReleases(a: string, b: string): number {
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numbersOf(release: string): readonly number[] {
  return (release.match(/\d{1,15}/g) ?? []).map(Number);
}
