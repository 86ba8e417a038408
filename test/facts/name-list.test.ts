import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeName } from '../../src/base/text.ts';
import { NameListWriter, namesIn } from '../../src/facts/link-tables/name-list.ts';

const cases: readonly { name: string; names: readonly string[] }[] = [
  { name: 'none', names: [] },
  { name: 'some, with versions', names: ['printf@GLIBC_2.2.5', 'main', '_ZN1aE'] },
  { name: 'UTF-8', names: ['größe', '名前'] },
  { name: 'bytes that are not UTF-8', names: ['a\udcff', '\udcc3', '\udca9b'] },
  { name: 'many', names: Array.from({ length: 5000 }, (_, index) => `symbol_${index}`) },
];

function nameList(names: readonly string[]): Uint8Array {
  const writer = new NameListWriter();
  for (const name of names) {
    const bytes = encodeName(name);
    writer.write(Buffer.concat([Buffer.from('before'), bytes]), 6, 6 + bytes.length);
    writer.writeByte(0);
  }
  return writer.list();
}

describe('a list of names gives back', () => {
  for (const { name, names } of cases) {
    it(name, () => assert.deepEqual([...namesIn(nameList(names))], names));
  }

  it('the same from another thread', () => {
    const list = structuredClone(nameList(['a', 'b']));
    assert.deepEqual([...namesIn(list)], ['a', 'b']);
    assert.equal(list.buffer.byteLength, list.byteLength);
  });
});
