import { compressionOf, decompress } from '../../archive/decompress.ts';
import type { EntryWalk } from '../../archive/entry.ts';
import { indexedEntries } from '../../archive/tar/tar-index.ts';
import { tarEntries } from '../../archive/tar/tar-stream.ts';
import { DamagedInput, DigestMismatch, LimitExceeded, UnreadablePart } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import type { HeldLayer, Promised } from '../source.ts';
import type { Digest } from './digest.ts';
import { digestOfHeld, hashedStream } from './hashed.ts';
import { lentPieces } from './open-file.ts';

/** Bytes that stay readable until closed. */
export interface OpenBlob extends RandomAccess {
  close(): void;
}

/**
 * Yields everything that can be read, then throws DigestMismatch if the bytes do not match the expected digest. A
 * damaged layer that does not match throws that too, since it says more. Compression is recognised by magic bytes:
 * media types may be wrong.
 */
export async function* walkStoredLayer(
  open: () => Promise<OpenBlob>,
  promised: Promised,
  limits: Limits,
): EntryWalk {
  const blob = await open();
  try {
    const compression = compressionOf(await blob.read(0, Math.min(blob.size, 512)));
    if (compression === 'none') yield* walkPlain(blob, promised, limits);
    // Inflating finishes a piece before it requests the next one.
    else if (compression === 'gzip') yield* walkLent(blob, promised, limits);
    else yield* walkStream(blob.stream(0, blob.size), blob.size, promised, limits);
  } finally {
    blob.close();
  }
}

/**
 * Whether the bytes as stored are the promised ones: by their own digest, or that of the tar where it is not compressed. No
 * more is known of a compressed layer without a digest of its own: false.
 */
export async function isStoredAs(
  open: () => Promise<OpenBlob>,
  { digest, size, diffId }: Promised,
): Promise<boolean> {
  const expected = digest ?? diffId;
  if (expected === null) return false;
  try {
    const blob = await open();
    try {
      if (size !== null && blob.size !== size) return false;
      if (digest === null && compressionOf(await blob.read(0, 512)) !== 'none') return false;
      return (await digestOfBlob(blob, expected.algorithm))?.text === expected.text;
    } finally {
      blob.close();
    }
  } catch (error) {
    damageOr(error);
    return false;
  }
}

/** As Layer.hold, of what `walkStoredLayer` walks. */
export async function holdStoredLayer(
  open: () => Promise<OpenBlob>,
  promised: Promised,
): Promise<HeldLayer | null> {
  try {
    const blob = await open();
    const held = blob.hold?.() ?? null;
    blob.close();
    if (held === null) return null;
    const { descriptor, offset, length, release } = held;
    return { stored: { kind: 'file', descriptor, offset, length }, promised, release };
  } catch (error) {
    damageOr(error);
    return null;
  }
}

/** As Layer.hold, of what `walkStreamedLayer` walks. */
export async function holdStreamedLayer(
  open: () => Promise<OpenBlob>,
  promised: Promised,
): Promise<HeldLayer | null> {
  try {
    const { size, stream, close } = await open();
    const stored = { kind: 'stream', length: size, chunks: stream(0, size) } as const;
    return { stored, promised, release: close };
  } catch (error) {
    damageOr(error);
    return null;
  }
}

/** The same of a blob that can be read but once, from its beginning. */
export async function* walkStreamedLayer(
  open: () => Promise<OpenBlob>,
  promised: Promised,
  limits: Limits,
): EntryWalk {
  const blob = await open();
  try {
    yield* walkStream(blob.stream(0, blob.size), blob.size, promised, limits);
  } finally {
    blob.close();
  }
}

const nothingPromised: Promised = { digest: null, size: null, diffId: null };

/** The entries of a tar, compressed or not, of which nothing says what it must be. */
export function walkUnpromised(file: RandomAccess, limits: Limits): EntryWalk {
  return walkStoredLayer(async () => unclosed(file), nothingPromised, limits);
}

/** As Layer.hold, of what `walkUnpromised` walks. */
export function holdUnpromised(file: RandomAccess): Promise<HeldLayer | null> {
  return holdStoredLayer(async () => unclosed(file), nothingPromised);
}

function unclosed(file: RandomAccess): OpenBlob {
  return { ...file, close: () => {} };
}

async function* walkPlain(blob: RandomAccess, promised: Promised, limits: Limits): EntryWalk {
  if (blob.size > limits.maxLayerSize) {
    throw new LimitExceeded(
      `the layer has ${blob.size} bytes, the limit is ${limits.maxLayerSize}`,
    );
  }
  let damage: DamagedInput | null = null;
  try {
    yield* indexedEntries(blob, limits);
  } catch (error) {
    damage = damageOr(error);
  }
  if (damage instanceof LimitExceeded) throw damage;
  const stored = await digestOfBlob(blob, promised.digest?.algorithm);
  const same = promised.diffId?.algorithm === promised.digest?.algorithm;
  const plain = same ? stored : await digestOfBlob(blob, promised.diffId?.algorithm);
  settle(storedMismatch(blob.size, promised, stored), damage, diffIdMismatch(promised, plain));
}

async function* walkLent(blob: RandomAccess, promised: Promised, limits: Limits): EntryWalk {
  const held = blob.hold?.();
  const chunks = held ? lentPieces(held) : blob.stream(0, blob.size);
  try {
    yield* walkStream(chunks, blob.size, promised, limits);
  } finally {
    held?.release();
  }
}

async function* walkStream(
  chunks: AsyncIterable<Buffer>,
  size: number,
  promised: Promised,
  limits: Limits,
): EntryWalk {
  const stored = hashedStream(chunks, promised.digest?.algorithm ?? null, size);
  const plain = hashedStream(
    decompress(stored.chunks, limits),
    promised.diffId?.algorithm ?? null,
    limits.maxLayerSize,
  );
  try {
    let damage: DamagedInput | null = null;
    try {
      yield* tarEntries(plain.chunks, limits);
      // A tar may end before its stream does; the digest covers the whole stream.
      await plain.drain();
    } catch (error) {
      damage = damageOr(error);
    }
    if (damage instanceof LimitExceeded || damage instanceof UnreadablePart) throw damage;
    if (promised.digest !== null) await stored.drain();
    const wrongTar = damage === null ? diffIdMismatch(promised, plain.digest()) : null;
    settle(storedMismatch(size, promised, stored.digest()), damage, wrongTar);
  } finally {
    await plain.close();
    await stored.close();
  }
}

/** The walk ends where the damage is. Anything else is thrown on. */
function damageOr(error: unknown): DamagedInput {
  if (error instanceof DamagedInput) return error;
  throw error;
}

async function digestOfBlob(
  blob: RandomAccess,
  algorithm: Digest['algorithm'] | undefined,
): Promise<Digest | null> {
  if (algorithm === undefined) return null;
  const held = blob.hold?.();
  if (held !== undefined) return digestOfHeld(held, algorithm).finally(() => held.release());
  const stream = hashedStream(blob.stream(0, blob.size), algorithm, blob.size);
  await stream.drain();
  return stream.digest();
}

function storedMismatch(
  there: number,
  { digest, size }: Promised,
  seen: Digest | null,
): string | null {
  if (size !== null && there !== size) {
    return `the blob has ${there} bytes, its descriptor says ${size}`;
  }
  if (digest === null || seen === null || seen.text === digest.text) return null;
  return `the blob has the digest ${seen.text}, expected ${digest.text}`;
}

function diffIdMismatch({ diffId }: Promised, seen: Digest | null): string | null {
  if (diffId === null || seen === null || seen.text === diffId.text) return null;
  return `the uncompressed layer has the digest ${seen.text}, the image config says ${diffId.text}`;
}

/** The wrong bytes are the cause of the damage, and the damage is the cause of a wrong diffID. */
function settle(stored: string | null, damage: DamagedInput | null, plain: string | null): void {
  if (stored !== null) {
    throw new DigestMismatch(
      damage === null ? stored : `${stored}; reading it ended with: ${damage.message}`,
    );
  }
  if (damage !== null) throw damage;
  if (plain !== null) throw new DigestMismatch(plain);
}
