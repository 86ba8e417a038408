import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { decompress } from '../../src/archive/decompress.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import { collect, piecesOf } from '../support/archives/walks.ts';

const text = Buffer.from(
  Array.from({ length: 2_000 }, (_, line) => `line ${line % 977} ${line}\n`).join(''),
);

function by(program: string, ...words: string[]): Buffer {
  return execFileSync(program, ['-q', '-c', ...words], { input: text, maxBuffer: 2 ** 28 });
}

const streams = [
  { name: 'gzip', bytes: gzipSync(text) },
  { name: 'gzip, of two members', bytes: Buffer.concat([gzipSync(text), gzipSync(text)]) },
  { name: 'gzip, with a name', bytes: by('gzip') },
  { name: 'gzip, not compressed', bytes: gzipSync(text, { level: 0 }) },
  { name: 'xz', bytes: by('xz') },
  { name: 'xz, of two streams', bytes: Buffer.concat([by('xz'), by('xz')]) },
  { name: 'xz, with SHA-256', bytes: by('xz', '--check=sha256') },
  { name: 'xz, in blocks', bytes: by('xz', '--block-size=4000') },
  { name: 'zstd', bytes: by('zstd') },
  { name: 'zstd, of two frames', bytes: Buffer.concat([by('zstd'), by('zstd')]) },
  { name: 'bzip2', bytes: by('bzip2') },
  { name: 'lz4', bytes: by('lz4') },
  { name: 'lz4, legacy', bytes: by('lz4', '-l') },
  { name: 'lzip', bytes: by('lzip') },
  { name: 'lzop', bytes: by('lzop') },
  { name: 'lzma', bytes: by('xz', '--format=lzma') },
];

/** As OpenWrt appends it to images: a description, a signature, and their sizes. */
const metadata = Buffer.from(
  `{"metadata_version":"1.1","supported_devices":["a"]}${'FWx0'.repeat(40)}\xff\xfe\0\x10`,
  'latin1',
);

const trailers = [
  { name: 'metadata of firmware', bytes: metadata },
  { name: 'a letter', bytes: Buffer.from('xyzzyxyzzy') },
  { name: 'zeros and a signature', bytes: Buffer.concat([Buffer.alloc(512), metadata]) },
  { name: 'more than a piece', bytes: Buffer.alloc(300_000, 0x5a) },
];

describe('what follows a compressed stream loses nothing of it, and is reported', () => {
  for (const stream of streams) {
    const content = stream.name.includes('two') ? Buffer.concat([text, text]) : text;
    for (const trailer of trailers) {
      for (const size of [1, 7, 4096, 1_000_000]) {
        if (size === 1 && trailer.bytes.length > 10_000) continue;
        it(`${stream.name}, followed by ${trailer.name}, in pieces of ${size}`, async () => {
          const notices: string[] = [];
          const bytes = Buffer.concat([stream.bytes, trailer.bytes]);
          const behind = (message: string) => void notices.push(message);
          const found = await collect(
            decompress(piecesOf(bytes, size), { ...defaultLimits, behind }),
          );
          assert.ok(found.equals(content));
          assert.equal(notices.length, 1);
          const count = Number(
            /^(\d+) bytes behind the \w+ stream were not read$/.exec(notices[0] ?? '')?.[1],
          );
          assert.ok(count > 0 && count <= trailer.bytes.length, `${count} bytes`);
        });
      }
    }
    it(`${stream.name}, followed by zeros alone, is whole, and nothing is reported`, async () => {
      const notices: string[] = [];
      const bytes = Buffer.concat([
        stream.bytes,
        Buffer.alloc(stream.name.includes('lzma') ? 4 : 1024),
      ]);
      const behind = (message: string) => void notices.push(message);
      const found = await collect(decompress(piecesOf(bytes, 1000), { ...defaultLimits, behind }));
      assert.ok(found.equals(content));
      assert.deepEqual(notices, []);
    });
  }
});

describe('a stream that is cut or changed is damaged, whatever follows it', () => {
  for (const { name, bytes } of streams) {
    it(name, async () => {
      const cut = bytes.subarray(0, bytes.length - Math.floor(bytes.length / 3));
      await assert.rejects(collect(decompress(piecesOf(cut, 1000))), { name: 'MalformedInput' });
      // Of streams without a checksum a change may not be seen.
      if (/legacy|lzma/.test(name)) return;
      const changed = Buffer.from(bytes);
      // The middle of two members is where the second one begins.
      const at = Math.floor(bytes.length / 4);
      changed[at] = (changed[at] ?? 0) ^ 0x55;
      const whole = Buffer.concat([changed, metadata]);
      await assert.rejects(collect(decompress(piecesOf(whole, 1000))), {
        name: 'MalformedInput',
      });
    });
  }
});
