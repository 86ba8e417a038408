import type { Root } from '../../layers/root.ts';
import type { ImageConfig } from '../../sources/source.ts';
import { uidOfName } from '../process-user.ts';

/** Who the image's process runs as. */
export interface RuntimeUser {
  /** USER as it stands; '' is root. */
  readonly name: string;
  /** null when the root's /etc/passwd does not tell. */
  readonly uid: number | null;
}

/** null outside images: a root filesystem does not say who uses it. */
export function findRuntimeUser(root: Root, config: ImageConfig | null): RuntimeUser | null {
  if (config === null) return null;
  const [name = ''] = config.user.split(':');
  if (name === '') return { name: config.user, uid: 0 };
  if (/^\d{1,10}$/.test(name)) return { name: config.user, uid: Number(name) };
  return { name: config.user, uid: uidOfName(root, name) };
}
