import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Outcome } from '../../src/base/verdict.ts';
import { PT } from '../../src/elf/constants.ts';
import { changedElf, type ElfEdit } from '../support/elf/elf-edits.ts';
import type { Things } from '../support/roots/root-builder.ts';
import { verdictIn } from '../support/verdicts/verdict-in-root.ts';
import { sampleBinary } from '../support/verdicts/verdicts-of.ts';
import { glibcLoader, glibcPath, muslLoader, muslPath } from './loader/processes.ts';

const program = sampleBinary('x86_64-glibc-gcc-pie-hardened');
const still = sampleBinary('x86_64-musl-gcc-static-none-stripped');
const library = sampleBinary('x86_64-glibc-gcc-lib-hardened');
const executable = { mode: 0o755 };
const glibc = { [glibcPath]: { ...glibcLoader(['/lib']), ...executable } };
const musl = { [muslPath]: { ...muslLoader(), ...executable } };

function byte(at: number, value: number) {
  return ({ bytes }: ElfEdit): void => {
    bytes[at] = value;
  };
}

function segment(type: number, field: 'filesz' | 'address', changed: (value: bigint) => bigint) {
  return ({ segments }: ElfEdit): void => {
    const found = segments().find((each) => each.get('type') === BigInt(type));
    assert.ok(found);
    found.set(field, changed(found.get(field)));
  };
}

interface Damage {
  readonly name: string;
  readonly edit: (edit: ElfEdit) => void;
  readonly file?: Buffer;
  readonly mode?: number;
  readonly root?: Things;
  readonly outcome: Outcome;
  readonly says: RegExp;
}

const noType = byte(16, 0);
const otherSize = byte(54, 57);

/** Each was started by Linux 6.18: what fails here did not start. */
const cases: readonly Damage[] = [
  { name: 'of no type', edit: noType, outcome: 'fail', says: /e_type is 0x0/ },
  { name: 'with another e_phentsize', edit: otherSize, outcome: 'fail', says: /e_phentsize is 57/ },
  {
    name: 'with another e_phentsize, under musl',
    edit: otherSize,
    root: musl,
    outcome: 'fail',
    says: /e_phentsize is 57/,
  },
  {
    name: 'for another machine, under musl, which does not look at that',
    edit: byte(18, 8),
    root: musl,
    outcome: 'fail',
    says: /e_machine says MIPS/,
  },
  {
    name: 'with a segment that no address holds',
    edit: segment(PT.LOAD, 'address', () => 0xffff_0000_0000_0000n),
    outcome: 'fail',
    says: /it will not start under Linux/,
  },
  {
    name: 'with a loader of one byte',
    edit: segment(PT.INTERP, 'filesz', () => 1n),
    outcome: 'fail',
    says: /PT_INTERP has 1 bytes/,
  },
  {
    name: 'with a loader without its NUL',
    edit: segment(PT.INTERP, 'filesz', (size) => size - 1n),
    outcome: 'fail',
    says: /PT_INTERP does not end with NUL/,
  },
  {
    name: 'with a loader of 8 KB',
    edit: segment(PT.INTERP, 'filesz', () => 8192n),
    outcome: 'fail',
    says: /PT_INTERP has 8192 bytes/,
  },
  {
    name: 'without a known type, and not executable',
    edit: noType,
    mode: 0o644,
    outcome: 'not-applicable',
    says: /no one has permission to execute it/,
  },
  {
    name: 'of no type, static',
    file: still,
    edit: noType,
    outcome: 'not-applicable',
    says: /names no loader, and Linux does not start it: e_type is 0x0/,
  },
  {
    name: 'of no type, a library',
    file: library,
    edit: noType,
    outcome: 'not-applicable',
    says: /names no loader/,
  },
];

describe('loadable of a program whose kind is not known: what Linux refuses does not start, whatever it is', () => {
  for (const { name, edit, file = program, mode = 0o755, root = glibc, outcome, says } of cases)
    it(`${name}: ${outcome}`, () => {
      const app = { bytes: changedElf(file, edit), mode };
      const verdict = verdictIn({ ...root, '/opt/app': app }, '/opt/app', null, 'loadable');
      assert.equal(verdict.outcome, outcome, verdict.message);
      assert.match(verdict.message, says);
    });

  for (const rule of ['pie', 'relro'])
    it(`${rule} of it stays unknown by damage`, () => {
      const app = { bytes: changedElf(program, noType), ...executable };
      const verdict = verdictIn({ ...glibc, '/opt/app': app }, '/opt/app', null, rule);
      assert.equal(verdict.outcome, 'unknown');
      assert.equal(verdict.undecidedBy, 'damage');
    });
});
