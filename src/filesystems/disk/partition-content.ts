import type { RandomAccess } from '../../archive/random-access.ts';

/** What a partition holds that is not read: a file system of another kind may hold programs, the rest does not. */
export interface OtherContent {
  readonly what: string;
  readonly mayHoldFiles: boolean;
}

const marks: readonly (readonly [
  offset: number,
  magic: string,
  what: string,
  mayHoldFiles: boolean,
])[] = [
  [0, 'LUKS\xba\xbe', 'an encrypted volume (LUKS)', true],
  [0, 'XFSB', 'an XFS file system', true],
  [0, 'sqsh', 'a squashfs file system of big-endian order', true],
  [3, 'NTFS    ', 'an NTFS file system', true],
  [3, 'EXFAT   ', 'an exFAT file system', true],
  [512, 'LABELONE', 'a physical volume of LVM', true],
  [1024, '\x10\x20\xf5\xf2', 'an F2FS file system', true],
  [1024, '\xe2\xe1\xf5\xe0', 'an EROFS file system', true],
  [0x10040, '_BHRfS_M', 'a Btrfs file system', true],
  [4086, 'SWAPSPACE2', 'swap space', false],
  [65526, 'SWAPSPACE2', 'swap space', false],
];

/** Boot loaders have partitions of their own, without a file system. */
const bootTypes: ReadonlySet<string> = new Set([
  '21686148-6449-6e6f-744e-656564454649',
  '9e1a2d38-c612-4316-aa26-8b49521e5a8b',
  '41',
]);

const probeSize = 0x11000;

/** Bytes are those of a partition that holds nothing that is read. */
export async function otherContent(bytes: RandomAccess, type: string): Promise<OtherContent> {
  const head = await bytes.read(0, Math.min(bytes.size, probeSize));
  for (const [offset, magic, what, mayHoldFiles] of marks) {
    if (head.toString('latin1', offset, offset + magic.length) === magic)
      return { what, mayHoldFiles };
  }
  if (bootTypes.has(type)) return { what: 'a boot loader', mayHoldFiles: false };
  if (head.every((byte) => byte === 0)) return { what: 'nothing but zeros', mayHoldFiles: false };
  return { what: 'something unknown', mayHoldFiles: true };
}
