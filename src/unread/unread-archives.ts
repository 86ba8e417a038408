import { crc32 } from 'node:zlib';
import { mark, numbersOf, type UnreadFormat, where } from './unread-format.ts';

export const unreadArchives: readonly UnreadFormat[] = [
  { name: 'a 7z archive', marks: [mark('7z\xbc\xaf\x27\x1c')] },
  {
    name: 'a rar archive',
    marks: [mark('Rar!\x1a\x07\x00'), mark('Rar!\x1a\x07\x01\x00'), mark('RE~^')],
  },
  {
    name: 'a cabinet',
    marks: [mark('MSCF\0\0\0\0')],
    sizeOf: (head) => numbersOf(head, 'little').word(8),
  },
  {
    name: 'a cabinet of InstallShield',
    marks: [mark('ISc(')],
  },
  { name: 'a WIM archive', marks: [mark('MSWIM\0\0\0')] },
  {
    name: 'an LHA archive',
    marks: [mark('-l', 2), mark('-pm', 2)],
    sizeOf(head, { size }) {
      const isMethod = /^-(?:lh[0-9dsx]|lz[s2-8]|pm[0-2s])-$/.test(head.toString('latin1', 2, 7));
      return where(isMethod && (head[20] ?? 255) <= 3 && isLhaHeader(head), size);
    },
  },
  {
    name: 'an ARJ archive',
    marks: [mark('\x60\xea')],
    sizeOf(head, { size }) {
      const { half, word } = numbersOf(head, 'little');
      const header = head.subarray(4, 4 + half(2));
      return where(half(2) >= 30 && half(2) <= 2600 && crc32(header) === word(4 + half(2)), size);
    },
  },
  { name: 'an ACE archive', marks: [mark('**ACE**', 7)] },
  { name: 'a ZOO archive', marks: [mark('\xdc\xa7\xc4\xfd', 20)] },
  {
    name: 'a XAR archive',
    marks: [mark('xar!')],
    sizeOf(head, { size }) {
      const { half } = numbersOf(head, 'big');
      return where(half(4) >= 28 && half(6) <= 2, size);
    },
  },
  {
    name: 'a cpio of the old binary format',
    marks: [mark('\xc7\x71'), mark('\x71\xc7')],
    sizeOf(head, { size }) {
      const { half } = numbersOf(head, head[0] === 0xc7 ? 'little' : 'big');
      const nameSize = half(20);
      const isSound = fileTypes.has(half(6) & 0o170000) && nameSize > 1 && nameSize <= 4096;
      return where(isSound && head.indexOf(0, 26) === 26 + nameSize - 1, size);
    },
  },
  {
    name: 'the payload of an rpm package without the list of its files',
    marks: [mark('07070X')],
    sizeOf: (head, { size }) =>
      where(/^07070X[0-9a-f]{8}/.test(head.toString('latin1', 0, 14)), size),
  },
  { name: 'a thin ar archive', marks: [mark('!<thin>\n')] },
  { name: 'a Debian package of before 1995', marks: [mark('0.93')], sizeOf: oldDebianSize },
  {
    name: 'a bundle of Flatpak',
    marks: [mark('xdg-app\0\x01\0\x89\xe5'), mark('flatpak\0\x01\0\x89\xe5')],
  },
  {
    name: 'a file of compress (.Z)',
    marks: [mark('\x1f\x9d')],
    sizeOf: (head, { size }) =>
      where(((head[2] ?? 0) & 0x60) === 0 && isMaxBits(head[2] ?? 0), size),
  },
  { name: 'a file of lrzip', marks: [mark('LRZI')] },
  { name: 'a file of rzip', marks: [mark('RZIP')] },
  { name: 'a file that is compressed by snappy', marks: [mark('\xff\x06\0\0sNaPpY')] },
  { name: 'a file that is compressed by LZFSE', marks: [mark('bvx2'), mark('bvx-'), mark('bvxn')] },
  {
    name: 'an archive of zpaq',
    marks: [mark('7kSt\xa0\x31\x83\xd3'), mark('zPQ\x01'), mark('zPQ\x02')],
  },
];

/** Of cpio: the types of files that `st_mode` has. */
const fileTypes: ReadonlySet<number> = new Set([
  0o010000, 0o020000, 0o040000, 0o060000, 0o100000, 0o120000, 0o140000,
]);

/** Level 0 and 1: the sum of the bytes behind it. The others have a size that is there. */
function isLhaHeader(head: Buffer): boolean {
  const level = head[20] ?? 0;
  if (level >= 2) return numbersOf(head, 'little').half(0) >= 21;
  const size = head[0] ?? 0;
  const sum = head.subarray(2, 2 + size).reduce((all, byte) => (all + byte) & 0xff, 0);
  return size >= 20 && sum === head[1];
}

/** A line of the version, and one with the size of the first part. */
function oldDebianSize(head: Buffer, { size }: { readonly size: number }): number | null {
  return where(/^0\.93\d*\n\d+\n/.test(head.toString('latin1', 0, 32)), size);
}

function isMaxBits(flags: number): boolean {
  const bits = flags & 0x1f;
  return bits >= 9 && bits <= 16;
}
