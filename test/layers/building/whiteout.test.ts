import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whiteoutOf } from '../../../src/layers/building/whiteout.ts';

for (const [path, want] of [
  ['/a/b', { kind: 'none' }],
  ['/a/.wh.b', { kind: 'whiteout', path: '/a/b' }],
  ['/.wh.b', { kind: 'whiteout', path: '/b' }],
  ['/a/.wh.b c', { kind: 'whiteout', path: '/a/b c' }],
  ['/a/.wh..b', { kind: 'whiteout', path: '/a/.b' }],
  ['/a/.wh....', { kind: 'whiteout', path: '/a/...' }],
  ['/a/.wh..wh..opq', { kind: 'opaque', path: '/a' }],
  ['/.wh..wh..opq', { kind: 'opaque', path: '/' }],
  ['/a/.wh.', { kind: 'none' }],
  ['/a/x.wh.b', { kind: 'none' }],
  ['/.wh.a/b', { kind: 'none' }],
  ['/a/.wh..', { kind: 'invalid' }],
  ['/a/.wh...', { kind: 'invalid' }],
  ['/.wh..wh.aufs', { kind: 'metadata' }],
  ['/.wh..wh.plnk', { kind: 'metadata' }],
  ['/a/.wh..wh.orph', { kind: 'metadata' }],
  ['/.wh..wh.plnk/12.34', { kind: 'none' }],
  ['/.wh..wh.hide/evil', { kind: 'none' }],
  ['/.wh..wh..opq/evil', { kind: 'none' }],
  ['/.wh..wh.hide/.wh.evil', { kind: 'whiteout', path: '/.wh..wh.hide/evil' }],
] as const) {
  test(`${path} is ${want.kind === 'none' ? 'no whiteout' : want.kind}`, () => {
    assert.deepEqual(whiteoutOf(path), want);
  });
}
