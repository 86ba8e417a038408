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
  ['PK\x03\x04', 'a zip archive'],
  ['!<arch>\n', 'an ar archive'],
  ['hsqs', 'a squashfs file system'],
  ['MZ', 'a PE file'],
  ['\xcf\xfa\xed\xfe', 'a Mach-O file'],
  ['#!', 'a script'],
];
