import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { extract } from 'tar-stream';
import { repositoryRoot } from '../support/repository.ts';

/** What src/archive/tar/tar-extract.ts uses or replaces beyond the public interface. Read it again when this fails. */
const expected = {
  version: '3.2.2',
  methods: [
    '_applyLongHeaders',
    '_consumeHeader',
    '_consumeLongHeader',
    '_consumeStream',
    '_continueWrite',
    '_createStream',
    '_decodeLongHeader',
    '_destroy',
    '_final',
    '_predestroy',
    '_unlock',
    '_update',
    '_write',
    'constructor',
  ],
  fields: {
    _locked: false,
    _longHeader: false,
    _missing: 0,
    _finished: false,
    _stream: null,
    _header: null,
  },
};

test('tar-stream is the version whose inner workings are known', () => {
  const file = join(repositoryRoot, 'node_modules/tar-stream/package.json');
  assert.equal(JSON.parse(readFileSync(file, 'utf8')).version, expected.version);
});

test('tar-stream has the methods and fields that are replaced', () => {
  const instance = extract();
  assert.deepEqual(
    Object.getOwnPropertyNames(Object.getPrototypeOf(instance)).sort(),
    expected.methods,
  );
  for (const [name, value] of Object.entries(expected.fields)) {
    assert.equal(Reflect.get(instance, name), value, name);
  }
});
