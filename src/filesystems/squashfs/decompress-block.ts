import { promisify } from 'node:util';
import { inflate as inflateCallback, inflateSync } from 'node:zlib';
import { MalformedInput } from '../../base/errors.ts';

/** The content of one block, of at most `most` bytes. Throws MalformedInput. */
export type DecompressBlock = (block: Buffer, most: number) => Promise<Buffer>;

/** By the numbers of squashfs_fs.h. Throws MalformedInput for those that are not read. */
export async function blockDecompressor(compressor: number): Promise<DecompressBlock> {
  switch (compressor) {
    case 1:
      return inflateBlock;
    case 2:
      return streamed((await import('../../archive/compression/unlzma.ts')).unlzma);
    case 3:
      return synchronous((await import('../../archive/compression/lzo-block.ts')).decodeLzoBlock);
    case 4:
      return streamed((await import('../../archive/compression/unxz.ts')).unxz);
    case 5:
      return synchronous((await import('../../archive/compression/lz4-block.ts')).decodeLz4Block);
    case 6:
      return streamed((await import('../../archive/compression/unzstd.ts')).unzstd);
    default:
      throw new MalformedInput(
        `this squashfs is compressed by method ${compressor}, expected ${known}`,
      );
  }
}

const known = 'gzip, lzma, lzo, xz, lz4 or zstd';

const inflateAsync = promisify(inflateCallback);

/** Below this, handing the work to another thread costs more than doing it. */
const smallBlock = 16 * 1024;

async function inflateBlock(block: Buffer, most: number): Promise<Buffer> {
  const options = { maxOutputLength: most };
  try {
    return most <= smallBlock ? inflateSync(block, options) : await inflateAsync(block, options);
  } catch (error) {
    throw damaged(error instanceof Error ? error.message : String(error));
  }
}

function synchronous(decode: (block: Buffer, most: number) => Buffer): DecompressBlock {
  return async (block, most) => decode(block, most);
}

function streamed(decode: (chunks: AsyncIterable<Buffer>) => AsyncIterable<Buffer>) {
  return async (block: Buffer, most: number): Promise<Buffer> => {
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of decode(once(block))) {
      size += part.length;
      if (size > most) throw damaged(`it has more than ${most} bytes`);
      parts.push(part);
    }
    return Buffer.concat(parts);
  };
}

async function* once(block: Buffer): AsyncIterable<Buffer> {
  yield block;
}

function damaged(why: string): MalformedInput {
  return new MalformedInput(`a block of the squashfs is damaged: ${why}`);
}
