import type { RandomAccess } from '../../base/random-access.ts';
import { unreadIn, unreadText } from '../../unread/unread.ts';
import { unreadHead } from '../../unread/unread-format.ts';

/** What a partition holds that is not read: a file system of another kind may hold programs, the rest does not. */
export interface OtherContent {
  readonly what: string;
  readonly mayHoldFiles: boolean;
}

const swapMagic = 'SWAPSPACE2';
/** By the sizes of pages that Linux has. */
const swapPlaces = [4086, 8182, 16374, 65526];

/** Boot loaders have partitions of their own, without a file system. */
const bootTypes: ReadonlySet<string> = new Set([
  '21686148-6449-6e6f-744e-656564454649',
  '9e1a2d38-c612-4316-aa26-8b49521e5a8b',
  '41',
]);

/** Bytes are those of a partition that holds nothing that is read. */
export async function otherContent(bytes: RandomAccess, type: string): Promise<OtherContent> {
  const unread = await unreadIn(bytes);
  if (unread !== null) return { what: unreadText(unread), mayHoldFiles: true };
  const head = await bytes.read(0, Math.min(bytes.size, unreadHead));
  if (swapPlaces.some((at) => head.toString('latin1', at, at + swapMagic.length) === swapMagic))
    return { what: 'swap space', mayHoldFiles: false };
  if (bootTypes.has(type)) return { what: 'a boot loader', mayHoldFiles: false };
  if (head.every((byte) => byte === 0)) return { what: 'nothing but zeros', mayHoldFiles: false };
  return { what: 'something unknown', mayHoldFiles: true };
}
