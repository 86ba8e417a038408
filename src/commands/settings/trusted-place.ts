import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { splitScheme } from '../../sources/input/find-source.ts';

/** What the place of a file is compared with. */
export interface Ground {
  /** Absolute. */
  readonly cwd: string;
  /** The inputs to scan. */
  readonly images: readonly string[];
}

/**
 * Why a file must not be used, as the end of a sentence; null: it may be used. The author of an input must not decide how it
 * is judged. So a file above or inside an input counts only in the repository that the command runs in, and a file of another
 * user never counts.
 */
export function refusalOf(path: string, { cwd, images }: Ground): string | null {
  const real = realOf(path);
  const owner = ownerRefusal([path, real]);
  if (owner !== null) return owner;
  const places = [...new Set([dirname(path), dirname(real)])];
  if (places.every((folder) => isInRepository(folder, cwd))) return null;
  for (const given of images) {
    const image = given === '.' ? 'this folder' : given;
    for (const input of placesOf(given, cwd)) {
      const around = places.find((folder) => contains(folder, input));
      const inside = [path, real].find((file) => contains(input, file));
      if (inside !== undefined) return `is inside ${image}, which is being scanned`;
      if (around !== undefined)
        return `is in a folder above ${image}, which is being scanned, and not in a repository`;
    }
  }
  return null;
}

/** Accepts files of this user, and files of root in folders that only root can write to. */
function ownerRefusal(paths: readonly string[]): string | null {
  const user = ownUser();
  for (const path of paths) {
    const { uid } = lstatSync(path);
    if (uid === user || (uid === 0 && isRootsOwn(dirname(path)))) continue;
    return `belongs to user ${uid}, but hullcheck runs as user ${user}`;
  }
  return null;
}

/** In a container the user need not have an entry in passwd. */
function ownUser(): number {
  try {
    return userInfo().uid;
  } catch {
    return statSync('/proc/self').uid;
  }
}

/** Whether only root can write to a folder and to all folders above it. */
function isRootsOwn(folder: string): boolean {
  return upwards(folder).every((each) => {
    const { uid, mode } = lstatSync(each);
    return uid === 0 && (mode & 0o022) === 0;
  });
}

/** Whether a folder belongs to the repository around the working directory, and not to something unpacked in it. */
function isInRepository(folder: string, cwd: string): boolean {
  const repository = repositoryAround(realOf(cwd));
  if (repository === null || !contains(repository, realOf(folder))) return false;
  return !upwards(realOf(folder)).some(isUnpacked);
}

/**
 * The nearest folder above that contains `.git`; null when there is none. A root file system or the content of a package is
 * never a repository, whatever it contains, and neither is a folder in it.
 */
export function repositoryAround(cwd: string): string | null {
  const folders = upwards(cwd);
  const outermost = folders.findLastIndex(isUnpacked);
  return folders.slice(outermost + 1).find((folder) => exists(join(folder, '.git'))) ?? null;
}

/** The nearest folder above that contains `.git`, whatever else is in it; null when there is none. */
export function markedRepository(cwd: string): string | null {
  return upwards(cwd).find((folder) => exists(join(folder, '.git'))) ?? null;
}

/** A root file system, the content of a package, or a folder that a package manager fills. */
function isUnpacked(folder: string): boolean {
  if (ownSystem.has(folder)) return false;
  return (
    dependencyFolders.has(basename(folder)) ||
    marks.some((mark) => exists(join(folder, mark))) ||
    namesIn(folder).some((name) => /\.dist-info$/.test(name))
  );
}

/** The host itself: its users work below these folders. */
const ownSystem: ReadonlySet<string> = new Set(['/', '/usr', '/usr/local']);

/** Folders in which package managers install dependencies. */
const dependencyFolders: ReadonlySet<string> = new Set([
  ...['node_modules', 'bower_components', 'site-packages', 'dist-packages'],
]);

/** Found at the top of root file systems, images and packages, and never of a source tree. */
const marks = [
  // Root file systems: what a system is called, its package databases, users, shells and loaders.
  ...['etc/os-release', 'usr/lib/os-release', 'etc/passwd', 'etc/alpine-release'],
  ...[
    'etc/debian_version',
    'etc/ld.so.cache',
    'etc/ld.so.conf',
    'etc/apk',
    'etc/apt',
    '.dockerenv',
  ],
  ...['lib/apk/db', 'usr/lib/apk/db', 'var/lib/dpkg', 'var/lib/rpm', 'usr/lib/sysimage'],
  ...['var/lib/pacman', 'bin/sh', 'bin/busybox', 'usr/bin', 'usr/sbin', 'usr/lib', 'usr/lib64'],
  ...['usr/local', 'usr/libexec', 'usr/share', 'sbin/init', 'lib64/ld-linux-x86-64.so.2'],
  ...['lib/ld-musl-x86_64.so.1', 'lib/ld-musl-aarch64.so.1', 'lib/modules', 'lib/firmware'],
  // Packages: deb, ipk, apk and pacman, conda, sdist, snap, AppImage, jar.
  ...['DEBIAN/control', 'CONTROL/control', 'debian-binary', '.PKGINFO', '.MTREE', '.BUILDINFO'],
  ...['info/index.json', 'PKG-INFO', 'meta/snap.yaml', 'AppRun', 'META-INF/MANIFEST.MF'],
  // Images: an OCI layout, and what docker save writes.
  ...['oci-layout', 'blobs/sha256'],
];

/** Every path that a reference may mean: a path can contain colons itself. */
function placesOf(image: string, cwd: string): readonly string[] {
  const { rest, isRemote } = splitScheme(image);
  if (isRemote) return [];
  const cuts = [...rest.matchAll(/[:@!#]/g)].map(({ index }) => rest.slice(0, index)).slice(-16);
  return [image, rest, ...cuts]
    .filter((path) => path !== '' && !path.includes('\0'))
    .map((path) => resolve(cwd, path))
    .filter(exists)
    .flatMap((path) => [path, realOf(path)]);
}

/** Whether `path` is `folder` or is inside it. */
function contains(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`));
}

/** The folder and all folders above it up to `last`, innermost first; null: up to the root. */
export function upwards(folder: string, last: string | null = null): readonly string[] {
  const all = [folder];
  let each = folder;
  while (each !== last && each !== dirname(each)) {
    each = dirname(each);
    all.push(each);
  }
  return all;
}

function realOf(path: string): string {
  return realPath(path) ?? path;
}

function exists(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A loop of links, or a name that is too long: it cannot be read.
    return false;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** null when the path cannot be resolved. */
export function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
