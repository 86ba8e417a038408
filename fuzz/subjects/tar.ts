import { isDeepStrictEqual } from 'node:util';
import { indexedEntries } from '../../src/archive/tar/tar-index.ts';
import { tarEntries } from '../../src/archive/tar/tar-stream.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import { bufferAccess } from '../../src/base/random-access.ts';
import {
  base256,
  gnuLong,
  gnuMagic,
  paxHeader,
  tarEntry,
  tarOf,
  withChecksum,
} from '../../test/support/archives/tar-builder.ts';
import { piecesOf, resultOf, type WalkResult } from '../../test/support/archives/walks.ts';
import { damageBytes, mutateBytes, type Part } from '../mutate-bytes.ts';
import type { Random } from '../random.ts';
import { lazily } from '../samples.ts';
import { holds, type Subject } from '../subject.ts';

const limits = { ...defaultLimits, maxEntries: 1000 };

/** Both readers of tar, over archives with wrong numbers, names, extended headers and ends. */
export default {
  name: 'tar',
  make(random) {
    const isDamaged = random.oneIn(4);
    if (isDamaged)
      return { bytes: damageBytes(sound().bytes, [], random), origin: 'sound', isDamaged };
    const pieces = random.oneIn(3) ? shuffled(sound().pieces, random) : sound().pieces;
    const bytes = Buffer.concat(pieces);
    const changed = mutateBytes(bytes, headersOf(bytes), random);
    return { bytes: random.oneIn(5) ? changed : resealed(changed), origin: '', isDamaged };
  },
  async check({ bytes, isDamaged }) {
    const pieceSize = 1 + (bytes.length % 1500);
    const streamed = await resultOf(tarEntries(piecesOf(bytes, pieceSize), limits));
    const file = bufferAccess(bytes);
    const indexed = await resultOf(indexedEntries(file, limits));
    for (const { error } of [streamed, indexed]) expectOwn(error);
    holds(isDeepStrictEqual(headersIn(streamed), headersIn(indexed)), () => {
      return `the readers disagree: ${streamed.error} after ${streamed.entries.length} entries, ${indexed.error} after ${indexed.entries.length}`;
    });
    if (isDamaged) await expectNothingMissing(streamed);
  },
} satisfies Subject;

const sound = lazily(() => {
  const entries = [
    tarEntry({ name: 'etc/', flag: '5', mode: 0o755 }),
    tarEntry({ name: 'etc/os-release' }, 'ID=alpine\n'),
    paxHeader({ path: 'long/'.repeat(40), mtime: '1.5' }),
    tarEntry({ name: 'short' }, 'content of a long name'),
    paxHeader({ 'SCHILY.xattr.security.capability': Buffer.alloc(20, 1), uid: '70000' }),
    tarEntry({ name: 'bin/ping', mode: 0o4755 }, Buffer.alloc(700, 'x')),
    gnuLong('L', 'gnu/'.repeat(50)),
    gnuLong('K', 'target/'.repeat(30)),
    tarEntry({ name: 'gnu', flag: '2', magic: gnuMagic, linkName: 'cut' }),
    tarEntry({ name: 'hard', flag: '1', linkName: 'bin/ping' }),
    tarEntry({ name: 'big-uid', uid: base256(2n ** 40n, 8) }, 'y'),
    tarEntry({ name: 'device', flag: '3' }),
    paxHeader({ comment: 'global' }, 'g'),
    paxHeader({ 'GNU.sparse.major': '1', size: '512' }),
    tarEntry({ name: 'sparse', magic: gnuMagic }, Buffer.alloc(512)),
    tarEntry({ name: '.wh.gone' }),
  ];
  const bytes = tarOf(...entries);
  return { bytes, pieces: [...entries, bytes.subarray(-1024)] };
});

const soundResult = lazily(() => resultOf(tarEntries(piecesOf(sound().bytes), limits)));

function shuffled(pieces: readonly Buffer[], random: Random): readonly Buffer[] {
  return Array.from({ length: 1 + random.below(12) }, () => random.any(pieces) ?? Buffer.alloc(0));
}

/** Blocks that may be headers, and the bodies of extended ones: any block will do for a change. */
function headersOf(bytes: Buffer): readonly Part[] {
  const blocks = Math.floor(bytes.length / 512);
  return Array.from({ length: blocks }, (_, index) => index * 512)
    .filter((offset) => bytes.toString('latin1', offset + 257, offset + 262) === 'ustar')
    .flatMap((offset) => [
      { name: 'header', offset, size: 512 },
      { name: 'size', offset: offset + 124, size: 12 },
      { name: 'flag', offset: offset + 156, size: 1 },
      { name: 'body', offset: offset + 512, size: Math.min(512, bytes.length - offset - 512) },
    ])
    .filter(({ size }) => size > 0);
}

/** Checksums made right again, so that the change is seen and not only that there was one. */
function resealed(bytes: Buffer): Buffer {
  for (let offset = 0; offset + 512 <= bytes.length; offset += 512) {
    if (bytes.toString('latin1', offset + 257, offset + 262) === 'ustar')
      withChecksum(bytes.subarray(offset, offset + 512));
  }
  return bytes;
}

function expectOwn(error: string | null): void {
  holds(error === null || /^(MalformedInput|LimitExceeded): /.test(error), () => String(error));
}

/** The content of a cut body is the one thing in which a stream can give more than an index before the error. */
function headersIn({ entries, error }: WalkResult) {
  return { entries: entries.map(({ content: _, ...header }) => header), error };
}

/** Between two entries a cut cannot be seen: end markers are optional in practice. Digests of layers find it. */
async function expectNothingMissing(result: WalkResult): Promise<void> {
  if (result.error !== null) return;
  const beginning = (await soundResult()).entries.slice(0, result.entries.length);
  holds(isDeepStrictEqual(result.entries, beginning), () => {
    return `a cut archive was read without an error, as ${result.entries.length} other entries`;
  });
}
