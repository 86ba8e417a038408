import { createHash } from 'node:crypto';
import { LimitExceeded, MalformedInput } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { printableName } from '../../base/text.ts';
import type { ByteStream } from '../compression/byte-stream.ts';
import type { Entry, EntryWalk } from '../entry.ts';
import { type AdbFile, nextBlock, openAdb } from './adb-blocks.ts';
import { type AdbFileRecord, filesOf } from './adb-files.ts';

/**
 * The entries of a package of apk-tools 3, in the order of its list, which is that of its data blocks too (src/extract_v3.c). A file that
 * is read whole is verified against the digest in the list. Throws MalformedInput, UnsupportedFormat, LimitExceeded.
 */
export async function* adbEntries(chunks: AsyncIterable<Buffer>, limits: Limits): EntryWalk {
  const { values, stream } = await openAdb(chunks, limits);
  try {
    let count = 0;
    for (const record of filesOf(values, limits)) {
      count += 1;
      if (count > limits.maxEntries)
        throw new LimitExceeded(`archive has more than ${limits.maxEntries} entries`);
      const place = await placeOf(record, stream, limits);
      yield entryOf(record, stream);
      await stream.skipTo(place.end);
      if (stream.position < place.end) throw endsInside(record, stream);
    }
    if ((await nextBlock(stream)) !== null)
      throw new MalformedInput('behind the last file is another block of data');
  } finally {
    await stream.close();
  }
}

/** Whether blocks of signatures follow the list of files, no matter whose. */
export async function isAdbSigned({ stream }: AdbFile): Promise<boolean> {
  return (await nextBlock(stream))?.type === 'signature';
}

const dataHeader = 8;

/** Of the bytes of a file, which the stream then stands at. */
async function placeOf(record: AdbFileRecord, stream: ByteStream, { maxLayerSize }: Limits) {
  if (record.at === null || record.size === 0) return { end: stream.position };
  let block = await nextBlock(stream);
  while (block?.type === 'signature') {
    await stream.skipTo(stream.position + block.size + block.padding);
    block = await nextBlock(stream);
  }
  if (block === null) throw endsInside(record, stream);
  const head = await stream.take(Math.min(dataHeader, block.size));
  const { folder, file } = record.at;
  const isIts =
    block.type === 'data' &&
    block.size === dataHeader + record.size &&
    head.length === dataHeader &&
    head.readUInt32LE(0) === folder &&
    head.readUInt32LE(4) === file;
  if (!isIts)
    throw new MalformedInput(
      `the block at byte ${stream.position} does not have the ${record.size} bytes of "${printableName(record.path)}"`,
    );
  const end = stream.position + record.size + block.padding;
  if (end > maxLayerSize) throw new LimitExceeded(`archive has more than ${maxLayerSize} bytes`);
  return { end };
}

function entryOf(record: AdbFileRecord, stream: ByteStream): Entry {
  const { path, type, mode, uid, gid, linkTarget, capability, script } = record;
  const size = type === 'file' ? record.size : 0;
  return {
    ...{ path, type, size, mode, uid, gid, linkTarget, capability },
    body: () => (script === null ? bodyOf(record, stream) : inMemory(script)),
  };
}

async function* inMemory(bytes: Buffer): AsyncIterable<Buffer> {
  yield bytes;
}

/** By the length of the digest (src/crypto.c, apk_digest_alg_by_len). */
const algorithms: ReadonlyMap<number, string> = new Map([
  [20, 'sha1'],
  [32, 'sha256'],
  [64, 'sha512'],
]);

async function* bodyOf(record: AdbFileRecord, stream: ByteStream): AsyncIterable<Buffer> {
  if (record.type !== 'file') return;
  const algorithm = algorithms.get(record.digest?.length ?? 0);
  const hash = algorithm === undefined ? null : createHash(algorithm);
  let size = 0;
  for await (const piece of stream.pieces(record.size)) {
    size += piece.length;
    hash?.update(piece);
    yield piece;
  }
  if (size < record.size) throw endsInside(record, stream);
  if (hash === null || record.digest === null || hash.digest().equals(record.digest)) return;
  throw new MalformedInput(
    `the bytes of "${printableName(record.path)}" do not have the ${algorithm} digest that the package lists for it`,
  );
}

function endsInside({ path }: AdbFileRecord, stream: ByteStream): MalformedInput {
  return new MalformedInput(
    `the package ends at byte ${stream.position}, before the end of "${printableName(path)}"`,
  );
}
