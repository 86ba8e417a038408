import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PF, PT } from '../../src/elf/constants.ts';
import { losesExecution } from '../../src/elf/memory/page-fit.ts';
import type { Segment } from '../../src/elf/records.ts';

function load(index: number, address: bigint, fileSize: bigint, flags: number): Segment {
  const memorySize = fileSize === 0n ? 8n : fileSize;
  return {
    index,
    type: PT.LOAD,
    flags,
    offset: address,
    address,
    physicalAddress: address,
    fileSize,
    memorySize,
    alignment: 0x1000n,
  };
}

const code = load(0, 0x1000n, 0x200n, PF.R | PF.X);

describe('the page that a program is entered in', () => {
  it('loses the right to be executed to data of the same larger page', () => {
    const segments = [code, load(1, 0x2000n, 8n, PF.R | PF.W)];
    assert.equal(losesExecution(segments, 0x4000n, 0x1000n), true);
    assert.equal(losesExecution(segments, 0x1000n, 0x1000n), false);
  });

  it('keeps it where what is mapped over it may be executed, or has no bytes of the file', () => {
    for (const over of [load(1, 0x2000n, 8n, 7), load(1, 0x2000n, 0n, 6)])
      assert.equal(losesExecution([code, over], 0x4000n, 0x1000n), false);
  });
});
