// supporting: naming what was found instead of something to scan
import type { FileInput } from './input.ts';

/** For messages: `compressed by xz`. Empty and unknown files are named as such. */
export async function seenAs({ file, format }: FileInput): Promise<string> {
  if (file.size === 0) return 'empty';
  if (format === 'compressed') return 'compressed, but not a tar inside';
  const head = await file.read(0, 16);
  const known = beginnings.find(([magic]) =>
    head.subarray(0, magic.length).equals(Buffer.from(magic, 'latin1')),
  );
  if (known !== undefined) return known[1];
  return head.includes(0) ? 'of an unknown format' : 'a text or of an unknown format';
}

const beginnings: readonly (readonly [magic: string, name: string])[] = [
  ['BZh', 'compressed by bzip2, which must be unpacked first'],
  ['hsqs', 'a squashfs file system'],
  ['!<thin>\n', 'a thin ar archive, whose members are files of their own'],
  ['ADB', 'a package of apk-tools 3, which is not read'],
  ['0.93', 'a Debian package of before 1995, which is not read'],
  ['070707', 'a cpio of an old format: cpio -o -H newc writes one that is read'],
  ['\xc7\x71', 'a cpio of an old format: cpio -o -H newc writes one that is read'],
  ['\x5d\0\0', 'compressed by lzma, which must be unpacked first'],
  ['\x04\x22\x4d\x18', 'compressed by lz4, which must be unpacked first'],
  ['\x02\x21\x4c\x18', 'compressed by lz4, which must be unpacked first'],
  ['\x89LZO', 'compressed by lzop, which must be unpacked first'],
  ['LZIP', 'compressed by lzip, which must be unpacked first'],
  ['SIF_MAGIC', 'a Singularity image'],
  ['MZ', 'a PE file'],
  ['\xcf\xfa\xed\xfe', 'a Mach-O file'],
  ['#!', 'a script'],
];
