import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeName } from '../../src/base/text.ts';
import {
  type Import,
  ImportListWriter,
  importsIn,
} from '../../src/facts/link-tables/import-list.ts';

const plain = { version: null, callsOnly: false, slotsOnly: false, isCopy: false };
const cases: readonly { name: string; imports: readonly Import[] }[] = [
  { name: 'none', imports: [] },
  { name: 'a name', imports: [{ ...plain, name: 'environ' }] },
  {
    name: 'every use',
    imports: [
      { ...plain, name: 'puts', version: 'GLIBC_2.2.5', callsOnly: true, slotsOnly: true },
      { ...plain, name: 'stdout', version: 'GLIBC_2.2.5', isCopy: true },
      { ...plain, name: 'puts', callsOnly: true, slotsOnly: true },
    ],
  },
  {
    name: 'names that look like something else',
    imports: [
      { ...plain, name: 'cy', version: '' },
      { ...plain, name: '=', version: '=' },
      { ...plain, name: 'a\udcff', version: 'größe' },
    ],
  },
  {
    name: 'many',
    imports: Array.from({ length: 5000 }, (_, at) => ({ ...plain, name: `symbol_${at}` })),
  },
];

function importList(imports: readonly Import[]): Uint8Array {
  const writer = new ImportListWriter();
  for (const { name, ...use } of imports) {
    // The name between those of two other symbols.
    const nameBytes = Buffer.concat([
      Buffer.from('before'),
      encodeName(name),
      Buffer.from('behind'),
    ]);
    const nameStarts = Uint32Array.of(0, 6);
    const nameEnds = Uint32Array.of(6, nameBytes.length - 6);
    writer.add({ nameBytes, nameStarts, nameEnds }, 1, use);
  }
  return writer.list();
}

describe('a list of imports gives back', () => {
  for (const { name, imports } of cases) {
    it(name, () => assert.deepEqual([...importsIn(structuredClone(importList(imports)))], imports));
  }
});
