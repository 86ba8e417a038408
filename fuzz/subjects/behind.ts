import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { decompress } from '../../src/archive/decompress.ts';
import { zipEntries } from '../../src/archive/zip/zip.ts';
import { DamagedInput, MalformedInput } from '../../src/base/errors.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import { bufferAccess } from '../../src/base/random-access.ts';
import { zipOf } from '../../test/support/archives/archive-builder.ts';
import { piecesOf } from '../../test/support/archives/walks.ts';
import { repositoryRoot } from '../../test/support/repository.ts';
import { mutateBytes, wholeOf } from '../mutate-bytes.ts';
import { lazily } from '../samples.ts';
import { holds, type Subject } from '../subject.ts';

/** Whole streams and zip archives with anything behind them, and zips with anything in front. */
export default {
  name: 'behind',
  make(random) {
    const origin = random.any([...Object.keys(streams()), 'zip']) ?? 'zip';
    const other = random.any([...Object.values(streams()), content().subarray(0, 5000)]) ?? zip();
    const around = mutateBytes(other, [wholeOf(other)], random).subarray(0, 100_000);
    // A letter first: what looks like another member or padding is part of the stream.
    const whole = origin === 'zip' ? zip() : (streams()[origin] ?? zip());
    const front = origin === 'zip' && random.oneIn(2) ? [around] : [];
    return {
      bytes: Buffer.concat([...front, whole, Buffer.from('behind'), around]),
      origin,
      isDamaged: false,
    };
  },
  async check({ bytes, origin }) {
    if (origin === 'zip') return checkZip(bytes);
    const parts: Buffer[] = [];
    try {
      for await (const part of decompress(piecesOf(bytes, 1 + (bytes.length % 5000))))
        parts.push(Buffer.from(part));
    } catch (error) {
      const what = error instanceof Error ? error.stack : String(error);
      holds(error instanceof MalformedInput, () => `${what}`);
      holds(false, () => `what follows a ${origin} stream is called damage: ${what}`);
    }
    holds(Buffer.concat(parts).equals(content()), () => `content of a ${origin} stream is lost`);
  },
} satisfies Subject;

/** What stands around it may hold the end of another one, which then is the one that is read. */
async function checkZip(bytes: Buffer): Promise<void> {
  try {
    for await (const entry of zipEntries(bufferAccess(bytes), defaultLimits, () => {}))
      for await (const _ of entry.body());
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
  }
}

const content = lazily(() => readFileSync(join(repositoryRoot, 'LICENSE')));
const zip = lazily(() => zipOf([{ name: 'a', body: content() }]));

/** The end of lzma's streams cannot be recognised, nor that of what lz4 once wrote. */
const streams = lazily((): Readonly<Record<string, Buffer>> => {
  const seed = (ending: string) =>
    readFileSync(join(repositoryRoot, 'fuzz', 'seeds', `license.${ending}`));
  return {
    gzip: gzipSync(content()),
    zst: seed('zst'),
    xz: seed('xz'),
    bz2: seed('bz2'),
    lz: seed('lz'),
    lz4: seed('lz4'),
    lzo: seed('lzo'),
  };
});
