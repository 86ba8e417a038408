import { distribution, hostOf, isBelow, labelOf, type Maker, others, vendor } from './maker.ts';

export interface ApkFields {
  /** Of the folder of aports that it was built from; '' where it was built from none. */
  readonly commit: string;
  readonly maintainer: string;
  readonly url: string;
  readonly version: string;
  /** apk-tools note in /etc/apk/world that a package was a file of its own, by its digest: `tool><Q1...`. */
  readonly isPinned: boolean;
}

/**
 * By what apk's database and a package say. abuild records the commit of its recipe, and the distribution's builders build
 * nothing else; fpm and nfpm have none. A vendor's repository is known by a maintainer who is the program's own maker.
 */
export function apkMaker({ commit, maintainer, url, version, isPinned }: ApkFields): Maker {
  if (isPinned) return others('/etc/apk/world says that it was added as a file of its own');
  if (!/^[0-9a-f]{40}$/.test(commit))
    return others('it does not say of which commit of the distribution it was built');
  if (!/-r\d+$/.test(version))
    return others(`its version ${version} has no release number of the distribution`);
  const host = hostOf(maintainer);
  const project = labelOf(/^\w+:\/\/([^/:]+)/.exec(url)?.[1] ?? '');
  const isTheirOwn = project !== '' && project === labelOf(host);
  if (isBelow(host, 'alpinelinux.org'))
    return distribution(`it was built of commit ${commit.slice(0, 12)} of the distribution`);
  const because = `${maintainer} maintains it, who make the program itself`;
  if (vendors.some((domain) => isBelow(host, domain))) return vendor(because);
  if (isTheirOwn) return others(because);
  return distribution(`it was built of commit ${commit.slice(0, 12)} of the distribution`);
}

/** Of repositories that are set up in addition to Alpine's. */
const vendors = [
  'nginx.com',
  'f5.com',
  'adoptium.net',
  'eclipse.org',
  'sgerrand.com',
  'docker.com',
];
