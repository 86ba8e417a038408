import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sparseAccess } from '../../src/archive/tar/sparse.ts';
import { indexedEntries, indexTar } from '../../src/archive/tar/tar-index.ts';
import { tarEntries } from '../../src/archive/tar/tar-stream.ts';
import { defaultLimits, type Limits } from '../../src/base/limits.ts';
import { bufferAccess } from '../../src/base/random-access.ts';
import {
  gnuMagic,
  paxHeader,
  paxRecord,
  tarEntry,
  tarHeader,
  tarOf,
} from '../support/archives/tar-builder.ts';
import { collect, indexed, piecesOf, streamed } from '../support/archives/walks.ts';

// What Go's archive/tar makes of each of these decides what runtimes unpack.

const content = Buffer.concat([
  Buffer.alloc(600),
  Buffer.from('abc'),
  Buffer.alloc(97),
  Buffer.from('de'),
  Buffer.alloc(298),
]);
const next = tarEntry({ name: 'next' }, 'x');

function octal(value: number): string {
  return `${value.toString(8).padStart(11, '0')}\0`;
}

/** A map in the blocks of an old sparse file, `first` of its pairs in the header. */
function oldSparse(pairs: readonly (readonly [number, number])[], size: number, body: string) {
  const text = (some: typeof pairs) =>
    some.map(([at, length]) => octal(at) + octal(length)).join('');
  const behind = pairs.slice(4);
  const header = tarHeader({
    name: 's',
    flag: 'S',
    magic: gnuMagic,
    size: body.length,
    patches: [
      [386, text(pairs.slice(0, 4))],
      [482, behind.length > 0 ? '\x01' : '\0'],
      [483, octal(size)],
    ],
  });
  const blocks: Buffer[] = [];
  for (let at = 0; at < behind.length; at += 21) {
    const block = Buffer.alloc(512);
    block.write(text(behind.slice(at, at + 21)), 0, 'latin1');
    block[504] = at + 21 < behind.length ? 1 : 0;
    blocks.push(block);
  }
  const padded = Buffer.alloc(Math.ceil(body.length / 512) * 512);
  padded.write(body);
  return tarOf(header, ...blocks, padded, next);
}

function pax(records: Readonly<Record<string, string>>, body: string | Buffer): Buffer {
  return tarOf(paxHeader(records), tarEntry({ name: 'GNUSparseFile.1/s' }, body), next);
}

function withMap(map: string, data: string): Buffer {
  const block = Buffer.alloc(Math.ceil(map.length / 512) * 512);
  block.write(map);
  return Buffer.concat([block, Buffer.from(data)]);
}

const version1 = { 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.name': 's' };
const version01 = { 'GNU.sparse.name': 's', 'GNU.sparse.size': '1000' };

/** Format 0.0 has one key for each number, in turn. */
function repeated(...records: readonly (readonly [string, string])[]): Buffer {
  const body = Buffer.concat(records.map(([key, value]) => paxRecord(key, value)));
  return tarOf(tarEntry({ name: 'x', flag: 'x' }, body), tarEntry({ name: 's' }, 'abcde'), next);
}

const many = Array.from({ length: 60 }, (_, at) => [at * 10, 1] as const);

const whole: readonly (readonly [name: string, tar: Buffer, content: Buffer])[] = [
  [
    'format 1.0 of PAX',
    pax({ ...version1, 'GNU.sparse.realsize': '1000' }, withMap('2\n600\n3\n700\n2\n', 'abcde')),
    content,
  ],
  [
    'format 1.0 with a last piece of no bytes',
    pax(
      { ...version1, 'GNU.sparse.realsize': '1000' },
      withMap('3\n600\n3\n700\n2\n1000\n0\n', 'abcde'),
    ),
    content,
  ],
  [
    'format 1.0 with nothing but a hole',
    pax({ ...version1, 'GNU.sparse.realsize': '70000' }, withMap('0\n', '')),
    Buffer.alloc(70000),
  ],
  [
    'format 0.1',
    pax(
      {
        ...version01,
        'GNU.sparse.major': '0',
        'GNU.sparse.minor': '1',
        'GNU.sparse.numblocks': '2',
        'GNU.sparse.map': '600,3,700,2',
      },
      'abcde',
    ),
    content,
  ],
  [
    'format 0.1 without its version',
    pax({ ...version01, 'GNU.sparse.numblocks': '2', 'GNU.sparse.map': '600,3,700,2' }, 'abcde'),
    content,
  ],
  [
    'format 0.0',
    repeated(
      ['GNU.sparse.size', '1000'],
      ['GNU.sparse.numblocks', '2'],
      ['GNU.sparse.offset', '600'],
      ['GNU.sparse.numbytes', '3'],
      ['GNU.sparse.offset', '700'],
      ['GNU.sparse.numbytes', '2'],
    ),
    content,
  ],
  [
    'the old format of GNU',
    oldSparse(
      [
        [600, 3],
        [700, 2],
        [1000, 0],
      ],
      1000,
      'abcde',
    ),
    content,
  ],
  [
    'the old format with a map of several blocks',
    oldSparse(many, 600, 'y'.repeat(60)),
    Buffer.from('y\0\0\0\0\0\0\0\0\0'.repeat(60)),
  ],
];

describe('a sparse file', () => {
  for (const [name, tar, want] of whole) {
    it(`has its content: ${name}`, async () => {
      const { entries, error } = await streamed(tar);
      assert.equal(error, null);
      assert.deepEqual(
        entries.map(({ path, type, size, content: text }) => [path, type, size, text]),
        [
          ['s', 'file', want.length, want.toString()],
          ['next', 'file', 1, 'x'],
        ],
      );
      assert.deepEqual(await indexed(tar), { entries, error });
      assert.deepEqual(await streamed(tar, undefined, 7), { entries, error });
    });

    it(`can be read at any place: ${name}`, async () => {
      const file = bufferAccess(tar);
      const [entry] = await indexTar(file, defaultLimits);
      assert.ok(entry?.sparse !== undefined);
      const { bodyOffset, sparse, size } = entry;
      const stored = bufferAccess(tar.subarray(bodyOffset, bodyOffset + sparse.stored));
      const access = await sparseAccess(stored, sparse, size);
      for (const [from, length] of [
        [0, 10],
        [0, size],
        [595, 12],
        [601, 1],
        [699, 2],
        [size - 1, 9],
      ] as const)
        assert.deepEqual(await access.read(from, length), want.subarray(from, from + length));
      const pieces: Buffer[] = [];
      for await (const piece of access.stream(598, size)) pieces.push(piece);
      assert.deepEqual(Buffer.concat(pieces), want.subarray(598));
    });
  }

  const damaged: readonly (readonly [name: string, tar: Buffer, says: RegExp])[] = [
    [
      'extents that overlap',
      pax({ ...version1, 'GNU.sparse.realsize': '1000' }, withMap('2\n600\n3\n602\n2\n', 'abcde')),
      /has 2 bytes at offset 602, expected between 603/,
    ],
    [
      'an extent behind the end',
      pax({ ...version1, 'GNU.sparse.realsize': '601' }, withMap('1\n600\n3\n', 'abc')),
      /a sparse file of 601 bytes has 3 bytes at offset 600/,
    ],
    [
      'more bytes than the map has',
      pax({ ...version1, 'GNU.sparse.realsize': '1000' }, withMap('1\n600\n3\n', 'abcde')),
      /has 5 bytes in the archive, expected 3/,
    ],
    [
      'fewer bytes than the map has',
      pax({ ...version1, 'GNU.sparse.realsize': '1000' }, withMap('1\n600\n9\n', 'abcde')),
      /has 5 bytes in the archive, expected 9/,
    ],
    [
      'a map that is text',
      pax({ ...version1, 'GNU.sparse.realsize': '1000' }, withMap('1\n0x600\n3\n', 'abc')),
      /the map of a sparse file has "0x600", expected a number/,
    ],
    [
      'a map that does not end',
      pax({ ...version1, 'GNU.sparse.realsize': '1000' }, withMap('9000000\n600\n', '')),
      /ends before the last byte/,
    ],
    [
      'a map without an end of its line',
      pax({ ...version1, 'GNU.sparse.realsize': '1000' }, Buffer.alloc(2 ** 20 + 512, '1')),
      /the map of a sparse file has more than 1048576 bytes/,
    ],
    [
      'an old map that goes backwards',
      oldSparse(
        [
          [700, 2],
          [600, 3],
        ],
        1000,
        'abcde',
      ),
      /has 3 bytes at offset 600, expected between 702/,
    ],
  ];

  for (const [name, tar, says] of damaged)
    it(`is damaged, and the one behind it is not: ${name}`, async () => {
      for (const entries of [await walked(tar, 'stream'), await walked(tar, 'index')]) {
        assert.match(entries[0] ?? '', says);
        assert.equal(entries[1], 'x');
      }
    });

  const refused: readonly (readonly [name: string, tar: Buffer, says: RegExp])[] = [
    [
      '0.0 out of turn',
      repeated(['GNU.sparse.numbytes', '3']),
      /PAX GNU.sparse.numbytes .* is out of turn/,
    ],
    [
      '0.1 with a comma too many',
      pax({ ...version01, 'GNU.sparse.numblocks': '1', 'GNU.sparse.map': '600,3,' }, 'abc'),
      /has "", expected a number/,
    ],
    [
      '0.1 with another count',
      pax({ ...version01, 'GNU.sparse.numblocks': '2', 'GNU.sparse.map': '600,3' }, 'abc'),
      /has 2 numbers, expected two for each of 2 pieces/,
    ],
    [
      'a size that is not a number',
      pax({ ...version1, 'GNU.sparse.realsize': '-5' }, ''),
      /has "-5", expected a number/,
    ],
  ];

  for (const [name, tar, says] of refused)
    it(`ends the archive where no runtime reads on: ${name}`, async () => {
      const result = await streamed(tar);
      assert.match(result.error ?? '', says);
      assert.deepEqual(await indexed(tar), result);
    });

  it('of a version that Go does not know is not read', async () => {
    const { entries } = await streamed(pax({ ...version1, 'GNU.sparse.major': '2' }, 'abc'));
    assert.deepEqual(
      entries.map(({ type }) => type),
      ['unsupported', 'file'],
    );
  });

  it('of star, which has the same flag, is not read', async () => {
    const tar = tarOf(tarHeader({ name: 's', flag: 'S', size: 0 }), next);
    const { entries } = await streamed(tar);
    assert.deepEqual(
      entries.map(({ type }) => type),
      ['unsupported', 'file'],
    );
  });

  it('cannot be larger than a layer may be, all holes together', async () => {
    const hole = pax({ ...version1, 'GNU.sparse.realsize': `${2 ** 50}` }, withMap('0\n', ''));
    const limits = { ...defaultLimits, maxLayerSize: 1_000_000 };
    const [first] = await walked(hole, 'stream', limits);
    assert.match(first ?? '', /LimitExceeded: sparse files have more bytes than a layer may have/);
  });
});

/** Of each entry its content, or what reading it threw. */
async function walked(
  tar: Buffer,
  how: 'stream' | 'index',
  limits: Limits = defaultLimits,
): Promise<readonly string[]> {
  const walk =
    how === 'stream'
      ? tarEntries(piecesOf(tar), limits)
      : indexedEntries(bufferAccess(tar), limits);
  const found: string[] = [];
  for await (const { body } of walk)
    found.push(
      await collect(body()).then(
        (bytes) => bytes.toString(),
        (error: unknown) => `${error}`,
      ),
    );
  return found;
}
