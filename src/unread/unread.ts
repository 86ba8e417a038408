import { UnsupportedFormat } from '../base/errors.ts';
import { unreadEnd } from '../base/problem.ts';
import type { RandomAccess } from '../base/random-access.ts';
import { unreadArchives } from './unread-archives.ts';
import { unreadDisks } from './unread-disks.ts';
import { unreadFileSystems } from './unread-file-systems.ts';
import { unreadFirmware } from './unread-firmware.ts';
import { isAt, type Mark, type UnreadFormat, unreadHead } from './unread-format.ts';

/** Everything that is known and not read, wherever it is met: as an input, in a partition, in a file of another. */
export const unreadFormats: readonly UnreadFormat[] = [
  ...unreadFileSystems,
  ...unreadDisks,
  ...unreadFirmware,
  ...unreadArchives,
  {
    name: 'an image of a disk (DMG)',
    // It has its mark at the end: see `unreadTrailer`.
    marks: [],
  },
];

/** What a file is. */
export interface Unread {
  /** As in UnreadFormat. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
}

/** Marks behind the first bytes are those of file systems, which have whole sectors. */
const nearPlace = 512;

interface Candidate {
  readonly mark: Mark;
  readonly format: UnreadFormat;
}

const all: readonly Candidate[] = unreadFormats.flatMap((format) =>
  format.marks.map((mark) => ({ mark, format })),
);
const inFront = new Map<number, Candidate[]>();
for (const candidate of all) {
  const { at, magic } = candidate.mark;
  const first = magic[0] ?? 0;
  if (at === 0) inFront.set(first, [...(inFront.get(first) ?? []), candidate]);
}
const near = all.filter(({ mark: { at, magic } }) => at > 0 && at + magic.length <= nearPlace);
const far = all.filter(({ mark: { at, magic } }) => at + magic.length > nearPlace);

/** Whether a file of these first bytes may be one of them, by its marks alone: `unreadIn` knows. */
export function mayBeUnread(head: Buffer): boolean {
  const begins = inFront.get(head[0] ?? -1)?.some(({ mark }) => isAt(head, mark)) ?? false;
  return (
    begins ||
    near.some(({ mark }) => isAt(head, mark)) ||
    (head.length > nearPlace && far.some(({ mark }) => isAt(head, mark)))
  );
}

/** null: it is none of them. */
export async function unreadIn(file: RandomAccess): Promise<Unread | null> {
  const head = await file.read(0, Math.min(file.size, unreadHead));
  for (const { mark, format } of all) {
    if (!isAt(head, mark)) continue;
    const size = format.sizeOf === undefined ? file.size : await format.sizeOf(head, file);
    if (size !== null) return { name: format.name, size: soundSize(size, file) };
  }
  return (await hasTrailer(file)) ? { name: 'an image of a disk (DMG)', size: file.size } : null;
}

/** What it says of itself, as far as there are so many bytes. */
function soundSize(size: number, { size: present }: RandomAccess): number {
  return size > 0 && size <= present ? size : present;
}

const trailerSize = 512;
const trailerMagic = Buffer.from('koly\0\0\0\x04\0\0\x02\0', 'latin1');

/** Apple's UDIF has its header at the end, with its version and its size. */
async function hasTrailer(file: RandomAccess): Promise<boolean> {
  if (file.size < trailerSize) return false;
  return isUnreadTrailer(await file.read(file.size - trailerSize, trailerSize));
}

/** `tail` are the last bytes of a file. */
export function isUnreadTrailer(tail: Buffer): boolean {
  const at = tail.length - trailerSize;
  return at >= 0 && tail.subarray(at, at + trailerMagic.length).equals(trailerMagic);
}

/** What it is, and how large, for the message of a problem. */
export function unreadError(unread: Unread): UnsupportedFormat {
  return new UnsupportedFormat(`it is ${unreadText(unread)}`);
}

export function unreadText({ name, size }: Unread): string {
  return `${name} of ${size} bytes${unreadEnd}`;
}
