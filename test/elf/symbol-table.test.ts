import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LimitExceeded, MalformedElf } from '../../src/base/errors.ts';
import { decodeName } from '../../src/base/text.ts';
import { budgetFor } from '../../src/elf/reading/decoding-budget.ts';
import { isLittleEndian, type Layout, readWord, viewOf } from '../../src/elf/reading/layout.ts';
import type { ElfSymbol } from '../../src/elf/records.ts';
import { stringTable } from '../../src/elf/symbols/string-table.ts';
import { beginningAt, lookOf } from '../../src/elf/symbols/symbol-table.ts';
import { noSymbols, readSymbols, symbolSize, unversioned } from '../../src/elf/symbols/symbols.ts';
import { layouts } from '../support/elf/elf-layouts.ts';
import { randomNumbers } from '../support/random.ts';

describe('a symbol table in columns has what its entries have', () => {
  for (const layout of layouts) {
    it(`of random bytes, ${layout.bits} bits, ${layout.byteOrder}-endian`, () => {
      const random = randomNumbers(layout.bits + (isLittleEndian(layout) ? 1 : 0));
      for (let round = 0; round < 200; round += 1) {
        const strings = randomStrings(random);
        const table = randomTable(random, layout, strings.length);
        assert.deepEqual(columns(table, layout, strings), entries(table, layout, strings));
      }
    });
  }

  it('where there is none', () => {
    assert.equal(noSymbols().length, 0);
    assert.deepEqual(noSymbols().all(), []);
  });

  it('until names that symbols share exceed the budget', () => {
    const strings = Buffer.concat([Buffer.alloc(200_000, 'a'), Buffer.of(0)]);
    const table = Buffer.alloc(24 * 100, 1).fill(0, 0, 24);
    for (let at = 24; at < table.length; at += 24) table.writeUInt32LE(0, at);
    const budget = budgetFor(1000);
    const names = stringTable(strings, budget, 'names');
    const read = () =>
      readSymbols(table, { bits: 64, byteOrder: 'little' }, names, unversioned, budgetFor(1000));
    assert.throws(read, LimitExceeded);
  });
});

type Random = ReturnType<typeof randomNumbers>;

function randomStrings(random: Random): Buffer {
  const bytes = Buffer.from(
    Array.from({ length: 40 }, () => (random(4) === 0 ? 0 : 97 + random(4))),
  );
  if (random(3) === 0) bytes[random(40)] = 0xff;
  return random(2) === 0 ? bytes : Buffer.concat([bytes, Buffer.of(0)]);
}

function randomTable(random: Random, layout: Layout, strings: number): Buffer {
  const size = symbolSize[layout.bits];
  const table = Buffer.from(Array.from({ length: size * (1 + random(6)) }, () => random(256)));
  const view = viewOf(table);
  for (let at = 0; at < table.length; at += size) {
    view.setUint32(at, random(strings + (random(12) === 0 ? 3 : 0)), isLittleEndian(layout));
    if (random(3) === 0) table.fill(0, at + 8, at + 16);
  }
  return table;
}

type Answer = readonly (readonly unknown[])[] | string;

function columns(table: Buffer, layout: Layout, strings: Buffer): Answer {
  const budget = budgetFor(1000);
  return answerOf(() => {
    const names = stringTable(strings, budget, 'names');
    const symbols = readSymbols(table, layout, names, unversioned, budget);
    return symbols.all().map((symbol, at) => {
      const index = at + 1;
      assert.equal(symbols.name(index), symbol.name);
      assert.equal(symbols.value(index), symbol.value);
      assert.equal(symbols.sections[index], symbol.sectionIndex);
      assert.equal(symbols.visibilities[index], symbol.visibility);
      assert.equal(symbols.valued[index], symbol.hasValue ? 1 : 0);
      assert.equal(symbols.information[index], (symbol.binding << 4) | symbol.type);
      const bytes = symbols.nameBytes.subarray(symbols.nameStarts[index], symbols.nameEnds[index]);
      assert.equal(decodeName(bytes), symbol.name);
      assert.equal(symbols.looks[index], lookOf(bytes, 0, bytes.length));
      if (bytes.length >= 2) assert.equal(symbols.beginnings[index], beginningAt(bytes, 0));
      return fieldsOf(symbol);
    });
  });
}

/** The gABI's structures, one after the other. */
function entries(table: Buffer, layout: Layout, strings: Buffer): Answer {
  const view = viewOf(table);
  const little = isLittleEndian(layout);
  const size = symbolSize[layout.bits];
  const isWide = layout.bits === 64;
  return answerOf(() =>
    Array.from({ length: table.length / size - 1 }, (_, before) => {
      const at = (before + 1) * size;
      const start = view.getUint32(at, little);
      const end = start < strings.length ? strings.indexOf(0, start) : -1;
      if (end < 0) throw new MalformedElf('no name');
      const [info, other, section] = isWide
        ? [at + 4, at + 5, at + 6]
        : [at + 12, at + 13, at + 14];
      const value = readWord(view, at + (isWide ? 8 : 4), layout);
      return fieldsOf({
        index: before + 1,
        name: decodeName(strings.subarray(start, end)),
        value,
        hasValue: value !== 0n,
        size: readWord(view, at + (isWide ? 16 : 8), layout),
        type: view.getUint8(info) & 15,
        binding: view.getUint8(info) >> 4,
        visibility: view.getUint8(other) & 3,
        sectionIndex: view.getUint16(section, little),
        version: null,
      });
    }),
  );
}

function fieldsOf(symbol: ElfSymbol): readonly unknown[] {
  const { index, name, value, hasValue, size } = symbol;
  const { type, binding, visibility, sectionIndex, version } = symbol;
  return [index, name, value, hasValue, size, type, binding, visibility, sectionIndex, version];
}

function answerOf(read: () => Answer): Answer {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedElf) return 'damaged';
    throw error;
  }
}
