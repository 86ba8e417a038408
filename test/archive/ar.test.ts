import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arMembers } from '../../src/archive/ar.ts';
import { DamagedInput } from '../../src/base/errors.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import { bufferAccess } from '../../src/base/random-access.ts';
import { arOf } from '../support/archives/archive-builder.ts';
import { mutationsOf } from '../support/mutations.ts';

async function read(bytes: Buffer, limits = defaultLimits): Promise<readonly string[]> {
  const seen: string[] = [];
  try {
    for await (const { name, offset, size } of arMembers(bufferAccess(bytes), limits))
      seen.push(`${name}=${bytes.toString('latin1', offset, offset + size)}`);
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    seen.push(`!${error.message}`);
  }
  return seen;
}

const whole = arOf([
  { name: '/', body: 'index' },
  { name: '//', body: 'a-name-of-many-letters.o/\nanother-long-name.o/\n' },
  { name: 'short.o/', body: 'one' },
  { name: '/0', body: 'two' },
  { name: '/26', body: 'four' },
]);

const archives = [
  { name: 'an archive of nothing', bytes: arOf([]), want: [] },
  {
    name: "GNU's names, the index left out",
    bytes: whole,
    want: ['short.o=one', 'a-name-of-many-letters.o=two', 'another-long-name.o=four'],
  },
  {
    name: "BSD's names",
    bytes: arOf([
      { name: '__.SYMDEF', body: 'index' },
      { name: '#1/12', body: 'long name.o\0body' },
    ]),
    want: ['long name.o=body'],
  },
  {
    name: "Debian's names",
    bytes: arOf([{ name: 'debian-binary', body: '2.0\n' }]),
    want: ['debian-binary=2.0\n'],
  },
  {
    name: 'a size beyond the end',
    bytes: whole.subarray(0, -1),
    want: [
      'short.o=one',
      'a-name-of-many-letters.o=two',
      '!ar member at offset 310 has 4 bytes, the archive ends after 3',
    ],
  },
  {
    name: 'a name outside of the table',
    bytes: arOf([{ name: '/9', body: 'x' }]),
    want: ['!ar member before offset 68 has its name at 9 of a table of 0 bytes'],
  },
  {
    name: 'a size that is not a number',
    bytes: Buffer.from(
      arOf([{ name: 'a', body: 'x' }])
        .toString('latin1')
        .replace('1         `', 'x         `'),
    ),
    want: ['!ar size is "x" at offset 56, expected a number'],
  },
  {
    name: 'something that is not a header',
    bytes: Buffer.concat([arOf([{ name: 'a', body: 'xy' }]), Buffer.alloc(60)]),
    want: ['a=xy', '!no ar member begins at offset 70, expected a header of 60 bytes'],
  },
];

for (const { name, bytes, want } of archives) {
  test(`ar: ${name}`, async () => {
    assert.deepEqual(await read(bytes), want);
  });
}

test('ar: one member more than allowed exceeds the limit', async () => {
  assert.deepEqual(await read(whole, { ...defaultLimits, maxEntries: 1 }), [
    '!archive has more than 1 members',
  ]);
});

test('ar: cut or with wrong bytes it gives members or its own error', async () => {
  for (const bytes of mutationsOf(whole, 20_000)) await read(bytes);
});
