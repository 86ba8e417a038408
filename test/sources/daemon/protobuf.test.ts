import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedInput } from '../../../src/base/errors.ts';
import { decodeMessage, encodeMessage } from '../../../src/sources/daemon/protobuf.ts';
import { randomNumbers } from '../../support/random.ts';

test('what is encoded is decoded again, and what is empty is left out', () => {
  const inner = encodeMessage([
    [2, 'sha256:x'],
    [3, 2 ** 40],
  ]);
  const bytes = Buffer.concat([
    encodeMessage([
      [1, 'näme'],
      [2, 0],
      [3, ''],
      [5, 300],
    ]),
    Buffer.from([0x22, inner.length]),
    inner,
    // 64 and 32 bits that stand as they are.
    Buffer.from('3101000000000000003d02000000', 'hex'),
  ]);
  const message = decodeMessage(bytes);
  assert.equal(message.text(1), 'näme');
  assert.deepEqual([2, 5, 6, 7].map(message.number), [0, 300, 1, 2]);
  assert.equal(message.text(3), '');
  const [found] = message.messages(4);
  assert.equal(found?.text(2), 'sha256:x');
  assert.equal(found?.number(3), 2 ** 40);
  assert.deepEqual(message.messages(9), []);
});

/** As protoc encodes them. */
test('numbers are those of the specification', () => {
  assert.equal(encodeMessage([[1, 150]]).toString('hex'), '089601');
  assert.equal(encodeMessage([[2, 'testing']]).toString('hex'), '120774657374696e67');
  assert.equal(decodeMessage(Buffer.from('089601', 'hex')).number(1), 150);
});

const damaged = [
  ['0a', 'a key without a value'],
  ['0a05616263', 'a text that is cut'],
  ['0affffffffffffffffff01', 'a text longer than can be'],
  ['08ffffffffffffffffffff01', 'a number without end'],
  ['0b', 'a group'],
  ['0f', 'an unknown wire type'],
  ['0d0102', '32 bits that are cut'],
] as const;

for (const [hex, what] of damaged) {
  test(`${what} is damage`, () => {
    assert.throws(() => decodeMessage(Buffer.from(hex, 'hex')), MalformedInput);
  });
}

test('a field of another kind than is expected is damage', () => {
  const message = decodeMessage(Buffer.from('0801120161', 'hex'));
  assert.throws(() => message.text(1), MalformedInput);
  assert.throws(() => message.messages(1), MalformedInput);
  assert.throws(() => message.number(2), MalformedInput);
  assert.throws(
    () => decodeMessage(Buffer.from('08ffffffffffffffffff01', 'hex')).number(1),
    MalformedInput,
  );
});

test('no bytes at all escape with another error', () => {
  const random = randomNumbers(7);
  for (let count = 0; count < 5000; count += 1) {
    const bytes = Buffer.from(Array.from({ length: 1 + (count % 24) }, () => random(256)));
    try {
      const message = decodeMessage(bytes);
      for (let field = 1; field < 32; field += 1) message.messages(field).length;
    } catch (error) {
      assert.ok(error instanceof MalformedInput, String(error));
    }
  }
});
