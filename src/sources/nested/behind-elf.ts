import { inflatedHead } from '../../archive/compression/inflated-head.ts';
import { compressionOf } from '../../archive/decompress.ts';
import type { UnsupportedFormat } from '../../base/errors.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { behindSegments } from '../../filesystems/end-of-elf.ts';
import { unreadError } from '../../unread/unread.ts';
import { formatOf } from '../input/file-format.ts';
import type { FileFormat } from '../input/input.ts';

/** What programs unpack or start that carry it. Zip archives and squashfs are found wherever they are, and read. */
const titles: Partial<Readonly<Record<FileFormat, string>>> = {
  elf: 'a further ELF file',
  tar: 'a tar',
  compressed: 'a compressed stream',
  cpio: 'a cpio archive',
  rpm: 'an rpm',
};

const headSize = 512;

/** An archive, stream or ELF file that begins where the tables of an ELF file cover nothing; null: there is none. */
export async function unreadBehindElf(file: RandomAccess): Promise<UnsupportedFormat | null> {
  for (const [start, end] of await behindSegments(file, headSize)) {
    // An object file has no segments, and its own header is in no section.
    if (start === 0) continue;
    const head = await file.read(start, headSize);
    const title = titles[formatOf(head)];
    if (title !== undefined && isSound(head))
      return unreadError({ name: `a program with ${title} behind it`, size: end - start });
  }
  return null;
}

/** Gzip has a magic number of two bytes, and lzma none. */
function isSound(head: Buffer): boolean {
  const compression = compressionOf(head);
  if (compression === 'gzip') return inflatedHead(head, 'gzip').length > 0;
  return compression !== 'lzma';
}
