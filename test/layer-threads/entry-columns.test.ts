import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fromColumns, toColumns } from '../../src/layer-threads/entry-columns.ts';
import type { CatalogEntry } from '../../src/layers/catalog.ts';
import { catalogEntry } from '../support/roots/catalog-builder.ts';

const types: Readonly<Record<CatalogEntry['type'], null>> = {
  file: null,
  directory: null,
  symlink: null,
  hardlink: null,
  'character-device': null,
  'block-device': null,
  fifo: null,
  socket: null,
  unsupported: null,
  whiteout: null,
  opaque: null,
};

it('entries of all types, with all they have, are the same behind columns', () => {
  const entries = Object.keys(types).map((type, at) =>
    catalogEntry(`/\u{1f980}${at}`, type as CatalogEntry['type'], {
      size: 2 ** 40 + at,
      mode: 0o7777 - at,
      uid: 2 ** 32 - at,
      gid: at,
      linkTarget: at % 2 ? '' : '\ud800',
      capability: at % 3 ? null : Buffer.from([at, 2]),
      ...(at % 4 === 1 && { accessList: Buffer.from([2, at]) }),
      shebang: at % 4 ? null : '/bin/sh',
    }),
  );
  assert.deepEqual(fromColumns(structuredClone(toColumns(entries))), entries);
});
