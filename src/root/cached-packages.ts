import type { ImageConfig } from '../base/image-config.ts';
import type { Container, Root } from '../layers/root.ts';
import { findReachable } from './exposure/reachable.ts';

/** Where package managers leave the packages that they installed. */
const caches =
  /^\/(?:var\/cache\/apt\/archives(?:\/partial)?\/[^/]+\.deb$|(?:var\/cache|etc)\/apk(?:\/cache)?\/[^/]+\.apk$|var\/cache\/(?:dnf|yum|libdnf5|zypp)\/.+\.rpm$|var\/cache\/pacman\/pkg\/[^/]+\.pkg\.tar(?:\.\w+)?$)/;

/** What a text may say that unpacks a package, in whatever words it names the folder. */
const unpacks =
  /var\/cache|\/apk\b|archives|\.(?:deb|rpm|apk|pkg\.tar)\b|\b(?:dpkg(?:-deb)?|apt(?:-get)?|apk|rpm|rpm2cpio|dnf|yum|zypper|pacman|bsdtar)\s/;

/** Whether a file is a package that its package manager left in its cache, and that nothing which the image starts may unpack. */
export function createCached(
  root: Root,
  config: ImageConfig | null,
): (container: Container) => boolean {
  let mayUnpack: ReturnType<typeof findUnpacking> | null = null;
  const outside = new Set(
    root.containers.filter((each) => !isInCache(each)).map(({ entry }) => entry.inode),
  );
  return (container) => {
    // One of several hard links may lie where something else takes it from.
    if (!isInCache(container) || outside.has(container.entry.inode)) return false;
    mayUnpack ??= findUnpacking(root, config);
    return !mayUnpack(container.entry.inode);
  };
}

function isInCache({ entry, inside }: Container): boolean {
  const isPackage = inside.length > 0 && inside.every(({ control }) => control !== undefined);
  return isPackage && caches.test(entry.path) && entry.elf === null && entry.shebang === null;
}

function findUnpacking(root: Root, config: ImageConfig | null): (inode: number) => boolean {
  const reachOf = findReachable(root, config);
  const isReached = (inode: number) => (reachOf(inode)?.how ?? 'installed') !== 'installed';
  const { entrypoint = [], cmd = [], env = [], healthcheck = [] } = config ?? {};
  const said = [...entrypoint, ...cmd, ...env, ...healthcheck, ''].join(' ');
  const isSaid = unpacks.test(said) || [...root.textPaths()].some(isSaidIn);
  return (inode) => isSaid || isReached(inode);

  function isSaidIn(path: string): boolean {
    const entry = root.resolve(path);
    if (entry === undefined || !isReached(entry.inode)) return false;
    return unpacks.test(root.text(path)?.toString('latin1') ?? '');
  }
}
