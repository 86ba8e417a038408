/** What databases of packages may know files by, in addition to SHA-256, which names contents. */
export const otherAlgorithms = ['md5', 'sha1'] as const;
export type OtherAlgorithm = (typeof otherAlgorithms)[number];

/** What is known of a package manager before a file of its root is read. Paths lead to directories, without a slash at either end. */
export interface PackageManager {
  /** Where its database lies. */
  readonly databases: readonly string[];
  /** Other files that only its distributions have. Its program is not a sign: it may be there without a database. */
  readonly signs: RegExp;
  /** What its database knows files by. */
  readonly digests: readonly OtherAlgorithm[];
}

export const packageManagers: readonly PackageManager[] = [
  {
    databases: ['lib/apk/db', 'usr/lib/apk/db'],
    signs: /^\/(?:etc\/(?:apk|alpine-release$)|(?:usr\/)?lib\/apk\/|var\/lib\/apk)/,
    digests: ['sha1'],
  },
  {
    databases: ['var/lib/dpkg'],
    signs: /^\/(?:etc\/(?:apt|dpkg|debian_version$)|var\/lib\/dpkg)/,
    digests: ['md5'],
  },
  {
    // Its form that is read is younger than its change to SHA-256; packages may be older.
    databases: ['var/lib/rpm', 'usr/lib/sysimage/rpm', 'usr/share/rpm', 'root/.rpmdb'],
    signs:
      /^\/(?:etc\/(?:rpm|yum|dnf|zypp|(?:redhat|fedora|centos|SuSE)-release$)|usr\/(?:lib\/(?:rpm|sysimage)|share\/rpm)|var\/lib\/rpm)/,
    digests: [],
  },
  { databases: ['var/lib/pacman'], signs: /^\/(?:etc\/pacman|var\/lib\/pacman)/, digests: [] },
];

/** Every distribution says what it is. */
const anySign = /^\/(?:etc\/[\w-]+[-_](?:release|version)|usr\/lib\/os-release)$/;

/** What a path shows about packages; null: nothing. */
export function digestsBySign(path: string): readonly OtherAlgorithm[] | null {
  for (const { signs, digests } of packageManagers) if (signs.test(path)) return digests;
  return anySign.test(path) ? otherAlgorithms : null;
}

/** Folders that distributions leave to the administrator (hier(7)), so that no database lists files there. */
export function isLocal(path: string): boolean {
  return /^\/(?:usr\/local|home|srv)\//.test(path);
}
