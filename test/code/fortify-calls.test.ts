import assert from 'node:assert/strict';
import { it } from 'node:test';
import { searchCalls } from '../../src/code/calls/call-search.ts';
import { fortifyLevels } from '../../src/code/calls/fortify-calls.ts';
import { buildElf } from '../support/elf/elf-builder.ts';

const size = 4096;
const stub = 3000;
/** Of `mov $1,%esi; call stub`, which asks __fprintf_chk for level 2. */
// Behind some code: instructions are distinguished from the middle of others by those before them.
const callsAt = [64, 500, 2900, 3900];

/** A program whose only stub has calls before and behind it. */
function program(code: Buffer) {
  return buildElf({
    code,
    symbols: [{ name: '__fprintf_chk' }],
    relocations: [{ type: 7, symbol: '__fprintf_chk', at: { word: 3 }, plt: true }],
  });
}

function codeWith(slot: number): Buffer {
  const code = Buffer.alloc(size, 0x90);
  for (const at of callsAt) {
    code.set([0xbe, 1, 0, 0, 0, 0xe8], at);
    code.writeInt32LE(stub - (at + 10), at + 6);
  }
  code.set([0xff, 0x25], stub);
  code.writeInt32LE(slot - (stub + 6), stub + 2);
  return code;
}

it('calls are counted wherever the stub is that they go through, whole and in pieces', () => {
  const bare = program(Buffer.alloc(size));
  const slot = Number(bare.region('data').address + 24n - bare.region('code').address);
  const { elf } = program(codeWith(slot));
  const wanted = { 1: 0, 2: callsAt.length, 3: 0, unclear: 0 };
  for (const pieceSize of [undefined, 2048, 700, 256]) {
    const levels = fortifyLevels(elf);
    searchCalls(elf, [levels], pieceSize);
    assert.deepEqual(levels.answer(), wanted, `pieces of ${pieceSize} bytes`);
  }
});
