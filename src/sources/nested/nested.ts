import { isAdb } from '../../archive/adb/adb-content.ts';
import { arMagic } from '../../archive/ar.ts';
import { isAsar } from '../../archive/asar.ts';
import { inflatedHead } from '../../archive/compression/inflated-head.ts';
import { compressionOf, decompress } from '../../archive/decompress.ts';
import type { EntryWalk } from '../../archive/entry.ts';
import { kernelHeadSize, looksLikeKernel } from '../../archive/kernel-image.ts';
import { rpmMagic } from '../../archive/rpm.ts';
import { UsageError } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import type { Problem } from '../../base/problem.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { squashfsMagic } from '../../filesystems/squashfs/superblock.ts';
import { mayBeUnread, unreadError } from '../../unread/unread.ts';
import { isAt, type Mark, mark } from '../../unread/unread-format.ts';
import { mayLackMagic, withoutMagic } from '../../unread/without-magic.ts';
import { withProblems } from '../image/two-readings.ts';
import { fileSystemOf, formatOf, headSize, looksLikeTar } from '../input/file-format.ts';
import { claimant } from '../input/find-source.ts';
import { openBytes } from '../input/open-input.ts';
import { withOtherReadings } from '../input/other-readings.ts';
import { unreadInput } from '../input/unread-input.ts';
import type { OpenSource, Target } from '../source.ts';
import { runtimeMark } from './program-in-front.ts';

/** An image has whole sectors, and no file system whose mark lies far behind is smaller. */
const smallestImage = 64 * 1024;
const sectorSize = 512;

/** Up to here lie the superblocks of most file systems. */
const superblockEnd = 4096;

/** A frame that zstd and lz4 skip, of any size: what is compressed comes behind it. */
function beginsSkipped(head: Buffer): boolean {
  return head.length >= 4 && (head.readUInt32LE(0) & ~0xf) === 0x184d2a50;
}

/** Their beginning gives nothing until a block is whole. */
const inLargeBlocks: ReadonlySet<string> = new Set(['bzip2', 'lz4', 'lzop']);

/** From here on a compressed stream shows what is in it, except streams with larger blocks. */
const compressedHead = 4096;

/**
 * Whether a file may contain others, by its first bytes; a number: how many bytes are needed to decide. Every file of
 * every image is checked: a magic number at the beginning takes few bytes, and file systems, whose marks are further
 * back, are looked for only in files that could be one. Static libraries are containers only where `libraries` says so:
 * elsewhere they are input for a linker.
 */
export async function suspectedBy(
  head: Buffer,
  size: number,
  libraries = false,
): Promise<Suspicion> {
  if (head.length < 8) return 'no';
  if (isElf(head)) return isAppImage(head) ? 'yes' : 'no';
  if (libraries && isAt(head, library)) return 'yes';
  if (mayLackMagic(head, size)) return 'yes';
  const compression = compressionOf(head);
  if (compression === 'gzip')
    return isPackedHead(inflatedHead(head.subarray(0, sectorSize), 'gzip')) ? 'yes' : 'no';
  if (inLargeBlocks.has(compression) || beginsSkipped(head)) return 'yes';
  if (compression !== 'none') {
    if (head.length < Math.min(size, compressedHead)) return compressedHead;
    return isPackedHead(await unpackedHead(head)) ? 'yes' : 'no';
  }
  if (isContainerHead(head)) return 'yes';
  // The mark of a kernel for x86 lies behind the end of a boot sector.
  if (hasBootMark(head) && size > smallestImage) {
    if (head.length < kernelHeadSize) return kernelHeadSize;
    if (looksLikeKernel(head)) return 'yes';
  }
  return suspectedImage(head, size);
}

export { mayLackMagic };

export type Suspicion = 'yes' | 'no' | number;

/** Of a file that begins with nothing known, so that it could be a file system. */
function suspectedImage(head: Buffer, size: number): Suspicion {
  const hasSectors = size % sectorSize === 0;
  if (size < (hasSectors ? superblockEnd : smallestImage)) return 'no';
  if (head.length < Math.min(size, superblockEnd)) return superblockEnd;
  if (isImageHead(head)) return 'yes';
  // What was put behind an image does not hide it: those that begin far behind have nothing, or a boot sector, in front.
  if (size < smallestImage || !(hasSectors || isBlank(head) || hasBootMark(head))) return 'no';
  if (head.length < Math.min(size, headSize)) return headSize;
  return fileSystemOf(head) !== null || formatOf(head) === 'disk' ? 'yes' : 'no';
}

function hasBootMark(head: Buffer): boolean {
  return head.length >= sectorSize && head.readUInt16LE(sectorSize - 2) === 0xaa55;
}

function isBlank(head: Buffer): boolean {
  return head.subarray(0, superblockEnd).every((byte) => byte === 0);
}

function isImageHead(head: Buffer): boolean {
  return mayBeUnread(head) || fileSystemOf(head) !== null || formatOf(head) === 'disk';
}

function isElf(head: Buffer): boolean {
  return head.subarray(0, elf.length).equals(elf);
}

const elf = Buffer.from('\x7fELF', 'latin1');

function isAppImage(head: Buffer): boolean {
  return /^AI[\x01\x02]$/.test(head.toString('latin1', 8, 11));
}

const smallestBlank = 1024;

/** Lzma has no magic number. */
function isCompressed(head: Buffer): boolean {
  const compression = compressionOf(head);
  return compression !== 'none' && compression !== 'lzma';
}

/** A compressed ELF file is worth unpacking too: kernel modules are kept so. So is what begins as file systems do. */
function isPackedHead(head: Buffer): boolean {
  if (isElf(head) || isContainerHead(head) || isCompressed(head)) return true;
  return head.length >= smallestBlank && (isImageHead(head) || isBlank(head));
}

/** Magic numbers at their places. An empty zip archive holds nothing, and an ar may be a static library. */
const marks: readonly Mark[] = [
  mark('PK\x03\x04'),
  mark('!<arch>\ndebian-binary'),
  { at: 0, magic: rpmMagic },
  { at: 0, magic: squashfsMagic },
  mark('070701'),
  mark('070702'),
  mark('070707'),
  mark('ustar', 257),
];

const library = mark(arMagic);

/** By what a file begins with, or what it is compressed to begins with. */
function isContainerHead(head: Buffer): boolean {
  const isMarked = marks.some((each) => isAt(head, each));
  return (
    isMarked ||
    isAsar(head) ||
    isAdb(head) ||
    looksLikeTar(head) ||
    looksLikeKernel(head) ||
    mayBeUnread(head)
  );
}

/** Of a beginning that ends anywhere, so that it always ends with an error. */
async function unpackedHead(head: Buffer): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of decompress(once(head.subarray(0, compressedHead)))) {
      parts.push(part);
      size += part.length;
      if (size >= sectorSize) break;
    }
  } catch {
    // What came before is what there is to look at.
  }
  return Buffer.concat(parts);
}

async function* once(bytes: Buffer): AsyncIterable<Buffer> {
  yield bytes;
}

/** What no nested file is taken for. */
const outside: ReadonlySet<string> = new Set(['file']);

/** Nor this, except in a package. */
const libraryScheme = 'ar';

const withRuntimes: ReadonlySet<string> = new Set(['appimage', 'zip']);

function isContainer(scheme: string, libraries: boolean): boolean {
  return !outside.has(scheme) && (libraries || scheme !== libraryScheme);
}

/** The ELF file in front of what it carries is judged as the file that it is in the outer target. */
function withoutRuntime(target: Target): Target {
  if (!withRuntimes.has(target.scheme)) return target;
  const layers = target.layers.map((layer) => ({
    ...layer,
    async *entries(report: Parameters<typeof layer.entries>[0]): EntryWalk {
      for await (const entry of layer.entries(report))
        if (!entry.path.endsWith(runtimeMark)) yield entry;
    },
  }));
  return { ...target, layers };
}

/** What is judged of images alone: how they start, and the settings for their name. */
function filesAlone(where: string): Problem {
  const message =
    'it is an image in another file: its files were judged, and neither how it starts nor by settings for its name: scan it by itself';
  return { kind: 'notice', where, message };
}

/**
 * null: it is nothing that holds others. Throws DamagedInput when it is, and nothing of it can be read, also since its format
 * is not.
 */
export async function openNested(
  name: string,
  bytes: RandomAccess,
  limits: Limits,
  libraries = false,
): Promise<OpenSource | null> {
  // It is one whatever else its first bytes are the mark of.
  const program = await withoutMagic(bytes);
  if (program !== null) throw unreadError(program);
  const { input, close } = await openBytes(name, bytes, limits);
  try {
    const source = await claimant(input);
    if (source !== null && isContainer(source.scheme, libraries)) {
      // There is no choice among nested images.
      const isImage = source.opens === 'images';
      const platform = isImage ? 'all' : null;
      const opened = await source.open(input, { platform, limits });
      const read = await withOtherReadings(input, opened, { platform, limits });
      const targets = isImage ? withProblems(read, [filesAlone(name)]) : read;
      return { targets: targets.map(withoutRuntime), close: async () => close() };
    }
    const unread = await unreadInput(input);
    if (unread !== null) throw unread;
  } catch (error) {
    close();
    // Its first bytes looked like something else.
    if (error instanceof UsageError) return null;
    throw error;
  }
  close();
  return null;
}
