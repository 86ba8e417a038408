import type { RandomAccess } from '../base/random-access.ts';
import type { Budget } from './work-budget.ts';

/** Bytes of a file from some place on, as many as it suits to give at once, at least one. */
export type ReadSome = (offset: number, most: number) => Promise<Buffer>;

const pieceSize = 256 * 1024;

/** Small pieces first, for those who only look what a file is. */
const firstPiece = 4096;

/** A file whose content lies in pieces. What is read of it is spent. */
export function accessByPieces(size: number, some: ReadSome, budget: Budget): RandomAccess {
  async function* stream(offset: number, length: number): AsyncGenerator<Buffer, void, undefined> {
    const end = Math.min(size, offset + length);
    let most = firstPiece;
    for (let at = offset; at < end; ) {
      const piece = await some(at, Math.min(most, end - at));
      budget.spend(piece.length);
      at += piece.length;
      most = pieceSize;
      yield piece;
    }
  }
  return {
    size,
    async read(offset, length) {
      const parts: Buffer[] = [];
      for await (const piece of stream(offset, length)) parts.push(piece);
      return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    },
    stream,
  };
}

const zeros = Buffer.alloc(pieceSize);

/** Content of a hole. */
export function zeroBytes(length: number): Buffer {
  return zeros.subarray(0, Math.min(length, pieceSize));
}

export const noContent: RandomAccess = {
  size: 0,
  read: async () => Buffer.alloc(0),
  async *stream() {},
};
