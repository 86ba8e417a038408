import { MalformedInput } from '../../base/errors.ts';
import { type BranchFilter, branchFilter } from './branch-filter.ts';
import type { ByteStream } from './byte-stream.ts';
import type { CodeFilter } from './xz-block-header.ts';
import { type BlockCheck, blockCheck } from './xz-checks.ts';
import { type BlockListener, plainXzStreams } from './xz-container.ts';

/**
 * The content of xz streams that the decoder does not know all of: whose check is SHA-256, as rpm writes them all, or with
 * filters for machine code, as kernels and squashfs images have them. The decoder is given the same blocks in a container
 * without either; filters are undone and checks verified here.
 */
export async function* unxzBlocks(
  stream: ByteStream,
  decode: (chunks: AsyncIterable<Buffer>) => AsyncIterable<Buffer>,
): AsyncIterable<Buffer> {
  const blocks = new BlockQueue();
  for await (const bytes of decode(plainXzStreams(stream, blocks))) {
    yield* blocks.content(bytes);
    blocks.verify();
  }
  yield* blocks.content(Buffer.alloc(0));
  blocks.verify();
}

interface Block {
  readonly filter: BranchFilter | null;
  readonly check: BlockCheck;
  /** Bytes of content; null until the block was copied to its end. */
  size: number | null;
  expected: Buffer;
}

/** Which block content belongs to. Where a block ends is known before content of the next one comes. */
class BlockQueue implements BlockListener {
  readonly #blocks: Block[] = [];
  /** Content of the first of them. */
  #given = 0;
  #produced = 0;
  /** What was wrong. */
  #mismatch: string | null = null;

  begins(filter: CodeFilter | null, check: number): void {
    this.#blocks.push({
      filter: filter && branchFilter(filter.id, filter.start),
      check: blockCheck(check),
      size: null,
      expected: Buffer.alloc(0),
    });
  }

  ends(size: number, expected: Buffer): void {
    const block = this.#blocks.at(-1);
    if (block === undefined) return;
    block.size = size;
    block.expected = expected;
  }

  *content(bytes: Buffer): Iterable<Buffer> {
    let rest = bytes;
    for (let block = this.#blocks[0]; block !== undefined; block = this.#blocks[0]) {
      const left = block.size === null ? rest.length : block.size - this.#given;
      const own = rest.subarray(0, left);
      this.#given += own.length;
      rest = rest.subarray(own.length);
      yield* this.#final(block, block.filter?.push(Buffer.from(own)) ?? own);
      if (block.size === null || this.#given < block.size) return;
      yield* this.#final(block, block.filter?.end() ?? Buffer.alloc(0));
      if (!block.check.sum().equals(block.expected)) this.#mismatch ??= block.check.name;
      this.#blocks.shift();
      this.#given = 0;
    }
    // What belongs to no block is none of the container's, but the decoder has read it.
    if (rest.length > 0) yield rest;
  }

  *#final({ check }: Block, bytes: Buffer): Iterable<Buffer> {
    if (bytes.length === 0) return;
    this.#produced += bytes.length;
    check.add(bytes);
    yield bytes;
  }

  verify(): void {
    if (this.#mismatch === null) return;
    throw new MalformedInput(
      `xz stream is damaged before byte ${this.#produced} of its content: its ${this.#mismatch} is wrong`,
    );
  }
}
