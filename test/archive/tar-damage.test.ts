import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexTar } from '../../src/archive/tar/tar-index.ts';
import { tarEntries } from '../../src/archive/tar/tar-stream.ts';
import { LimitExceeded, MalformedInput } from '../../src/base/errors.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import { bufferAccess } from '../../src/base/random-access.ts';
import {
  base256,
  gnuMagic,
  paxHeader,
  tarEntry,
  tarHeader,
  tarOf,
} from '../support/archives/tar-builder.ts';
import { indexed, piecesOf, streamed } from '../support/archives/walks.ts';
import { randomNumbers } from '../support/random.ts';

interface Damage {
  readonly name: string;
  readonly tar: Buffer;
  readonly says: RegExp;
  /** Entries before it. */
  readonly before?: number;
}

const first = tarEntry({ name: 'first' }, 'x');

const damages: readonly Damage[] = [
  {
    name: 'a wrong checksum',
    tar: tarOf(first, Buffer.alloc(512, 'a')),
    says: /checksum is "a+" at offset 1024, expected \d+/,
    before: 1,
  },
  {
    name: 'a negative size',
    tar: tarOf(tarHeader({ name: 'f', size: base256(-512n, 12) })),
    says: /tar size is -512 at offset 0/,
  },
  {
    name: 'a size beyond every number',
    tar: tarOf(tarHeader({ name: 'f', size: base256(2n ** 90n, 12) })),
    says: /tar size is 1\.2\d+e\+27 at offset 124/,
  },
  {
    name: 'a size that is not a number',
    tar: tarOf(tarHeader({ name: 'f', size: Buffer.from('0000000x789\0') })),
    says: /tar size is "0000000x789/,
  },
  {
    name: 'a size larger than the archive',
    tar: tarOf(tarHeader({ name: 'f', size: base256(2n ** 50n, 12) })),
    says: /ends inside the body of "f" at byte 1536/,
    before: 0,
  },
  {
    name: 'a header behind one block of zeros',
    tar: tarOf(first, Buffer.alloc(512), first),
    says: /follows a block of zeros/,
    before: 1,
  },
  {
    name: 'an extended header without its entry',
    tar: tarOf(paxHeader({ path: 'x' })),
    says: /end of archive at offset 1536 follows an extended header, expected its entry/,
  },
  {
    name: 'a PAX length beyond the header',
    tar: tarOf(rawPax('99 path=x\n'), first),
    says: /PAX record length is "99" at offset 512/,
  },
  {
    name: 'a PAX length of 0',
    tar: tarOf(rawPax('0 path=x\n'), first),
    says: /PAX record length is "0"/,
  },
  {
    name: 'a PAX length that ends in its key',
    tar: tarOf(rawPax('4 path=x\n'), first),
    says: /PAX record at offset 512/,
  },
  {
    name: 'a PAX length that is huge',
    tar: tarOf(rawPax(`${'9'.repeat(400)} path=x\n`), first),
    says: /PAX record length/,
  },
  {
    name: 'a PAX record without a value',
    tar: tarOf(rawPax('8 path\n\n'), first),
    says: /not of the form KEY=VALUE/,
  },
  {
    name: 'a PAX record without a key',
    tar: tarOf(rawPax('6 =xx\n'), first),
    says: /not of the form KEY=VALUE/,
  },
  {
    name: 'a PAX path with a NUL',
    tar: tarOf(paxHeader({ path: 'a\0b' }), first),
    says: /PAX path holds a NUL/,
  },
  {
    name: 'a PAX size that is not a number',
    tar: tarOf(paxHeader({ size: '1e3' }), first),
    says: /PAX size is "1e3"/,
  },
  {
    name: 'a negative PAX size',
    tar: tarOf(paxHeader({ size: '-1' }), first),
    says: /tar size is -1/,
  },
  {
    name: 'a huge extended header',
    tar: tarHeader({ name: 'x', flag: 'x', size: 2 ** 30 }),
    says: /MalformedInput: extended tar header at offset 0 has 1073741824 bytes/,
  },
  {
    name: 'a sparse map that ends the archive',
    tar: tarHeader({ name: 's', flag: 'S', magic: gnuMagic, patches: [[482, '\x01']] }),
    says: /ends inside the map of a sparse file/,
  },
];

function rawPax(text: string): Buffer {
  return tarEntry({ name: 'x', flag: 'x' }, text);
}

for (const { name, tar, says, before = 0 } of damages) {
  test(`${name} is said, and what stands before it is given`, async () => {
    const fromStream = await streamed(tar);
    assert.match(fromStream.error ?? '', says);
    assert.match(fromStream.error ?? '', /^(MalformedInput|LimitExceeded): /);
    assert.equal(fromStream.entries.length, before);
    assert.deepEqual(await indexed(tar), fromStream);
  });
}

const archive = tarOf(
  tarEntry({ name: 'd/', flag: '5' }),
  tarEntry({ name: 'd/one' }, 'x'.repeat(700)),
  paxHeader({ path: 'd/two' }),
  tarEntry({ name: 't' }, 'y'),
  tarEntry({ name: 'd/three', flag: '2', linkName: 'one' }),
);

test('an archive cut anywhere but between entries is damaged, and both readers say the same', async () => {
  const whole = await streamed(archive);
  const end = archive.length - 1024;
  const boundaries = new Set([0, 512, 512 + 512 + 1024, 512 + 1536 + 1024 + 1024, end, end + 512]);
  for (const cut of cutsOf(archive.length)) {
    const part = archive.subarray(0, cut);
    const result = await streamed(part);
    const sound = boundaries.has(cut) || cut === archive.length;
    assert.equal(result.error === null, sound, `cut at ${cut}: ${result.error}`);
    if (!sound)
      assert.match(result.error ?? '', /^MalformedInput: archive ends inside .* at byte \d+$/);
    assert.deepEqual(result.entries, whole.entries.slice(0, result.entries.length));
    assert.deepEqual(await indexed(part), result, `cut at ${cut}`);
  }
});

function cutsOf(length: number): number[] {
  const cuts: number[] = [length];
  for (let block = 0; block < length; block += 512)
    cuts.push(block, block + 1, block + 255, block + 511);
  return cuts;
}

test('one entry more than allowed exceeds the limit', async () => {
  const limits = { ...defaultLimits, maxEntries: 2 };
  const result = await streamed(archive, limits);
  assert.equal(result.error, 'LimitExceeded: archive has more than 2 entries');
  assert.deepEqual(await indexed(archive, limits), result);
});

test('one byte more than allowed exceeds the limit', async () => {
  const limits = { ...defaultLimits, maxLayerSize: archive.length - 1 };
  await assert.rejects(drain(archive, limits), LimitExceeded);
  await drain(archive, { ...limits, maxLayerSize: archive.length });
});

async function drain(tar: Buffer, limits = defaultLimits): Promise<void> {
  for await (const _ of tarEntries(piecesOf(tar), limits));
}

test('an error of the source comes after all entries that it gave', async () => {
  const failure = new Error('digest');
  async function* failing() {
    yield archive;
    throw failure;
  }
  const paths: string[] = [];
  const walk = async () => {
    for await (const entry of tarEntries(failing(), defaultLimits)) paths.push(entry.path);
  };
  await assert.rejects(walk, failure);
  assert.deepEqual(paths, ['d/', 'd/one', 'd/two', 'd/three']);
});

test('stopping early closes the source, in a body as between entries', async () => {
  for (const within of ['body', 'walk']) {
    let closed = false;
    async function* source() {
      try {
        for (;;) yield tarEntry({ name: 'endless' }, 'x'.repeat(100_000));
      } finally {
        closed = true;
      }
    }
    for await (const entry of tarEntries(source(), defaultLimits)) {
      if (within === 'body') for await (const _ of entry.body()) break;
      break;
    }
    assert.ok(closed, within);
  }
});

test('the source is read to its end behind the end of the archive, for its digest', async () => {
  let read = 0;
  async function* counted() {
    for await (const piece of piecesOf(Buffer.concat([archive, Buffer.alloc(10_000_000, 7)]))) {
      read += piece.length;
      yield piece;
    }
  }
  for await (const _ of tarEntries(counted(), defaultLimits));
  assert.equal(read, archive.length + 10_000_000);
});

test('a body that is left or not read at all does not disturb the next entry', async () => {
  const tar = tarOf(
    ...['a', 'b', 'c', 'd'].map((name) => tarEntry({ name }, name.repeat(100_000))),
  );
  const seen: string[] = [];
  for await (const entry of tarEntries(piecesOf(tar, 1000), defaultLimits)) {
    seen.push(entry.path);
    if (entry.path === 'a') continue;
    for await (const piece of entry.body()) {
      seen.push(piece.toString('latin1', 0, 1));
      break;
    }
  }
  assert.deepEqual(seen, ['a', 'b', 'b', 'c', 'c', 'd', 'd']);
});

test('200,000 entries are indexed and streamed in seconds', { timeout: 300_000 }, async () => {
  const one = tarEntry({ name: 'file' }, 'x');
  const tar = Buffer.concat([...Array.from({ length: 200_000 }, () => one), Buffer.alloc(1024)]);
  assert.equal((await indexTar(bufferAccess(tar), defaultLimits)).length, 200_000);
  let count = 0;
  for await (const _ of tarEntries(piecesOf(tar), defaultLimits)) count += 1;
  assert.equal(count, 200_000);
});

test('a mutated archive gives entries or its own error, the same from both readers', {
  timeout: 300_000,
}, async () => {
  const random = randomNumbers(20_261_123);
  for (let round = 0; round < 1500; round += 1) {
    const mutated = Buffer.from(archive);
    for (let change = 0; change <= round % 5; change += 1) {
      mutated[random(mutated.length)] = random(3) === 0 ? 0x39 : random(256);
    }
    if (round % 2) repairChecksums(mutated);
    const result = await streamed(mutated, defaultLimits, 1 + random(2000));
    assert.match(result.error ?? 'MalformedInput: ', /^(MalformedInput|LimitExceeded): /);
    assert.deepEqual(await indexed(mutated), result, `round ${round}`);
  }
});

/** So that mutations get behind the checksum. */
function repairChecksums(tar: Buffer): void {
  for (let at = 0; at + 512 <= tar.length; at += 512) {
    if (tar.toString('latin1', at + 257, at + 262) !== 'ustar') continue;
    const block = tar.subarray(at, at + 512);
    block.fill(' ', 148, 156);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  }
}

test('MalformedInput is what damage throws', async () => {
  await assert.rejects(
    indexTar(bufferAccess(archive.subarray(0, 700)), defaultLimits),
    MalformedInput,
  );
});
