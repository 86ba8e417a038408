import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { calledInObject } from '../../src/code/calls/object-calls.ts';
import { ET } from '../../src/elf/constants.ts';
import { buildElf } from '../support/elf/elf-builder.ts';

describe('calls of an object file', () => {
  // call *f(%rip); call f; lea f(%rip),%rdi; call f by a type that addresses have too
  const code = Buffer.from('ff1500000000e800000000488d3d00000000e800000000', 'hex');
  const names = ['through', 'straight', 'passed', 'old'];
  const relocations = [
    { type: 41, symbol: 'through', at: 2 },
    { type: 4, symbol: 'straight', at: 7 },
    { type: 2, symbol: 'passed', at: 14 },
    { type: 2, symbol: 'old', at: 19 },
  ];

  it('are distinguished from addresses that are passed on', () => {
    const staticSymbols = names.map((name) => ({ name }));
    const { elf } = buildElf({ type: ET.REL, code, staticSymbols, relocations });
    assert.deepEqual(calledInObject(elf, names), ['through', 'straight', 'old']);
  });

  it('lie in the code, whatever their relocations say', () => {
    const { elf } = buildElf({
      type: ET.REL,
      code: Buffer.alloc(16, 0xe8),
      staticSymbols: [{ name: 'beyond' }, { name: 'first' }],
      relocations: [
        { type: 2, symbol: 'beyond', at: 16 },
        { type: 2, symbol: 'beyond', at: 0xffff_ffff_ffff_fff0n },
        { type: 2, symbol: 'first', at: 0 },
      ],
    });
    assert.deepEqual(calledInObject(elf, ['beyond', 'first']), []);
  });
});
