import { crc32 } from 'node:zlib';
import { isPowerOfTwo, mark, numbersOf, type UnreadFormat, where } from './unread-format.ts';

const sector = 512;

/** By what their drivers in Linux demand of a superblock (fs/NAME); the others by their specifications. */
export const unreadFileSystems: readonly UnreadFormat[] = [
  {
    name: 'an EROFS file system',
    marks: [mark('\xe2\xe1\xf5\xe0', 1024)],
    sizeOf(head) {
      const { word } = numbersOf(head, 'little');
      const bits = head[1024 + 12] ?? 0;
      return where(bits >= 9 && bits <= 16, word(1024 + 36) * 2 ** bits);
    },
  },
  {
    name: 'an XFS file system',
    marks: [mark('XFSB')],
    sizeOf(head) {
      const { word, long } = numbersOf(head, 'big');
      return where(isPowerOfTwo(word(4), 512, 65536), long(8) * word(4));
    },
  },
  {
    name: 'a Btrfs file system',
    marks: [mark('_BHRfS_M', 0x10040)],
    sizeOf(head) {
      const { long } = numbersOf(head, 'little');
      return where(long(0x10030) === 0x10000, long(0x10070));
    },
  },
  {
    name: 'an F2FS file system',
    marks: [mark('\x10\x20\xf5\xf2', 1024)],
    sizeOf(head) {
      const { word, long } = numbersOf(head, 'little');
      const [sectorBits, blockBits] = [word(1024 + 8), word(1024 + 16)];
      const isSound = sectorBits >= 9 && sectorBits <= 16 && blockBits >= 12 && blockBits <= 16;
      return where(isSound, long(1024 + 36) * 2 ** blockBits);
    },
  },
  {
    name: 'an NTFS file system',
    marks: [mark('NTFS    ', 3)],
    sizeOf(head) {
      const { half, long } = numbersOf(head, 'little');
      return where(isPowerOfTwo(half(11), 256, 4096), long(40) * half(11));
    },
  },
  {
    name: 'an exFAT file system',
    marks: [mark('EXFAT   ', 3)],
    sizeOf(head) {
      const bits = head[108] ?? 0;
      const { long } = numbersOf(head, 'little');
      return where(bits >= 9 && bits <= 12, long(72) * 2 ** bits);
    },
  },
  {
    name: 'an HFS+ file system',
    marks: [mark('H+\x00\x04', 1024), mark('HX\x00\x05', 1024)],
    sizeOf(head) {
      const { word } = numbersOf(head, 'big');
      return where(isPowerOfTwo(word(1024 + 40), 512, 2 ** 20), word(1024 + 44) * word(1024 + 40));
    },
  },
  {
    name: 'an APFS container',
    marks: [mark('NXSB', 32)],
    sizeOf(head) {
      const { word, long } = numbersOf(head, 'little');
      return where(isPowerOfTwo(word(36), 4096, 65536), long(40) * word(36));
    },
  },
  {
    name: 'a device of a ZFS pool',
    // The first label holds its settings as XDR, and the version comes first.
    marks: [mark('\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01', 0x4000)],
    sizeOf: (head, { size }) =>
      where(head.toString('latin1', 0x4014, 0x401f) === '\x00\x00\x00\x07version', size),
  },
  { name: 'a bcachefs file system', marks: [mark('\xc6\x85\x73\xf6', 0x1018)] },
  { name: 'a JFS file system', marks: [mark('JFS1', 0x8000)] },
  {
    name: 'a ReiserFS file system',
    marks: [mark('ReIsErFs', 0x10034), mark('ReIsEr2Fs', 0x10034), mark('ReIsEr3Fs', 0x10034)],
  },
  {
    name: 'a UDF file system',
    marks: [mark('BEA01', 0x8001)],
    sizeOf: (head, { size }) =>
      where(/^NSR0[23]$/.test(head.toString('latin1', 0x8801, 0x8806)), size),
  },
  {
    name: 'a squashfs file system of big-endian order',
    marks: [mark('sqsh')],
    sizeOf: (head, { size }) => where(isSquashfsVersion(numbersOf(head, 'big').half(28)), size),
  },
  {
    name: 'a squashfs file system of a vendor',
    marks: ['shsq', 'qshs', 'tqsh', 'hsqt', 'sqlz'].map((magic) => mark(magic)),
    sizeOf(head, { size }) {
      const versions = [numbersOf(head, 'little').half(28), numbersOf(head, 'big').half(28)];
      return where(versions.some(isSquashfsVersion), size);
    },
  },
  {
    name: 'a cramfs file system',
    marks: [mark('\x45\x3d\xcd\x28'), mark('\x28\xcd\x3d\x45')],
    sizeOf(head) {
      const isSound = head.toString('latin1', 16, 32) === 'Compressed ROMFS';
      return where(isSound, numbersOf(head, head[0] === 0x45 ? 'little' : 'big').word(4));
    },
  },
  {
    name: 'a romfs file system',
    marks: [mark('-rom1fs-')],
    sizeOf: (head) => numbersOf(head, 'big').word(8),
  },
  {
    name: 'a JFFS2 file system',
    marks: [mark('\x85\x19'), mark('\x19\x85')],
    sizeOf(head, { size }) {
      const { half, word } = numbersOf(head, head[0] === 0x85 ? 'little' : 'big');
      return where(jffs2Nodes.has(half(2)) && rawCrc(head.subarray(0, 8), 0) === word(8), size);
    },
  },
  {
    name: 'a UBI image',
    marks: [mark('UBI#')],
    sizeOf: (head, { size }) =>
      where(
        head.length >= 64 &&
          rawCrc(head.subarray(0, 60), 0xffffffff) === numbersOf(head, 'big').word(60),
        size,
      ),
  },
  {
    name: 'a UBIFS file system',
    marks: [mark('\x31\x18\x10\x06')],
    sizeOf(head, { size }) {
      const { word } = numbersOf(head, 'little');
      const node = head.subarray(8, Math.max(8, word(16)));
      return where(word(16) >= 24 && rawCrc(node, 0xffffffff) === word(4), size);
    },
  },
  {
    name: 'a YAFFS file system',
    // The header of an object of type 1 (file) or 3 (directory) in the root directory, whose sum is not used.
    marks: [1, 3].flatMap((type) => [
      mark(`${String.fromCharCode(type)}\0\0\0\x01\0\0\0\xff\xff`),
      mark(`\0\0\0${String.fromCharCode(type)}\0\0\0\x01\xff\xff`),
    ]),
    sizeOf: (head, { size }) => where(size > 512 && isName(head.subarray(10, 10 + 256)), size),
  },
  {
    name: 'an encrypted volume (LUKS)',
    marks: [mark('LUKS\xba\xbe')],
  },
  {
    name: 'a physical volume of LVM',
    marks: [mark('LABELONE', sector)],
    sizeOf: (head, { size }) =>
      where(head.toString('latin1', sector + 24, sector + 28) === 'LVM2', size),
  },
];

/** Linux, include/uapi/linux/jffs2.h. */
const jffs2Nodes: ReadonlySet<number> = new Set([
  0xe001, 0xe002, 0x2003, 0x2004, 0x2006, 0xe008, 0xe009,
]);

function isSquashfsVersion(version: number): boolean {
  return version >= 1 && version <= 4;
}

/** As flash file systems have it: without the inversions that zlib puts in front of and behind it. */
function rawCrc(bytes: Buffer, start: number): number {
  return ~crc32(bytes, ~start >>> 0) >>> 0;
}

/** Text up to its NUL, and nothing behind it. */
function isName(field: Buffer): boolean {
  const end = field.indexOf(0);
  const text = end < 0 ? field : field.subarray(0, end);
  const rest = end < 0 ? field.subarray(0, 0) : field.subarray(end);
  return text.every((byte) => byte >= 0x20) && rest.every((byte) => byte === 0 || byte === 0xff);
}
