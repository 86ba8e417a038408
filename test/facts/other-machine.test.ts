import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { DamagedInput } from '../../src/base/errors.ts';
import { EM, ET } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { extractFacts } from '../../src/extraction/extract-facts.ts';
import { otherMachine } from '../../src/facts/file/other-machine.ts';
import { buildElf, type ElfDescription } from '../support/elf/elf-builder.ts';
import { repositoryRoot } from '../support/repository.ts';
import { sampleBinary } from '../support/verdicts/verdicts-of.ts';

const wide = {
  AARCH64: EM.AARCH64,
  RISCV: EM.RISCV,
  LOONGARCH: EM.LOONGARCH,
  PPC64: EM.PPC64,
  S390: EM.S390,
  MIPS: EM.MIPS,
  X86_64: EM.X86_64,
};

/** Programs without a loader and libraries, of which e_machine is the only byte that says what they are for. */
const files = [
  { name: 'x86_64-glibc-gcc-static-none-stripped', is: EM.X86_64, how: /its code is that of x86/ },
  { name: 'x86_64-musl-gcc-static-none-stripped', is: EM.X86_64, how: /its code is that of x86/ },
  { name: 'x86_64-none-go-static-stripped', is: EM.X86_64, how: /its code is that of x86/ },
  { name: 'x86_64-musl-gcc-staticpie-none-stripped', is: EM.X86_64, how: /of x86/ },
  { name: 'x86_64-musl-gcc-lib-hardened', is: EM.X86_64, how: /its relocations are those of x86/ },
  { name: 'x86_64-glibc-gcc-lib-bare', is: EM.X86_64, how: /its relocations are those of x86/ },
  { name: 'aarch64-musl-gcc-static-none-stripped', is: EM.AARCH64, how: /that of AArch64/ },
  { name: 'aarch64-musl-gcc-staticpie-strong-stripped', is: EM.AARCH64, how: /of AArch64/ },
  { name: 'aarch64-musl-gcc-lib-hardened', is: EM.AARCH64, how: /those of AArch64/ },
];

function saying(name: string, machine: number): Buffer {
  const copy = Buffer.from(sampleBinary(name));
  copy.writeUInt16LE(machine, 18);
  return copy;
}

function acceptanceOf(buffer: Buffer) {
  const { acceptance } = extractFacts(buffer, new Set(['acceptance']));
  assert.ok(acceptance.known);
  return acceptance.value;
}

describe('a file whose e_machine is another machine than that of its code', () => {
  for (const { name, is, how } of files) {
    for (const [title, machine] of Object.entries(wide)) {
      // Relocations of MIPS have another form.
      const isTold = machine !== EM.MIPS || !name.includes('-lib-');
      if (machine === is || !isTold) continue;
      it(`${name} that says ${title} is taken by nothing`, () => {
        const { by, refusal } = acceptanceOf(saying(name, machine));
        assert.equal(by, 'nothing');
        assert.match(refusal ?? '', how);
      });
    }
  }

  it('has no fact that could be read by the wrong machine', () => {
    const facts = extractFacts(
      saying('x86_64-musl-gcc-lib-hardened', EM.AARCH64),
      new Set(['stackProtector', 'relro', 'bindNow', 'kind']),
    );
    for (const name of ['stackProtector', 'relro', 'bindNow', 'kind'] as const)
      assert.equal(facts[name].known, false, name);
  });

  it('is mapped by the loader of musl, which does not look at it', () => {
    const library = saying('x86_64-musl-gcc-lib-hardened', EM.RISCV);
    assert.equal(acceptanceOf(library).mappedByMusl, true);
  });
});

describe('a file that is for the machine that it says', () => {
  it('is every sample', () => {
    const folder = join(repositoryRoot, 'samples/elf');
    let count = 0;
    for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((e) => e.isFile())) {
      const buffer = readFileSync(join(folder, name));
      if (buffer.toString('latin1', 0, 4) !== '\x7fELF') continue;
      assert.equal(reasonOf(buffer), null, name);
      count += 1;
    }
    assert.ok(count > 200);
  });

  /** Each holds what another machine's code could be recognised by, and what its own is recognised by. */
  const own: readonly { readonly name: string; readonly input: ElfDescription }[] = [
    { name: 'has no relocations but R_*_NONE', input: { relocations: [relocation(0)] } },
    {
      name: 'has one relocation that its loaders know among those of x86-64',
      input: { machine: EM.AARCH64, relocations: [relocation(8), relocation(1027)] },
    },
    {
      name: 'has relocations that no loader knows',
      input: { machine: EM.AARCH64, relocations: [relocation(99)] },
    },
    {
      name: 'is for a machine of which nothing is known',
      input: { machine: EM.SPARCV9, relocations: [relocation(8)] },
    },
  ];
  for (const { name, input } of own) {
    it(name, () => {
      assert.equal(reasonOf(buildElf({ type: ET.DYN, ...input }).buffer), null);
    });
  }
});

function relocation(type: number) {
  return { type, at: { word: 0 } } as const;
}

function reasonOf(buffer: Buffer): string | null {
  try {
    return otherMachine(readElf(bytesOf(buffer)));
  } catch (error) {
    if (error instanceof DamagedInput) return null;
    throw error;
  }
}
