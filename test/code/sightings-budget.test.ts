import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LimitExceeded } from '../../src/base/errors.ts';
import { mostSightings, scanAll, sightingsOf } from '../../src/code/find-sightings.ts';
import { machineOf } from '../../src/code/machine-of.ts';
import type { Elf } from '../../src/elf/model.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { hotSize } from '../../src/elf/reading/file-pieces.ts';

/** A program whose whole code is one instruction, over and over. */
function programOf(instruction: readonly number[], times: number): Elf {
  const start = 0x1000;
  const size = start + instruction.length * times;
  const bytes = Buffer.alloc(size);
  bytes.write('\x7fELF\x02\x01\x01', 'latin1');
  bytes.writeUInt16LE(2, 16); // ET_EXEC
  bytes.writeUInt16LE(62, 18); // EM_X86_64
  bytes.writeUInt32LE(1, 20);
  bytes.writeBigUInt64LE(0x401000n, 24);
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(64, 52);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(1, 56);
  bytes.writeUInt32LE(1, 64); // PT_LOAD
  bytes.writeUInt32LE(5, 68); // read and execute
  bytes.writeBigUInt64LE(0x400000n, 80);
  for (const at of [96, 104]) bytes.writeBigUInt64LE(BigInt(size), at);
  bytes.writeBigUInt64LE(0x1000n, 112);
  bytes.fill(Buffer.from(instruction), start);
  return readElf(bytesOf(bytes));
}

const stackAddress = [0x48, 0x8d, 0x44, 0x24, 0x08]; // lea 8(%rsp),%rax
const canaryStore = [
  ...[0x64, 0x48, 0x8b, 0x04, 0x25, 0x28, 0, 0, 0], // mov %fs:0x28,%rax
  ...[0x48, 0x89, 0x44, 0x24, 0x08], // mov %rax,8(%rsp)
];

for (const [name, instruction] of Object.entries({ stackAddress, canaryStore })) {
  test(`code that is nothing but ${name} ends at its budget, and each fact hears of it`, () => {
    const elf = programOf(instruction, 5000);
    const machine = machineOf(elf.header);
    assert.ok(machine);
    const pieceSize = 4096;
    let pieces = 0;
    const alongside = () => {
      pieces += 1;
    };
    assert.throws(() => scanAll(elf, machine, { pieceSize, most: 1000, alongside }), LimitExceeded);
    assert.ok(pieces <= Math.ceil((1000 * instruction.length) / pieceSize), `${pieces} pieces`);
    assert.doesNotThrow(() => scanAll(elf, machine, { pieceSize, most: 5000 }));
  });
}

test('a file beyond the budget is scanned once, and then always refused', () => {
  const elf = programOf(stackAddress, mostSightings + 1);
  let pieces = 0;
  const ask = () =>
    sightingsOf(elf, () => {
      pieces += 1;
    });
  assert.throws(ask, LimitExceeded);
  const first = pieces;
  assert.throws(ask, LimitExceeded);
  assert.equal(pieces, first);
  const { size } = elf.bytes;
  assert.ok(first * hotSize <= size, 'it ends before the file does');
});
