import { defaultLimits } from '../base/limits.ts';
import type { Behind } from './compression/behind.ts';
import { type GrowthLimits, growthWithin } from './compression/growth.ts';
import { gunzip } from './compression/gunzip.ts';
import { beginsLzma, lzmaHeadSize } from './compression/lzma-head.ts';

export type Compression =
  | 'gzip'
  | 'zstd'
  | 'xz'
  | 'bzip2'
  | 'lzma'
  | 'lzip'
  | 'lz4'
  | 'lzop'
  | 'none';

/** By the first bytes of the data; names and media types may lie. */
export function compressionOf(firstBytes: Buffer): Compression {
  const hex = firstBytes.toString('hex', 0, longestMagic);
  if (hex.startsWith('1f8b')) return 'gzip';
  if (hex.startsWith('28b52ffd') || /^5.2a4d18/.test(hex)) return 'zstd';
  if (hex.startsWith('fd377a585a00')) return 'xz';
  if (/^425a683[1-9](?:314159265359|177245385090)/.test(hex)) return 'bzip2';
  if (hex.startsWith('4c5a495001')) return 'lzip';
  if (/^04224d18|^02214c18/.test(hex)) return 'lz4';
  if (hex.startsWith('894c5a4f000d0a1a0a')) return 'lzop';
  return beginsLzma(firstBytes) ? 'lzma' : 'none';
}

/** As many bytes as `compressionOf` may need. */
export const longestMagic = lzmaHeadSize;

type Decoder = (chunks: AsyncIterable<Buffer>, behind: Behind) => AsyncIterable<Buffer>;

/** WebAssembly is loaded when it is needed. A further format is one line here. */
const decoders: Readonly<Record<Compression, () => Promise<Decoder>>> = {
  gzip: async () => gunzip,
  zstd: async () => (await import('./compression/unzstd.ts')).unzstd,
  xz: async () => (await import('./compression/unxz.ts')).unxz,
  bzip2: async () => (await import('./compression/unbzip2.ts')).unbzip2,
  lzma: async () => (await import('./compression/unlzma.ts')).unlzma,
  lzip: async () => (await import('./compression/unlzip.ts')).unlzip,
  lz4: async () => (await import('./compression/unlz4.ts')).unlz4,
  lzop: async () => (await import('./compression/unlzop.ts')).unlzop,
  none: async () => (chunks) => chunks,
};

/**
 * The content of a stream, decompressed by the format of its first bytes. Everything that can be decompressed is
 * yielded before an error is thrown; bytes after its end are reported to `limits.behind`; stopping early closes
 * `chunks`. Throws MalformedInput, LimitExceeded when
 * it grows beyond all measure, and what `chunks` throws.
 */
export async function* decompress(
  chunks: AsyncIterable<Buffer>,
  limits: GrowthLimits = defaultLimits,
): AsyncIterable<Buffer> {
  const growth = growthWithin(limits);
  const { first, all } = await begin(growth.counted(chunks));
  try {
    const compression = compressionOf(first);
    const decoder = await decoders[compression]();
    const behind = (count: number) =>
      limits.behind?.(`${count} bytes behind the ${compression} stream were not read`);
    for await (const bytes of decoder(all, behind)) {
      growth.add(bytes.length);
      yield bytes;
    }
  } finally {
    await all.return();
  }
}

/** Reads until the format is recognised. `all` is the whole stream from its beginning, with any error of `chunks`. */
async function begin(chunks: AsyncIterable<Buffer>) {
  const source = chunks[Symbol.asyncIterator]();
  const head: Buffer[] = [];
  let size = 0;
  let failure: { readonly error: unknown } | null = null;
  try {
    while (size < longestMagic) {
      const { done, value } = await source.next();
      if (done) break;
      size += value.length;
      // The source may use its memory again.
      head.push(size < longestMagic ? Buffer.from(value) : value);
    }
  } catch (error) {
    failure = { error };
  }
  async function* all(): AsyncGenerator<Buffer, void, void> {
    try {
      yield* head;
      if (failure) throw failure.error;
      yield* { [Symbol.asyncIterator]: () => ({ next: () => source.next() }) };
    } finally {
      await source.return?.();
    }
  }
  return { first: Buffer.concat(head), all: all() };
}
