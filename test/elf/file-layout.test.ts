import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failedRules, sampleBinary } from '../support/verdicts/verdicts-of.ts';

/** Bytes of the file header that the kernels of a machine do not look at. */
interface Edit {
  readonly name: string;
  readonly at: number;
  readonly bytes: readonly number[];
}

const classes: readonly Edit[] = [0, 1, 2, 7, 255].map((value) => ({
  name: `EI_CLASS ${value}`,
  at: 4,
  bytes: [value],
}));
const orders: readonly Edit[] = [0, 1, 2, 9, 255].map((value) => ({
  name: `EI_DATA ${value}`,
  at: 5,
  bytes: [value],
}));
const rest: readonly Edit[] = [
  { name: 'EI_VERSION and EI_OSABI', at: 6, bytes: [9, 9, 9] },
  { name: 'EI_CLASS and EI_DATA', at: 4, bytes: [9, 9] },
  { name: 'e_version', at: 20, bytes: [9, 9, 9, 9] },
];

const samples = [
  'x86_64-glibc-gcc-nopie-bare',
  'x86_64-musl-gcc-nopie-bare',
  'x86_64-glibc-gcc-static-none-stripped',
  'x86_64-musl-gcc-static-none-stripped',
  'x86_64-musl-gcc-staticpie-none-stripped',
  'i386-glibc-gcc-nopie-bare',
  'i386-glibc-gcc-lib-textrel',
  'aarch64-glibc-gcc-nopie-bare',
  'ppc64le-glibc-gcc-nopie-bare',
  'arm-glibc-gcc-nopie-bare',
  'riscv64-glibc-gcc-nopie-bare',
  'mips-glibc-gcc-nopie-bare',
  's390x-glibc-gcc-nopie-bare',
];

for (const sample of samples) {
  describe(`identification bytes that Linux ignores change no verdict of ${sample}`, () => {
    const original = sampleBinary(sample);
    const failed = failedRules(original);
    for (const { name, at, bytes } of [...classes, ...orders, ...rest]) {
      it(name, () => {
        const edited = Buffer.from(original);
        edited.set(bytes, at);
        const now = failedRules(edited);
        const isOther = edited[4] !== original[4] || edited[5] !== original[5];
        const added = isOther && !failed.includes('well-formed') ? ['well-formed'] : [];
        assert.deepEqual(now.toSorted(), [...failed, ...added].toSorted());
      });
    }
  });
}

describe('a number that Linux takes for another machine changes no verdict', () => {
  for (const [sample, number] of [
    ['i386-glibc-gcc-nopie-bare', [6, 0]],
    ['i386-musl-gcc-staticpie-strong-stripped', [6, 0]],
    ['s390x-glibc-gcc-nopie-bare', [0xa3, 0x90]],
  ] as const) {
    it(sample, () => {
      const original = sampleBinary(sample);
      const edited = Buffer.from(original);
      edited.set(number, 18);
      const wanted = [...failedRules(original), 'well-formed'];
      assert.deepEqual(failedRules(edited).toSorted(), wanted.toSorted());
    });
  }
});

/** Puts a 32-bit program into a 64-bit one: its header fields lie in e_shoff and the upper half of e_entry. */
function withDecoy(program: Buffer, decoy: Buffer): Buffer {
  const table = decoy.subarray(decoy.readUInt32LE(28));
  const count = decoy.readUInt16LE(44);
  const merged = Buffer.concat([program, table.subarray(0, count * 32)]);
  merged[4] = 1;
  merged.writeUInt32LE(program.length, 28);
  merged.writeUInt32LE(32 << 16, 40);
  merged.writeUInt32LE(count, 44);
  return merged;
}

describe('a file that is two programs is judged by the one that runs', () => {
  const decoy = sampleBinary('i386-glibc-gcc-pie-hardened');
  for (const sample of [
    'x86_64-glibc-gcc-nopie-bare',
    'x86_64-musl-gcc-nopie-bare',
    'x86_64-glibc-clang-nopie-bare',
    'x86_64-glibc-gcc-pie-execstack',
  ]) {
    it(sample, () => {
      const original = sampleBinary(sample);
      const now = failedRules(withDecoy(original, decoy));
      const missing = failedRules(original).filter((rule) => !now.includes(rule));
      assert.deepEqual(missing, []);
      assert.ok(now.includes('well-formed'));
    });
  }
});
