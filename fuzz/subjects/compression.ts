import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { decompress } from '../../src/archive/decompress.ts';
import { MalformedInput } from '../../src/base/errors.ts';
import { piecesOf } from '../../test/support/archives/walks.ts';
import { repositoryRoot } from '../../test/support/repository.ts';
import { damageBytes, mutateBytes, type Part } from '../mutate-bytes.ts';
import { lazily } from '../samples.ts';
import { holds, type Subject } from '../subject.ts';

/** Whatever a small input makes the decoders do, it must stay below this. */
const mostOutput = 256 * 1024 * 1024;

/** Every compression: cut, changed, joined. */
export default {
  name: 'compression',
  make(random) {
    const origin = random.pick(origins);
    const bytes = sound()[origin];
    const isDamaged = random.oneIn(3);
    const parts: Part[] = [
      { name: 'start', offset: 0, size: 20 },
      { name: 'file', offset: 0, size: bytes.length },
      { name: 'end', offset: bytes.length - 12, size: 12 },
    ];
    return isDamaged
      ? { bytes: damageBytes(bytes, [], random), origin, isDamaged }
      : { bytes: mutateBytes(bytes, parts, random), origin, isDamaged };
  },
  async check({ bytes, origin, isDamaged }) {
    const found = await contentOf(bytes);
    holds(found.error === null || found.error instanceof MalformedInput, () => {
      return `${found.error?.stack}`;
    });
    if (!isDamaged || bytes.length < shortestStream) return;
    const whole = contents[origin] ?? content();
    holds(found.bytes.equals(whole.subarray(0, found.bytes.length)), () => {
      return `what was read of a cut ${origin} stream is not its beginning`;
    });
    const atMemberEnd = bytes.length === 0 || ends[origin]?.includes(bytes.length);
    holds(found.error !== null || atMemberEnd === true, () => {
      return `a ${origin} stream cut to ${bytes.length} bytes was read without an error`;
    });
  },
} satisfies Subject;

const content = lazily(() => readFileSync(join(repositoryRoot, 'LICENSE')));
const contents: Record<string, Buffer> = {};
const ends: Record<string, readonly number[]> = {};

const others = ['bz2', 'lzma', 'lz', 'lz4', 'lzo', 'xz'] as const;
const origins = ['gzip', 'gzip members', 'zstd', 'zstd frames', ...others] as const;
type Origin = (typeof origins)[number];

const sound = lazily((): Readonly<Record<Origin, Buffer>> => {
  const [first, second] = [content().subarray(0, 5000), content().subarray(5000)];
  const gzip = [gzipSync(first), gzipSync(second)];
  const seed = (ending: string) =>
    readFileSync(join(repositoryRoot, 'fuzz', 'seeds', `license.${ending}`));
  const zstd = seed('zst');
  const skippable = Buffer.from('502a4d1804000000abcdabcd', 'hex');
  contents['zstd frames'] = Buffer.concat([content(), content()]);
  ends['gzip members'] = [gzip[0]?.length ?? 0];
  ends['zstd frames'] = [zstd.length, zstd.length + skippable.length];
  return {
    gzip: gzipSync(content(), { level: 9 }),
    'gzip members': Buffer.concat(gzip),
    zstd,
    'zstd frames': Buffer.concat([zstd, skippable, zstd]),
    bz2: seed('bz2'),
    lzma: seed('lzma'),
    lz: seed('lz'),
    lz4: seed('lz4'),
    lzo: seed('lzo'),
    xz: seed('xz'),
  };
});

/** Before that no format can be recognised, and the bytes pass as they are. */
const shortestStream = 14;

async function contentOf(bytes: Buffer) {
  const pieces: Buffer[] = [];
  let size = 0;
  let error: Error | null = null;
  try {
    for await (const piece of decompress(piecesOf(bytes, 1 + (bytes.length % 4096)))) {
      size += piece.length;
      holds(size <= mostOutput, () => `${bytes.length} bytes decompress to ${size}`);
      pieces.push(Buffer.from(piece));
    }
  } catch (thrown) {
    error = thrown instanceof Error ? thrown : new Error(String(thrown));
  }
  return { bytes: Buffer.concat(pieces), error };
}
