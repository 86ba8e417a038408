// supporting: naming what was found instead of something to scan
import type { FileInput } from './input.ts';

/** For messages: `compressed by xz`. Empty and unknown files are named as such. */
export async function seenAs({ file, format }: FileInput): Promise<string> {
  if (file.size === 0) return 'empty';
  if (format === 'compressed') return 'compressed, but not a tar inside';
  const head = await file.read(0, 16);
  for (const [magic, name, offset = 0] of marks) {
    const found = await file.read(offset, magic.length);
    if (found.equals(Buffer.from(magic, 'latin1'))) return name;
  }
  return head.includes(0) ? 'of an unknown format' : 'a text or of an unknown format';
}

/** The first that is there counts: whole file systems begin with anything. */
const marks: readonly (readonly [magic: string, name: string, offset?: number])[] = [
  ['!<thin>\n', 'a thin ar archive, whose members are files of their own'],
  ['ADB', 'a package of apk-tools 3, which is not read'],
  ['0.93', 'a Debian package of before 1995, which is not read'],
  ['070707', 'a cpio of an old format: cpio -o -H newc writes one that is read'],
  ['\xc7\x71', 'a cpio of an old format: cpio -o -H newc writes one that is read'],
  ['sqsh', 'a squashfs file system of big-endian order, which must be unpacked first'],
  ['QFI\xfb', 'an image of a disk (qcow2)'],
  ['7z\xbc\xaf\x27\x1c', 'a 7z archive'],
  ['Rar!', 'a rar archive'],
  ['\xd0\x0d\xfe\xed', 'a device tree or an image of U-Boot'],
  ['SIF_MAGIC', 'a Singularity image', 32],
  ['MZ', 'a PE file'],
  ['\xcf\xfa\xed\xfe', 'a Mach-O file'],
  ['#!', 'a script'],
  ['LUKS\xba\xbe', 'an encrypted volume (LUKS)'],
  ['XFSB', 'an XFS file system, which must be mounted first'],
  ['NTFS    ', 'an NTFS file system, which must be mounted first', 3],
  ['EXFAT   ', 'an exFAT file system, which must be mounted first', 3],
  ['\x10\x20\xf5\xf2', 'an F2FS file system, which must be mounted first', 1024],
  ['\xe2\xe1\xf5\xe0', 'an EROFS file system, which must be mounted first', 1024],
  ['_BHRfS_M', 'a Btrfs file system, which must be mounted first', 0x10040],
];
