import type { EntryHeader, EntryWalk } from '../../../src/archive/entry.ts';
import { indexedEntries } from '../../../src/archive/tar/tar-index.ts';
import { tarEntries } from '../../../src/archive/tar/tar-stream.ts';
import { defaultLimits, type Limits } from '../../../src/base/limits.ts';
import { bufferAccess } from '../../../src/base/random-access.ts';

/** The bytes in pieces of one size, as a stream that counts what was requested of it. */
export async function* piecesOf(bytes: Buffer, size = 64 * 1024): AsyncIterable<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

/** What a walk gave, and what it threw at the end. */
export interface WalkResult {
  readonly entries: readonly (EntryHeader & { readonly content: string })[];
  readonly error: string | null;
}

export async function resultOf(walk: EntryWalk): Promise<WalkResult> {
  const entries: (EntryHeader & { content: string })[] = [];
  try {
    for await (const { body, ...header } of walk) {
      const content = (await collect(body())).toString('latin1');
      entries.push({ ...header, content });
    }
    return { entries, error: null };
  } catch (error) {
    return { entries, error: String(error) };
  }
}

export function streamed(
  tar: Buffer,
  limits: Limits = defaultLimits,
  pieceSize?: number,
): Promise<WalkResult> {
  return resultOf(tarEntries(piecesOf(tar, pieceSize), limits));
}

export function indexed(tar: Buffer, limits: Limits = defaultLimits): Promise<WalkResult> {
  const file = bufferAccess(tar);
  return resultOf(indexedEntries(file, limits));
}
