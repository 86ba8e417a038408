import { baseName } from '../../base/path-parts.ts';
import type { Root } from '../../layers/root.ts';
import type { Binary } from '../binaries.ts';
import type { Linkage } from '../linkage/linkage.ts';
import type { Exposure } from './exposure.ts';
import type { Reach } from './reachable.ts';

/**
 * Exposures with what programs load: a library in a process that is reached, or that has rights of its own, is as near to an attacker
 * as the program itself. All three lists are in one order.
 */
export function findLoaded(
  root: Root,
  {
    binaries,
    linkages,
    exposures,
  }: {
    readonly binaries: readonly Binary[];
    readonly linkages: readonly Linkage[];
    readonly exposures: readonly Exposure[];
  },
): readonly Exposure[] {
  const loaded = new Map<number, Reach>();
  const forProcessors = findForProcessors(binaries);
  // What merely lies there comes last: the first way counts.
  for (const how of ['loaded', 'installed'] as const) {
    for (const [index, { entry }] of binaries.entries()) {
      if (howOfLibraries(exposures[index]) !== how) continue;
      for (const path of filesOf(linkages[index])) {
        const inode = root.resolve(path)?.inode;
        const others = forProcessors.get(baseName(path)) ?? [];
        for (const each of inode === undefined ? others : [inode, ...others])
          if (!loaded.has(each)) loaded.set(each, { how, by: entry.path });
      }
    }
  }
  return exposures.map((exposure, index) => {
    const inode = binaries[index]?.entry.inode;
    const byOthers = inode === undefined ? null : (loaded.get(inode) ?? null);
    const isOwn = !['installed', 'unread'].includes(exposure.reached?.how ?? 'installed');
    const reached = isOwn ? exposure.reached : (byOthers ?? exposure.reached);
    return reached === exposure.reached ? exposure : { ...exposure, reached };
  });
}

function howOfLibraries(exposure: Exposure | undefined): 'loaded' | 'installed' | null {
  if (exposure === undefined) return null;
  const how = exposure.reached?.how;
  if (exposure.privileged) return 'loaded';
  if (how === undefined || how === 'unread') return null;
  return how === 'installed' ? how : 'loaded';
}

/** The loader among them. */
function filesOf(linkage: Linkage | undefined): readonly string[] {
  if (linkage?.where !== 'root' || linkage.link === null) return [];
  const loader = linkage.servedBy === null ? [] : [linkage.servedBy.path];
  return [...linkage.link.libraries.slice(1).map(({ path }) => path), ...loader];
}

/** Libraries that only some processors take in place of others of the same name. */
function findForProcessors(binaries: readonly Binary[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const { entry, aliases } of binaries) {
    for (const path of [entry.path, ...aliases]) {
      if (!/\/(glibc-hwcaps|tls|haswell|avx512_1|x86_64|atomics)\//.test(path)) continue;
      const name = baseName(path);
      const inodes = found.get(name);
      if (inodes === undefined) found.set(name, [entry.inode]);
      else inodes.push(entry.inode);
    }
  }
  return found;
}
