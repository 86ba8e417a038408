import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { x86InstructionAt } from '../../src/code/machines/x86-instruction.ts';
import {
  asksProcessor,
  isOldVector,
  needOfInstruction,
} from '../../src/code/processor/instruction-level.ts';

/** As GNU as encodes them. */
const cases: readonly (readonly [bytes: string, text: string, feature: string | null])[] = [
  ['660f6fc1', 'movdqa %xmm1,%xmm0', null],
  ['f20f58c1', 'addsd %xmm1,%xmm0', null],
  ['0fbcc1', 'bsf %ecx,%eax', null],
  ['f30fbcc1', 'tzcnt %ecx,%eax, or rep bsf', null],
  ['f30f1efa', 'endbr64', null],
  ['0fc8', 'bswap %eax', null],
  ['480fc70f', 'cmpxchg8b with REX.W', 'CMPXCHG16B'],
  ['0fc70f', 'cmpxchg8b (%rdi)', null],
  ['f20f7cc1', 'haddps %xmm1,%xmm0', 'SSE3'],
  ['f20f12c1', 'movddup %xmm1,%xmm0', 'SSE3'],
  ['660f12c1', 'movlpd', null],
  ['db0f', 'fisttpl (%rdi)', 'SSE3'],
  ['660f3800c1', 'pshufb %xmm1,%xmm0', 'SSSE3'],
  ['660f3a0fc104', 'palignr $4,%xmm1,%xmm0', 'SSSE3'],
  ['660f3840c1', 'pmulld %xmm1,%xmm0', 'SSE4'],
  ['660f3a0bc109', 'roundsd $9,%xmm1,%xmm0', 'SSE4'],
  ['f3480fb8c1', 'popcnt %rcx,%rax', 'POPCNT'],
  ['f20f38f1c1', 'crc32l %ecx,%eax', 'SSE4'],
  ['0f38f007', 'movbe (%rdi),%eax', 'MOVBE'],
  ['f30fbdc1', 'lzcnt %ecx,%eax', 'LZCNT'],
  ['c5f058c1', 'vaddps %xmm1,%xmm1,%xmm0', 'AVX'],
  ['c5f877', 'vzeroupper', 'AVX'],
  ['c4e27d58c1', 'vpbroadcastd %xmm1,%ymm0', 'AVX'],
  ['c4e270f2c2', 'andn %edx,%ecx,%eax', 'BMI'],
  ['c4e269f7c1', 'shlx %edx,%ecx,%eax', 'BMI'],
  ['c4e37bf0c105', 'rorx $5,%ecx,%eax', 'BMI'],
  ['c4e2f1b8c2', 'vfmadd231pd %xmm2,%xmm1,%xmm0', 'FMA'],
  ['c5f892c8', 'kmovw %eax,%k1', 'AVX-512'],
  ['62f17c4858c1', 'vaddps %zmm1,%zmm0,%zmm0', 'AVX-512'],
  ['62f2fd488dc1', 'vpermw %zmm1,%zmm0,%zmm0', 'AVX-512'],
  ['62f27d488dc1', 'vpermb %zmm1,%zmm0,%zmm0', 'an extension that no level has'],
  ['660f38dcc1', 'aesenc %xmm1,%xmm0', 'AES'],
  ['660f3a44c100', 'pclmullqlqdq %xmm1,%xmm0', 'PCLMULQDQ'],
  ['0f38cbc1', 'sha256rnds2', 'SHA'],
  ['0fc7f0', 'rdrand %eax', 'RDRAND'],
  ['66480f38f6c1', 'adcx %rcx,%rax', 'ADX'],
];

describe('what an instruction needs of the processor', () => {
  for (const [bytes, text, feature] of cases) {
    it(`${text}: ${feature ?? 'nothing'}`, () => {
      const code = Buffer.from(bytes, 'hex');
      const instruction = x86InstructionAt(code, 0, true);
      assert.equal(instruction?.end, code.length);
      assert.equal(needOfInstruction(code, 0, instruction)?.feature ?? null, feature);
    });
  }

  it('knows what asks the processor, and vectors of SSE', () => {
    const look = (bytes: string, by: typeof isOldVector) => {
      const code = Buffer.from(bytes, 'hex');
      return by(code, x86InstructionAt(code, 0, true) ?? assert.fail());
    };
    assert.ok(look('0fa2', asksProcessor));
    assert.ok(look('0f01d0', asksProcessor));
    assert.ok(!look('0f01f9', asksProcessor));
    assert.ok(look('660f6fc1', isOldVector));
    assert.ok(!look('c5f058c1', isOldVector));
    assert.ok(!look('0fb6c1', isOldVector));
  });
});
