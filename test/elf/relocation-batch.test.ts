import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EM } from '../../src/elf/constants.ts';
import { budgetFor } from '../../src/elf/reading/decoding-budget.ts';
import { isLittleEndian, type Layout, readWord, viewOf } from '../../src/elf/reading/layout.ts';
import { oneByOne } from '../../src/elf/relocations/relocation-batch.ts';
import { entrySizeOf, visitTable } from '../../src/elf/relocations/relocations.ts';
import { layouts } from '../support/elf/elf-layouts.ts';
import { randomNumbers } from '../support/random.ts';

type Entry = readonly [offset: bigint, type: number, symbol: number];

/** More than two batches, and a part of one. */
const count = 2500;

describe('relocations in batches are those of the table', () => {
  for (const [machine, name] of [
    [EM.X86_64, 'as of most machines'],
    [EM.MIPS, 'of MIPS'],
    [EM.SPARCV9, 'of SPARC'],
  ] as const) {
    for (const layout of layouts) {
      it(`${name}, ${layout.bits} bits, ${layout.byteOrder}-endian`, () => {
        for (const addend of [false, true]) {
          const bytes = randomTable(layout, addend);
          assert.deepEqual(
            batches(bytes, layout, machine, addend),
            entries(bytes, layout, machine, addend),
          );
        }
      });
    }
  }

  it('while another visit goes on', () => {
    const [layout = { bits: 64, byteOrder: 'little' }] = layouts;
    const bytes = randomTable(layout, true);
    const seen: Entry[] = [];
    visitTable({ bytes, addend: true }, layout, EM.X86_64, budgetFor(1e6), (batch) => {
      batches(bytes, layout, EM.MIPS, true);
      oneByOne(({ offset, type, symbol }) => seen.push([offset, type, symbol]))(batch);
    });
    assert.deepEqual(seen, entries(bytes, layout, EM.X86_64, true));
  });
});

function randomTable(layout: Layout, addend: boolean): Buffer {
  const random = randomNumbers(layout.bits);
  const bytes = Buffer.from(
    Array.from({ length: count * entrySizeOf(layout, addend) }, () => random(256)),
  );
  // Places as files have them, and some that a number does not hold exactly.
  const view = viewOf(bytes);
  for (let at = 0; layout.bits === 64 && at < bytes.length; at += entrySizeOf(layout, addend)) {
    const place = random(3) === 0 ? BigInt(random(2 ** 32)) << 31n : BigInt(random(2 ** 32));
    view.setBigUint64(at, place, isLittleEndian(layout));
  }
  return bytes;
}

function batches(bytes: Buffer, layout: Layout, machine: number, addend: boolean): Entry[] {
  const seen: Entry[] = [];
  const visit = oneByOne(({ offset, place, type, symbol }) => {
    assert.equal(place, Number(offset));
    seen.push([offset, type, symbol]);
  });
  visitTable({ bytes, addend }, layout, machine, budgetFor(1e6), visit);
  return seen;
}

/** One after the other, by the psABI of each machine. */
function entries(bytes: Buffer, layout: Layout, machine: number, addend: boolean): Entry[] {
  const view = viewOf(bytes);
  const word = layout.bits / 8;
  return Array.from({ length: count }, (_, index): Entry => {
    const at = index * entrySizeOf(layout, addend);
    const offset = readWord(view, at, layout);
    const information = readWord(view, at + word, layout);
    if (word === 4) return [offset, Number(information & 0xffn), Number(information >> 8n)];
    if (machine === EM.MIPS)
      return [offset, bytes[at + 15] ?? 0, view.getUint32(at + 8, isLittleEndian(layout))];
    const typeMask = machine === EM.SPARCV9 ? 0xffn : 0xffffffffn;
    return [offset, Number(information & typeMask), Number(information >> 32n)];
  });
}
