// supporting: naming what was found instead of something to scan
import type { FileInput } from './input.ts';
import { unreadInput } from './unread-input.ts';

/** For messages: `it is an XFS file system of 1024 bytes, which is not read`. Empty and unknown files are named as such. */
export async function seenAs(input: FileInput): Promise<string> {
  const { file, format } = input;
  if (file.size === 0) return 'is empty';
  const unread = await unreadInput(input);
  if (unread !== null) return unread.message.replace(/^it /, '');
  if (format === 'compressed') return 'is compressed, but not a tar inside';
  const head = await file.read(0, 16);
  for (const [magic, name] of marks)
    if (head.toString('latin1', 0, magic.length) === magic) return `is ${name}`;
  return head.includes(0) ? 'is of an unknown format' : 'is a text or of an unknown format';
}

/** Not containers of programs that Linux runs. */
const marks: readonly (readonly [magic: string, name: string])[] = [
  ['\xd0\x0d\xfe\xed', 'a device tree'],
  ['MZ', 'a PE file'],
  ['\xcf\xfa\xed\xfe', 'a Mach-O file'],
  ['#!', 'a script'],
];
