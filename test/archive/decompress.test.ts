import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { compressionOf, decompress } from '../../src/archive/decompress.ts';
import { collect, piecesOf } from '../support/archives/walks.ts';
import { randomNumbers } from '../support/random.ts';

const text = Buffer.from(
  Array.from({ length: 60_000 }, (_, line) => `line ${line % 977} ${line}\n`).join(''),
);

function zstd(bytes: Buffer, ...options: string[]): Buffer {
  return execFileSync('zstd', ['-q', '-c', ...options], { input: bytes, maxBuffer: 2 ** 30 });
}

function xz(bytes: Buffer, ...options: string[]): Buffer {
  return execFileSync('xz', ['-q', '-c', ...options], { input: bytes, maxBuffer: 2 ** 30 });
}

function bzip2(bytes: Buffer, ...options: string[]): Buffer {
  return execFileSync('bzip2', ['-q', '-c', ...options], { input: bytes, maxBuffer: 2 ** 30 });
}

const lzma = (bytes: Buffer, ...options: string[]) => xz(bytes, '--format=lzma', ...options);

function lzip(bytes: Buffer, ...options: string[]): Buffer {
  return execFileSync('lzip', ['-q', '-c', ...options], { input: bytes, maxBuffer: 2 ** 30 });
}

function lz4(bytes: Buffer, ...options: string[]): Buffer {
  return execFileSync('lz4', ['-q', '-c', ...options], { input: bytes, maxBuffer: 2 ** 30 });
}

function lzop(bytes: Buffer, ...options: string[]): Buffer {
  return execFileSync('lzop', ['-q', '-c', ...options], { input: bytes, maxBuffer: 2 ** 30 });
}

/** As LZMA Utils wrote it: the size in the header, whatever ends the stream. */
function sized(bytes: Buffer, size: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeBigUInt64LE(BigInt(size), 5);
  return changed;
}

function bytesOf(seed: number): () => number {
  const random = randomNumbers(seed);
  return () => random(256);
}

/** A frame that decoders pass over; zstd:chunked and pzstd write them. */
function skippable(size: number): Buffer {
  const frame = Buffer.alloc(8 + size, 7);
  frame.writeUInt32LE(0x184d2a50, 0);
  frame.writeUInt32LE(size, 4);
  return frame;
}

const zstdOfNothing = zstd(Buffer.alloc(0), '--no-check');
const half = text.length >> 1;
const noise = Buffer.from(Array.from({ length: 300_000 }, bytesOf(3)));
const small = text.subarray(0, 5000);
/** Bytes of jumps of every machine, near and far, in any order. */
const code = codeOf(200_000);

function codeOf(length: number): Buffer {
  const next = bytesOf(7);
  const opcodes = [
    0xe8, 0xe9, 0, 0xff, 0xeb, 0x94, 0x97, 0x48, 0x4b, 0x40, 0x7f, 0xf0, 0xf8, 0x90, 0x01,
  ];
  return Buffer.from(
    Array.from({ length }, () => {
      const byte = next();
      return byte < 170 ? (opcodes[byte % opcodes.length] ?? 0) : byte;
    }),
  );
}

const streams: readonly { readonly name: string; readonly bytes: Buffer; readonly want: Buffer }[] =
  [
    { name: 'nothing', bytes: Buffer.alloc(0), want: Buffer.alloc(0) },
    { name: 'less than a magic number', bytes: Buffer.of(0x1f), want: Buffer.of(0x1f) },
    { name: 'bytes that are not compressed', bytes: text, want: text },
    { name: 'gzip', bytes: gzipSync(text), want: text },
    { name: 'gzip of nothing', bytes: gzipSync(Buffer.alloc(0)), want: Buffer.alloc(0) },
    {
      name: 'gzip of two members',
      bytes: Buffer.concat([gzipSync(text.subarray(0, half)), gzipSync(text.subarray(half))]),
      want: text,
    },
    {
      name: 'gzip with zeros behind',
      bytes: Buffer.concat([gzipSync(text), Buffer.alloc(5000)]),
      want: text,
    },
    { name: 'zstd', bytes: zstd(text), want: text },
    { name: 'zstd of nothing', bytes: zstd(Buffer.alloc(0)), want: Buffer.alloc(0) },
    { name: 'zstd with a long window', bytes: zstd(text, '--long=27'), want: text },
    {
      name: 'zstd of level 19 without a checksum',
      bytes: zstd(text, '-19', '--no-check'),
      want: text,
    },
    {
      name: 'zstd of two frames',
      bytes: Buffer.concat([zstd(text.subarray(0, half)), zstd(text.subarray(half))]),
      want: text,
    },
    {
      name: 'zstd between skippable frames',
      bytes: Buffer.concat([skippable(0), skippable(9), zstd(text), skippable(200_000)]),
      want: text,
    },
    {
      name: 'a thousand empty zstd frames',
      bytes: Buffer.concat([...Array.from({ length: 1000 }, () => zstdOfNothing), zstd(small)]),
      want: small,
    },
    {
      name: 'a thousand skippable frames',
      bytes: Buffer.concat([...Array.from({ length: 1000 }, () => skippable(0)), zstd(small)]),
      want: small,
    },
    { name: 'xz', bytes: xz(text), want: text },
    { name: 'xz of nothing', bytes: xz(Buffer.alloc(0)), want: Buffer.alloc(0) },
    { name: 'xz of level 9, with CRC32', bytes: xz(text, '-9', '--check=crc32'), want: text },
    {
      name: 'xz of many blocks without a check',
      bytes: xz(text, '--block-size=100000', '--check=none'),
      want: text,
    },
    { name: 'xz with SHA-256', bytes: xz(text, '--check=sha256'), want: text },
    ...['x86', 'arm', 'armthumb', 'powerpc', 'sparc', 'arm64'].flatMap((filter) => [
      { name: `xz for ${filter}`, bytes: xz(code, `--${filter}`, '--lzma2'), want: code },
      {
        name: `xz for ${filter}, of many blocks, from a place on, with SHA-256`,
        bytes: xz(
          code,
          `--${filter}=start=65536`,
          '--lzma2=preset=1',
          '--block-size=50003',
          '--check=sha256',
        ),
        want: code,
      },
    ]),
    {
      name: 'xz for x86, with CRC-32 and without a check, behind each other',
      bytes: Buffer.concat([
        xz(code, '--x86', '--lzma2', '--check=crc32'),
        xz(code, '--x86', '--lzma2', '--check=none'),
      ]),
      want: Buffer.concat([code, code]),
    },
    {
      name: 'xz for x86 of less than an instruction',
      bytes: xz(Buffer.from('\xe8\0\0', 'latin1'), '--x86', '--lzma2'),
      want: Buffer.from('\xe8\0\0', 'latin1'),
    },
    {
      name: 'xz with SHA-256, of many blocks and two streams with padding',
      bytes: Buffer.concat([
        xz(text.subarray(0, half), '--check=sha256', '--block-size=70000'),
        Buffer.alloc(8),
        xz(Buffer.alloc(0), '--check=sha256'),
        xz(text.subarray(half), '--check=sha256'),
      ]),
      want: text,
    },
    {
      name: 'xz with SHA-256 of bytes that cannot be compressed',
      bytes: xz(noise, '--check=sha256', '-1'),
      want: noise,
    },
    {
      name: 'xz of two streams and one of nothing, with padding between and behind',
      bytes: Buffer.concat([
        xz(text.subarray(0, half)),
        Buffer.alloc(8),
        xz(Buffer.alloc(0)),
        xz(text.subarray(half)),
        Buffer.alloc(4),
      ]),
      want: text,
    },
    { name: 'bzip2', bytes: bzip2(text), want: text },
    { name: 'bzip2 of nothing', bytes: bzip2(Buffer.alloc(0)), want: Buffer.alloc(0) },
    { name: 'bzip2 of level 1, of many blocks', bytes: bzip2(text, '-1'), want: text },
    { name: 'bzip2 of bytes that cannot be compressed', bytes: bzip2(noise), want: noise },
    {
      name: 'bzip2 of long runs',
      bytes: bzip2(Buffer.concat([Buffer.alloc(3_000_000), small, Buffer.alloc(259, 9), small])),
      want: Buffer.concat([Buffer.alloc(3_000_000), small, Buffer.alloc(259, 9), small]),
    },
    {
      name: 'bzip2 of three streams, with zeros behind',
      bytes: Buffer.concat([
        bzip2(text.subarray(0, half), '-2'),
        bzip2(Buffer.alloc(0)),
        bzip2(text.subarray(half)),
        Buffer.alloc(700),
      ]),
      want: text,
    },
    { name: 'lzma', bytes: lzma(text), want: text },
    { name: 'lzma of other properties', bytes: lzma(text, '--lzma1=lc=0,lp=2,pb=0'), want: text },
    { name: 'lzma of level 9', bytes: lzma(text, '-9e'), want: text },
    { name: 'lzma of a small dictionary', bytes: lzma(text, '--lzma1=dict=4096'), want: text },
    { name: 'lzma of a known size', bytes: sized(lzma(text), text.length), want: text },
    { name: 'lzma of bytes that cannot be compressed', bytes: lzma(noise), want: noise },
    {
      name: 'lzma of long runs',
      bytes: lzma(Buffer.alloc(5_000_000)),
      want: Buffer.alloc(5_000_000),
    },
    { name: 'lz4', bytes: lz4(text), want: text },
    { name: 'lz4 of nothing', bytes: lz4(Buffer.alloc(0)), want: Buffer.alloc(0) },
    { name: 'lz4 of small linked blocks', bytes: lz4(text, '-B4', '-BD'), want: text },
    { name: 'lz4 of level 9 with sums of blocks', bytes: lz4(text, '-9', '-BX'), want: text },
    { name: 'lz4 without a sum', bytes: lz4(text, '--no-frame-crc'), want: text },
    { name: 'lz4 of bytes that cannot be compressed', bytes: lz4(noise), want: noise },
    {
      name: 'lz4 of two frames between skippable ones',
      bytes: Buffer.concat([
        lz4(text.subarray(0, half)),
        skippable(9),
        lz4(text.subarray(half)),
        skippable(0),
      ]),
      want: text,
    },
    { name: 'lz4 as old as in a kernel', bytes: lz4(text, '-l'), want: text },
    {
      name: 'lz4 as old as in a kernel, with its size behind',
      bytes: Buffer.concat([lz4(text, '-l'), Buffer.from([1, 2, 3, 0])]),
      want: text,
    },
    {
      name: 'lz4 as old as in a kernel, twice',
      bytes: Buffer.concat([lz4(text.subarray(0, half), '-l'), lz4(text.subarray(half), '-l')]),
      want: text,
    },
    { name: 'lzop', bytes: lzop(text), want: text },
    { name: 'lzop of nothing', bytes: lzop(Buffer.alloc(0)), want: Buffer.alloc(0) },
    { name: 'lzop of level 9, with CRC32', bytes: lzop(text, '-9', '--crc32'), want: text },
    { name: 'lzop without sums', bytes: lzop(text, '-F'), want: text },
    { name: 'lzop of bytes that cannot be compressed', bytes: lzop(noise), want: noise },
    {
      name: 'lzop of two files, with zeros behind',
      bytes: Buffer.concat([
        lzop(text.subarray(0, half)),
        lzop(text.subarray(half)),
        Buffer.alloc(700),
      ]),
      want: text,
    },
    { name: 'lzip', bytes: lzip(text), want: text },
    { name: 'lzip of nothing', bytes: lzip(Buffer.alloc(0)), want: Buffer.alloc(0) },
    {
      name: 'lzip of three members, with zeros behind',
      bytes: Buffer.concat([
        lzip(text.subarray(0, half), '-1'),
        lzip(Buffer.alloc(0)),
        lzip(text.subarray(half)),
        Buffer.alloc(700),
      ]),
      want: text,
    },
  ];

for (const { name, bytes, want } of streams) {
  test(`${name} gives back its content, however it arrives`, async () => {
    for (const size of [bytes.length + 1, 65_536, 4093]) {
      assert.ok(
        (await collect(decompress(piecesOf(bytes, size)))).equals(want),
        `pieces of ${size}`,
      );
    }
    const shortened = bytes.subarray(0, 3000);
    const result = await outcome(decompress(piecesOf(shortened, 1)));
    assert.ok(want.subarray(0, result.content.length).equals(result.content), 'single bytes');
  });
}

async function outcome(chunks: AsyncIterable<Buffer>) {
  const all: Buffer[] = [];
  let error: unknown = null;
  try {
    for await (const chunk of chunks) all.push(chunk);
  } catch (thrown) {
    error = thrown;
  }
  return { content: Buffer.concat(all), error };
}

for (const [name, bytes] of [
  ['gzip', gzipSync(text)],
  ['zstd', zstd(text)],
  ['xz', xz(text, '--block-size=50000')],
  ['xz', xz(text, '--block-size=50000', '--check=sha256')],
  ['bzip2', bzip2(text, '-1')],
  ['lzma', lzma(text)],
  ['lzip', lzip(text)],
  ['lz4', lz4(text, '-B4')],
  ['lzop', lzop(text)],
] as const) {
  test(`${name} that is cut gives what there is, then says so`, async () => {
    for (const cut of [14, 100, bytes.length >> 1, bytes.length - 1]) {
      const { content, error } = await outcome(decompress(piecesOf(bytes.subarray(0, cut), 4096)));
      assert.match(
        String(error),
        new RegExp(
          `^MalformedInput: ${name} stream is damaged after ${content.length} bytes of content: `,
        ),
      );
      assert.ok(text.subarray(0, content.length).equals(content));
    }
    const most = await outcome(decompress(piecesOf(bytes.subarray(0, bytes.length - 1))));
    assert.ok(most.content.length > text.length / 2);
  });

  test(`${name} with changed bytes ends, in its own error if in any`, {
    timeout: 300_000,
  }, async () => {
    const random = randomNumbers(7);
    for (let round = 0; round < 150; round += 1) {
      const mutated = Buffer.from(bytes);
      for (let change = 0; change <= round % 4; change += 1)
        mutated[random(mutated.length)] = random(256);
      const { error } = await outcome(decompress(piecesOf(mutated)));
      if (error) assert.match(String(error), /^MalformedInput: /);
    }
  });

  test(`${name}: an error of the source comes after all content`, async () => {
    const failure = new Error('digest');
    async function* failing() {
      yield bytes;
      throw failure;
    }
    const { content, error } = await outcome(decompress(failing()));
    assert.equal(error, failure);
    assert.ok(content.equals(text));
  });

  test(`${name}: stopping early closes the source`, async () => {
    let closed = false;
    async function* source() {
      try {
        for (;;) yield bytes;
      } finally {
        closed = true;
      }
    }
    for await (const _ of decompress(source())) break;
    assert.ok(closed);
  });
}

test('many streams at one time do not disturb each other', async () => {
  const inputs = [zstd, xz].flatMap((pack) => [pack(text), pack(text, '-1')]);
  inputs.push(gzipSync(text), zstd(text, '--long=24'));
  const results = await Promise.all(
    inputs.map((bytes) => collect(decompress(piecesOf(bytes, 1000)))),
  );
  for (const result of results) assert.ok(result.equals(text));
});

test('a bomb is given out piece by piece', { timeout: 300_000 }, async () => {
  const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024));
  let size = 0;
  for await (const chunk of decompress(piecesOf(bomb))) {
    size += chunk.length;
    assert.ok(process.memoryUsage().arrayBuffers < 450 * 1024 * 1024);
  }
  assert.equal(size, 300 * 1024 * 1024);
});

const formats: readonly (readonly [string, Buffer])[] = [
  ['gzip', gzipSync('x')],
  ['zstd', zstd(small)],
  ['zstd', skippable(0)],
  ['xz', Buffer.from('fd377a585a000004', 'hex')],
  ['bzip2', Buffer.from('BZh91AY&SY')],
  ['bzip2', bzip2(Buffer.alloc(0))],
  ['none', Buffer.from('BZh0')],
  ['none', Buffer.from('BZh91, a text')],
  ['lzma', lzma(small)],
  ['lzma', lzma(small, '-9')],
  ['lzma', lzma(small, '--lzma1=dict=96KiB')],
  ['lzip', lzip(small)],
  ['lz4', lz4(small)],
  ['lz4', lz4(small, '-l')],
  ['lzop', lzop(small)],
  ['none', Buffer.alloc(64)],
  ['none', Buffer.from('5d00030001ffffffffffffffff00', 'hex')],
  ['none', Buffer.alloc(0)],
  ['none', text],
];

test('compression is recognised by the first bytes', () => {
  for (const [want, bytes] of formats) assert.equal(compressionOf(bytes), want);
});

const refusedByXz = [
  {
    name: 'SHA-256 in its second stream alone',
    bytes: Buffer.concat([xz(small), xz(small, '--check=sha256')]),
    says: /another check than its first stream/,
  },
  { name: 'a filter', bytes: xz(small, '--ia64', '--lzma2'), says: /a filter that is not known/ },
  {
    name: 'a huge dictionary',
    bytes: xz(small, '--lzma2=dict=1GiB'),
    says: /dictionary is larger/,
  },
];

for (const { name, bytes, says } of refusedByXz) {
  test(`xz with ${name} is refused in these words`, async () => {
    const { error } = await outcome(decompress(piecesOf(bytes)));
    assert.match(String(error), says);
  });
}

test('a wrong SHA-256 is damage, after all content', async () => {
  const bytes = xz(small, '--check=sha256');
  // The sum stands before the index of 8 bytes and its CRC, and the footer of 12.
  const at = bytes.length - 12 - 8 - 5;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  const { content, error } = await outcome(decompress(piecesOf(bytes)));
  assert.ok(content.equals(small));
  assert.match(
    String(error),
    /^MalformedInput: xz stream is damaged before byte 5000 of its content: its SHA-256 is wrong$/,
  );
});

test('an xz stream that is abandoned holds up no other', { timeout: 300_000 }, async () => {
  const bytes = xz(text);
  for (let round = 0; round < 20; round += 1) {
    for await (const _ of decompress(piecesOf(bytes, 100))) break;
  }
  assert.ok((await collect(decompress(piecesOf(bytes)))).equals(text));
});
