import type { Root } from '../../layers/root.ts';

/**
 * Whether a folder or an archive shows to be the root of a system. `lib`, `bin` and `etc` show nothing: a build folder, what
 * `make install` writes, a virtual environment and a Java runtime have them too, and what their programs need lies in the
 * system that they are put into.
 */
export function showsRoot(root: Root): boolean {
  const isThere = (path: string) =>
    root.resolve(path) !== undefined || root.entry(path) !== undefined;
  if (places.some(isThere) || hasLoader(root)) return true;
  if (isThere('/init') && mounts.some(isThere)) return true;
  // An environment of conda may have a shell of its own, for the loader of the system around it.
  return !isThere('/conda-meta') && starts.some(isThere);
}

const starts = ['/bin/sh', '/usr/bin/sh', '/sbin/init', '/usr/sbin/init'];

/** An os-release, databases of packages, and what Docker writes into the root of each container, and so exports. */
const places = [
  ...['/etc/os-release', '/usr/lib/os-release'],
  ...['/lib/apk/db/installed', '/usr/lib/apk/db/installed'],
  ...['/var/lib/dpkg/status', '/var/lib/dpkg/status.d'],
  ...['/var/lib/rpm', '/usr/lib/sysimage/rpm', '/usr/share/rpm'],
  ...['/var/lib/pacman/local', '/usr/lib/opkg/status', '/var/lib/opkg/status', '/var/db/pkg'],
  '/.dockerenv',
];

/** The kernel starts /init of an initramfs, which mounts these. */
const mounts = ['/proc', '/sys', '/dev'];

/** Folders that PT_INTERP names, by the ABIs of processors and systems. */
const foldersOfLoaders = [
  ...['/lib', '/lib32', '/lib64', '/libx32'],
  ...['/libexec', '/usr/libexec', '/system/bin'],
];

/** A program with its libraries may bring glibc's loader in its own `lib`: that of x86-64 is named by /lib64. */
function hasLoader(root: Root): boolean {
  for (const folder of foldersOfLoaders) {
    for (const name of root.list(folder)) {
      if (!/^(?:ld[-.]|ld64[-.]|linker(?:64)?$)/.test(name)) continue;
      if (name === 'ld-linux-x86-64.so.2' && folder === '/lib') continue;
      if (isElfOrAstray(root, `${folder}/${name}`)) return true;
    }
  }
  return false;
}

/** A dangling link is in the place of a loader, which is missing: no program that names it starts. */
function isElfOrAstray(root: Root, path: string): boolean {
  const found = root.resolve(path);
  return found === undefined ? root.entry(path)?.type === 'symlink' : (found.elf ?? null) !== null;
}
