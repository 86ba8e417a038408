import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareNames, decodeName, encodeName, printableName } from '../../src/base/text.ts';
import { randomNumbers } from '../support/random.ts';

const names: readonly (readonly [hex: string, decoded: string, printable: string])[] = [
  ['', '', ''],
  ['61', 'a', 'a'],
  ['c3a9', 'é', 'é'],
  ['f09f9880', '\u{1f600}', '\u{1f600}'],
  ['efbbbf61', '\ufeffa', '\ufeffa'],
  ['ff', '\udcff', '\\xff'],
  ['61ffc3a962', 'a\udcffé' + 'b', 'a\\xffé' + 'b'],
  ['c3', '\udcc3', '\\xc3'],
  ['c0af', '\udcc0\udcaf', '\\xc0\\xaf'],
  ['edb080', '\udced\udcb0\udc80', '\\xed\\xb0\\x80'],
  ['f09f98', '\udcf0\udc9f\udc98', '\\xf0\\x9f\\x98'],
];

for (const [hex, decoded, printable] of names) {
  test(`the bytes "${hex}" are kept as ${printable}`, () => {
    assert.equal(decodeName(Buffer.from(hex, 'hex')), decoded);
    assert.equal(encodeName(decoded).toString('hex'), hex);
    assert.equal(printableName(decoded), printable);
  });
}

test('any bytes come back, and names order as their bytes do', () => {
  const random = randomNumbers(3);
  const interesting = [0x2f, 0x61, 0x80, 0xbf, 0xc3, 0xa9, 0xe0, 0xed, 0xef, 0xf0, 0x9f, 0xff];
  const bytes = Array.from({ length: 2000 }, () =>
    Buffer.from(
      Array.from({ length: random(7) }, () => interesting[random(interesting.length)] ?? 0),
    ),
  );
  for (const one of bytes) assert.deepEqual(encodeName(decodeName(one)), one);
  for (let at = 1; at < bytes.length; at += 1) {
    const [left, right] = [bytes[at - 1] ?? assert.fail(), bytes[at] ?? assert.fail()];
    assert.equal(
      Math.sign(compareNames(decodeName(left), decodeName(right))),
      Buffer.compare(left, right),
    );
  }
});
