import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import muslLinkage from '../../rules/musl-linkage/rule.ts';
import stack from '../../rules/non-executable-stack/rule.ts';
import { known } from '../../src/base/fact.ts';
import { EM, ET } from '../../src/elf/constants.ts';
import kind from '../../src/facts/kind.ts';
import libc from '../../src/facts/libc.ts';
import machine from '../../src/facts/machine.ts';
import stackSegment from '../../src/facts/stack-segment.ts';
import system from '../../src/facts/system.ts';
import { otherSystemAlone } from '../../src/root/system/other-system.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { ElfDescription } from '../support/elf/elf-description.ts';

/** The loader, and what a program without PT_GNU_STACK gets. */
const loaders = {
  OpenBSD: ['/usr/libexec/ld.so', 'not-applicable'],
  FreeBSD: ['/libexec/ld-elf.so.1', 'fail'],
  NetBSD: ['/usr/libexec/ld.elf_so', 'not-applicable'],
  'DragonFly BSD': ['/usr/libexec/ld-elf.so.2', 'unknown'],
  Solaris: ['/lib/amd64/ld.so.1', 'unknown'],
  Fuchsia: ['ld.so.1', 'not-applicable'],
} as const;

const ofStack = (description: ElfDescription) => {
  const { elf } = buildElf(description);
  return stack.check({
    stackSegment: stackSegment(elf),
    kind: kind(elf),
    libc: libc(elf),
    machine: machine(elf),
    otherSystem: otherSystemAlone(known(system(elf))),
  });
};

describe('the loader of another system', () => {
  for (const [name, [interpreter, stackOf]] of Object.entries(loaders)) {
    const program = {
      type: ET.EXEC,
      machine: EM.X86_64,
      interpreter,
      needed: ['libc.so'],
    } as const;
    it(`makes a program one of neither musl nor glibc: ${name}`, () => {
      const { elf } = buildElf(program);
      assert.equal(libc(elf).name, 'unknown');
      const verdict = muslLinkage.check({
        linkage: { where: 'bare-file' },
        placement: { where: 'bare-file' },
        libc: libc(elf),
        interpreter,
        needed: ['libc.so'],
        machine: machine(elf),
        kind: kind(elf),
        otherSystem: otherSystemAlone(known(system(elf))),
        judgedAsStart: false,
      });
      assert.equal(verdict.outcome, 'not-applicable');
    });
    it(`judges its stack by the rules of that system: ${name}`, () => {
      assert.equal(ofStack(program).outcome, stackOf);
    });
  }

  it('is not that of glibc, where the name is the same on another machine', () => {
    const interpreter = '/lib/ld.so.1';
    const { elf } = buildElf({ machine: EM.MIPS, interpreter, needed: ['libc.so.6'] });
    assert.equal(libc(elf).name, 'glibc');
  });
});

describe('a library of uClibc', () => {
  const library = { needed: ['libc.so.0'], machine: EM.MIPS, bits: 32, byteOrder: 'big' } as const;
  it('is not judged by PT_GNU_STACK, which its loader does not read', () => {
    assert.equal(libc(buildElf(library).elf).name, 'uclibc');
    const verdict = ofStack(library);
    assert.equal(verdict.outcome, 'not-applicable');
  });
});
