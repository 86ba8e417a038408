import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known } from '../../src/base/fact.ts';
import { ELFOSABI, EM, ET, PF, PT } from '../../src/elf/constants.ts';
import libc from '../../src/facts/libc.ts';
import system from '../../src/facts/system.ts';
import { otherSystemAlone } from '../../src/root/system/other-system.ts';
import { buildElf } from '../support/elf/elf-builder.ts';
import type { ElfDescription } from '../support/elf/elf-description.ts';

const systemOf = (description: ElfDescription) => system(buildElf(description).elf);

const glibc = '/lib64/ld-linux-x86-64.so.2';
const marked = {
  osAbi: ELFOSABI.FREEBSD,
  notes: [{ owner: 'FreeBSD', type: 1, description: Buffer.alloc(4) }],
} as const;

const table: readonly { readonly file: ElfDescription; readonly name: string }[] = [
  { file: { interpreter: glibc, needed: ['libc.so.6'] }, name: 'Linux' },
  { file: { interpreter: '/lib/ld-musl-x86_64.so.1', needed: ['libc.so'] }, name: 'Linux' },
  { file: { interpreter: '/system/bin/linker64', needed: ['libc.so'] }, name: 'Android' },
  { file: { interpreter: '/libexec/ld-elf.so.1', needed: ['libc.so.7'] }, name: 'FreeBSD' },
  { file: { interpreter: '/usr/libexec/ld.so', needed: ['libc.so.97.1'] }, name: 'OpenBSD' },
  { file: { interpreter: '/usr/libexec/ld.elf_so', needed: ['libc.so.12'] }, name: 'NetBSD' },
  { file: { interpreter: 'ld.so.1', needed: ['libfdio.so', 'libc.so'] }, name: 'Fuchsia' },
  { file: { needed: ['libc.so.7'] }, name: 'FreeBSD' },
  { file: { needed: ['libc.so.102.0'] }, name: 'OpenBSD' },
  { file: { needed: ['libzircon.so', 'libc.so'] }, name: 'Fuchsia' },
  { file: { needed: ['libc.so.0'] }, name: 'Linux' },
  // What Linux starts is a program of Linux, whatever it is marked for.
  { file: { interpreter: glibc, needed: ['libc.so.6'], ...marked }, name: 'Linux' },
  { file: { needed: ['libc.so.6'], ...marked }, name: 'Linux' },
  { file: { type: ET.EXEC, ...marked }, name: 'unknown' },
  { file: { type: ET.EXEC }, name: 'unknown' },
  { file: { interpreter: glibc, needed: ['libc.so.7'] }, name: 'unknown' },
  { file: { interpreter: '/libexec/ld-elf.so.1', needed: ['libc.so.6'] }, name: 'unknown' },
];

describe('the system of a file', () => {
  for (const { file, name } of table) {
    const shown = [file.interpreter, ...(file.needed ?? []), file.osAbi].filter(Boolean).join(' ');
    it(`is ${name}: ${shown || 'nothing said'}`, () => {
      assert.equal(systemOf({ machine: EM.X86_64, ...file }).name, name);
    });
  }

  it('names marks as evidence, and says why they decide nothing', () => {
    const { because, evidence } = systemOf({ machine: EM.X86_64, type: ET.EXEC, ...marked });
    assert.match(because ?? '', /marked for FreeBSD/);
    assert.deepEqual(
      evidence.map(({ what, saw }) => `${what} ${saw}`),
      ['EI_OSABI FreeBSD', 'note owner FreeBSD'],
    );
  });

  it('shows segments that only OpenBSD reads', () => {
    const file = {
      machine: EM.X86_64,
      interpreter: '/usr/libexec/ld.so',
      segments: [{ type: PT.OPENBSD_NOBTCFI, flags: PF.X }],
    } as const;
    const found = otherSystemAlone(known(systemOf(file)));
    assert.equal(found?.name, 'OpenBSD');
    assert.ok(found?.evidence.some(({ saw }) => saw === 'PT_OPENBSD_NOBTCFI'));
  });

  it('keeps its C library from being taken for one of Linux', () => {
    for (const needed of [
      ['libfdio.so', 'libc.so'],
      ['libc.so.7', 'libc.so.1'],
    ]) {
      const { elf } = buildElf({ machine: EM.X86_64, needed });
      assert.equal(libc(elf).name, 'unknown');
    }
  });
});
