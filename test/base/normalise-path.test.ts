import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leavesRoot, normalisePath } from '../../src/base/normalise-path.ts';

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
] as const) {
  test(`"${path.toWellFormed()}" is at ${want.toWellFormed()}`, () => {
    assert.equal(normalisePath(path), want);
    assert.equal(leavesRoot(path), false);
  });
}

for (const [path, want] of [
  ['..', '/'],
  ['../etc/passwd', '/etc/passwd'],
  ['../../etc/passwd', '/etc/passwd'],
  ['/../etc/passwd', '/etc/passwd'],
  ['a/../../a', '/a'],
  ['a/../../../b/../c', '/c'],
] as const) {
  test(`"${path}" would leave the root, and is at ${want}`, () => {
    assert.equal(normalisePath(path), want);
    assert.equal(leavesRoot(path), true);
  });
}

test('a path of a megabyte is normalised at once', () => {
  assert.equal(normalisePath('a/../'.repeat(200_000)), '/');
});
