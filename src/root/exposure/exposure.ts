import type { ImageConfig } from '../../base/image-config.ts';
import { directoryOf } from '../../base/path-parts.ts';
import type { Root } from '../../layers/root.ts';
import type { Binary } from '../binaries.ts';
import { capabilityNames } from '../rights/capabilities.ts';
import { uidOfName } from '../rights/process-user.ts';
import { findReachable, type Reach } from './reachable.ts';
import { searchPath } from './search-path-of-shell.ts';

/** What brings a binary within an attacker's reach. */
export interface Exposure {
  /** Runs with more rights than who starts it: setuid, setgid or file capabilities. */
  readonly privileged: boolean;
  /** How the image's command line or a service leads to it; null when none does. */
  readonly reached: Reach | null;
  /** One of its names lies in a directory of PATH. */
  readonly onPath: boolean;
  /** null outside images. */
  readonly runtimeUser: RuntimeUser | null;
}

export function createExposure(
  root: Root,
  config: ImageConfig | null,
): (binary: Binary) => Exposure {
  const reachOf = findReachable(root, config);
  const runtimeUser = findRuntimeUser(root, config);
  const directories = new Set(
    searchPath(config).flatMap((path) => [path, root.resolve(path)?.path ?? path]),
  );
  return ({ entry, aliases }) => ({
    privileged: (entry.mode & 0o6000) !== 0 || capabilityNames(entry.capability).length > 0,
    reached: reachOf(entry.inode),
    onPath: [entry.path, ...aliases].some((path) => directories.has(directoryOf(path))),
    runtimeUser,
  });
}

/** Who the image's process runs as. */
export interface RuntimeUser {
  /** USER as it stands; '' is root. */
  readonly name: string;
  /** null when the root's /etc/passwd does not have it. */
  readonly uid: number | null;
}

/** null outside images: a root filesystem does not say who uses it. */
function findRuntimeUser(root: Root, config: ImageConfig | null): RuntimeUser | null {
  if (config === null) return null;
  const [name = ''] = config.user.split(':');
  if (name === '') return { name: config.user, uid: 0 };
  if (/^\d{1,10}$/.test(name)) return { name: config.user, uid: Number(name) };
  return { name: config.user, uid: uidOfName(root, name) };
}
