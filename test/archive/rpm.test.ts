import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRpm } from '../../src/archive/rpm.ts';
import { MalformedInput } from '../../src/base/errors.ts';
import { bufferAccess } from '../../src/base/random-access.ts';
import { type RpmTag, rpmOf } from '../support/archives/archive-builder.ts';
import { mutationsOf } from '../support/mutations.ts';

const tags: readonly RpmTag[] = [
  [1000, 'busybox'],
  [1001, '1.36'],
  [1002, '2'],
  [1022, 'x86_64'],
  [1011, 'Fedora Project'],
  [1044, 'busybox-1.36-2.src.rpm'],
  [1124, 'cpio'],
  [1125, 'zstd'],
];
const payload = Buffer.from('payload');
const whole = rpmOf([...tags, [1003, 7]], payload);
const read = (bytes: Buffer) => readRpm(bufferAccess(bytes));

test('rpm: names, version and the place of the payload are read', async () => {
  const { payload: at, header, ...rest } = await read(whole);
  assert.deepEqual(rest, {
    name: 'busybox',
    version: '7:1.36-2',
    architecture: 'x86_64',
    vendor: 'Fedora Project',
    sourceFile: 'busybox-1.36-2.src.rpm',
    isSigned: false,
    compressor: 'zstd',
    format: 'cpio',
  });
  assert.equal(header.end, at);
  assert.ok(whole.subarray(at).equals(payload));
});

test('rpm: without an epoch there is none in the version, and old packages are gzip', async () => {
  const { version, compressor } = await read(rpmOf(tags.slice(0, 4), payload));
  assert.deepEqual([version, compressor], ['1.36-2', 'gzip']);
});

const damages = [
  {
    name: 'the lead alone',
    bytes: whole.subarray(0, 96),
    says: /no rpm signature header begins at offset 96/,
  },
  {
    name: 'a header cut',
    bytes: whole.subarray(0, 170),
    says: /the rpm header at offset 136 has 9 records and \d+ bytes/,
  },
];

for (const { name, bytes, says } of damages) {
  test(`rpm: ${name} is damage`, async () => {
    await assert.rejects(
      read(bytes),
      (error) => error instanceof MalformedInput && says.test(error.message),
    );
  });
}

test('rpm: cut or with wrong bytes it is read or gives its own error', async () => {
  for (const bytes of mutationsOf(whole, 20_000)) {
    await read(bytes).catch((error: unknown) =>
      assert.ok(error instanceof MalformedInput, String(error)),
    );
  }
});
