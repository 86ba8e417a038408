import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalisePath } from '../../src/layers/normalise-path.ts';

for (const [path, want] of [
  ['a/b', '/a/b'],
  ['./a/b', '/a/b'],
  ['/a/b/', '/a/b'],
  ['//a///b', '/a/b'],
  ['a/./b/.', '/a/b'],
  ['a/../b', '/b'],
  ['a/b/../../c', '/c'],
  ['.', '/'],
  ['./', '/'],
  ['', '/'],
  ['/', '/'],
  ['...', '/...'],
  ['a\\..\\b', '/a\\..\\b'],
  ['\udcff/x', '/\udcff/x'],
  ['..', null],
  ['../etc/passwd', null],
  ['../../etc/passwd', null],
  ['/../etc/passwd', null],
  ['a/../../a', null],
] as const) {
  test(`"${path.toWellFormed()}" is ${want === null ? 'outside the root' : `at ${want.toWellFormed()}`}`, () => {
    assert.equal(normalisePath(path), want);
  });
}

test('a path of a megabyte is normalised at once', () => {
  assert.equal(normalisePath('a/../'.repeat(200_000)), '/');
});
