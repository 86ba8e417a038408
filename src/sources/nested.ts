// supporting: what lies inside of a file of a target
import { compressionOf, decompress } from '../archive/decompress.ts';
import type { EntryWalk } from '../archive/entry.ts';
import { inflatedHead } from '../archive/inflated-head.ts';
import { kernelHeadSize, looksLikeKernel } from '../archive/kernel-image.ts';
import type { RandomAccess } from '../archive/random-access.ts';
import { rpmMagic } from '../archive/rpm.ts';
import { UsageError } from '../errors.ts';
import { squashfsMagic } from '../filesystems/squashfs/superblock.ts';
import type { Limits } from '../limits.ts';
import { runtimeMark } from './appimage.ts';
import { fileSystemOf, formatOf, headSize } from './file-format.ts';
import { claimant } from './find-source.ts';
import { openBytes } from './open-input.ts';
import type { OpenSource, Target } from './source.ts';

/** An image has whole sectors, and no file system is smaller. */
const smallestImage = 64 * 1024;
const sectorSize = 512;

/** Their beginning gives nothing until a block is whole. */
const inLargeBlocks: ReadonlySet<string> = new Set(['bzip2', 'lz4', 'lzop']);

/** From here on a compressed stream tells what is in it, but for those whose blocks are larger. */
const compressedHead = 4096;

/**
 * Whether a file may hold others, by its first bytes. Every file of every image is looked at: what begins with a magic
 * number of its own is told by little, and of file systems, whose marks lie further behind, only what could be one is
 * looked at closer. Static libraries are no containers here: they are material for a linker.
 */
export async function suspectedBy(head: Buffer, size: number): Promise<'yes' | 'no' | 'more'> {
  if (head.length < 8) return 'no';
  if (isAppImage(head)) return 'yes';
  const compression = compressionOf(head);
  if (compression === 'gzip')
    return isPackedHead(inflatedHead(head.subarray(0, sectorSize), 'gzip')) ? 'yes' : 'no';
  if (inLargeBlocks.has(compression)) return 'yes';
  if (compression !== 'none') {
    if (head.length < Math.min(size, compressedHead)) return 'more';
    return isPackedHead(await unpackedHead(head)) ? 'yes' : 'no';
  }
  if (isContainerHead(head)) return 'yes';
  // The mark of a kernel for x86 lies behind the end of a boot sector.
  if (head.toString('latin1', 510, 512) === '\x55\xaa' && size > smallestImage) {
    if (head.length < kernelHeadSize) return 'more';
    if (looksLikeKernel(head)) return 'yes';
  }
  if (size < smallestImage || size % sectorSize !== 0 || head.subarray(0, 4).equals(elf))
    return 'no';
  if (head.length < Math.min(size, headSize)) return 'more';
  return fileSystemOf(head) !== null || formatOf(head) === 'disk' ? 'yes' : 'no';
}

const elf = Buffer.from('\x7fELF', 'latin1');

function isAppImage(head: Buffer): boolean {
  return head.subarray(0, 4).equals(elf) && /^AI[\x01\x02]$/.test(head.toString('latin1', 8, 11));
}

/** A compressed ELF file is worth unpacking too: kernel modules are kept so. */
function isPackedHead(head: Buffer): boolean {
  return isContainerHead(head) || head.subarray(0, elf.length).equals(elf);
}

/** Magic numbers at their places. An empty zip archive holds nothing, and an ar may be a static library. */
const marks: readonly (readonly [at: number, magic: Buffer])[] = [
  [0, Buffer.from('PK\x03\x04', 'latin1')],
  [0, Buffer.from('!<arch>\ndebian-binary', 'latin1')],
  [0, rpmMagic],
  [0, squashfsMagic],
  [0, Buffer.from('070701', 'latin1')],
  [0, Buffer.from('070702', 'latin1')],
  [257, Buffer.from('ustar', 'latin1')],
];

/** By what a file begins with, or what it is compressed to begins with. */
function isContainerHead(head: Buffer): boolean {
  const isMarked = marks.some(
    ([at, magic]) => head[at] === magic[0] && head.subarray(at, at + magic.length).equals(magic),
  );
  return isMarked || looksLikeKernel(head);
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

/** Sources that hold several targets, of which all are wanted. */
const ofImages: ReadonlySet<string> = new Set(['docker-archive', 'oci-archive']);

/** What no file inside of another is taken for. */
const outside: ReadonlySet<string> = new Set(['file', 'ar']);

/** The ELF file in front of an AppImage is judged as the file that it is in the outer target. */
function withoutRuntime(target: Target): Target {
  if (target.scheme !== 'appimage') return target;
  const layers = target.layers.map((layer) => ({
    ...layer,
    async *entries(report: Parameters<typeof layer.entries>[0]): EntryWalk {
      for await (const entry of layer.entries(report))
        if (!entry.path.endsWith(runtimeMark)) yield entry;
    },
  }));
  return { ...target, layers };
}

/** null: it is nothing that is read. Throws DamagedInput when it is, and nothing of it can be read. */
export async function openNested(
  name: string,
  bytes: RandomAccess,
  limits: Limits,
): Promise<OpenSource | null> {
  const { input, close } = await openBytes(name, bytes, limits);
  try {
    const source = await claimant(input);
    if (source !== null && !outside.has(source.scheme)) {
      const platform = ofImages.has(source.scheme) ? 'all' : null;
      const targets = await source.open(input, { platform, limits });
      return { targets: targets.map(withoutRuntime), close: async () => close() };
    }
  } catch (error) {
    close();
    // Its first bytes looked like something else.
    if (error instanceof UsageError) return null;
    throw error;
  }
  close();
  return null;
}
