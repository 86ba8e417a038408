import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Outcome } from '../../src/base/verdict.ts';
import { visitFunctions } from '../../src/code/frames/eh-frame.ts';
import { locateEhFrame } from '../../src/code/frames/eh-frame-location.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { repositoryRoot } from '../../test/support/repository.ts';
import { verdictOf } from '../../test/support/verdicts/verdict-of.ts';
import stackClashProtection from './rule.ts';

/** DW_CFA_def_cfa_offset of 8304, as unwind information of a cold part begins. */
const entered = Buffer.of(0x0e, 0xf0, 0x40);

interface Edited {
  readonly name: string;
  readonly sample: string;
  /** Is given the unwind instructions of each function, and the frame that they describe. */
  readonly edit: (program: Buffer, frame: number) => void;
  readonly outcome: Outcome;
  readonly says: RegExp;
}

const cases: readonly Edited[] = [
  {
    name: 'code that is entered with a large frame does not make it, and has no probe',
    sample: 'x86_64-glibc-gcc-pie-clash-probed',
    edit: (program, frame) => {
      if (frame <= 4096 && program.length >= 8) program.fill(0).set(entered);
    },
    outcome: 'pass',
    says: /^(\d+) of \1 functions? with frames over 4 KiB/,
  },
  {
    name: 'code that makes a large frame does so, though it is said to be entered with it',
    sample: 'x86_64-glibc-gcc-pie-clash-none',
    edit: (program, frame) => {
      if (frame > 4096) program.fill(0).set(entered);
    },
    outcome: 'fail',
    says: /do not touch them page by page|does not touch them page by page/,
  },
  {
    name: 'and though its frame is said to be small',
    sample: 'x86_64-glibc-gcc-pie-clash-none',
    edit: (program, frame) => {
      if (frame > 4096) program.fill(0);
    },
    outcome: 'fail',
    says: /do not touch them page by page|does not touch them page by page/,
  },
];

describe('stack-clash-protection: frames that functions make', () => {
  for (const { name, sample, edit, outcome, says } of cases) {
    it(name, () => {
      const file = readFileSync(join(repositoryRoot, 'samples/elf', sample));
      const before = Buffer.from(file);
      editUnwindInformation(file, edit);
      assert.ok(!file.equals(before), 'the edit changes something');
      const verdict = verdictOf(stackClashProtection, readElf(bytesOf(file)));
      assert.equal(verdict.outcome, outcome, verdict.message);
      assert.match(verdict.message, says);
    });
  }
});

function editUnwindInformation(file: Buffer, edit: Edited['edit']): void {
  const elf = readElf(bytesOf(file));
  const location = locateEhFrame(elf);
  assert.ok(location !== null);
  const table = {
    bytes: Buffer.from(file.subarray(location.offset, location.end)),
    address: location.address,
    byteOrder: elf.header.byteOrder,
    pointerSize: 8,
    listed: location.listed,
  } as const;
  visitFunctions(table, (_distance, _size, { size }, program, end) => {
    edit(file.subarray(location.offset + program, location.offset + end), size);
  });
}
