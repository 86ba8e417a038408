import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known } from '../../src/base/fact.ts';
import type { OwnLists } from '../../src/base/own-lists.ts';
import type { Outcome } from '../../src/base/verdict.ts';
import { EM, ET } from '../../src/elf/constants.ts';
import type { Elf } from '../../src/elf/model.ts';
import { buildElf } from '../../test/support/elf/elf-builder.ts';
import { verdictOf } from '../../test/support/verdicts/verdict-of.ts';
import { sampleElf } from '../../test/support/verdicts/verdicts-of.ts';
import rule from './rule.ts';

const origin = 'hullcheck.yaml:3';
const needing = (...names: readonly string[]): OwnLists => ({ needed: { names, origin } });
const exporting = (...names: readonly string[]): OwnLists => ({ exports: { names, origin } });
const denying = (...names: readonly string[]): OwnLists => ({
  denied: [{ names, reason: 'banned', origin }],
});

const program = buildElf({
  machine: EM.X86_64,
  interpreter: '/lib64/ld-linux-x86-64.so.2',
  needed: ['libc.so.6', 'libz.so.1', '/opt/acme/libc.so.6'],
  symbols: [
    { name: 'gets', version: 'GLIBC_2.2.5', library: 'libc.so.6' },
    { name: 'memcpy', version: 'GLIBC_2.14', library: 'libc.so.6' },
    { name: 'a/gets' },
    { name: 'frob', defined: true },
    { name: 'frob_inner', defined: true },
  ],
}).elf;
const muslProgram = buildElf({
  machine: EM.X86_64,
  interpreter: '/lib/ld-musl-x86_64.so.1',
  needed: ['libc.musl-x86_64.so.1', 'libpthread.so.0'],
  symbols: [{ name: 'puts' }],
}).elf;
const withSymbols = buildElf({
  machine: EM.X86_64,
  type: ET.EXEC,
  isDynamic: false,
  base: 0x400000,
  code: Buffer.concat([Buffer.from('\0No error information\0'), Buffer.alloc(3000, 0x90)]),
  staticSymbols: ['main', 'memcpy'].map((name) => ({
    ...{ name, defined: true, value: 0x400200, size: 2500 },
  })),
}).elf;
const object = buildElf({ type: ET.REL, staticSymbols: [{ name: 'gets' }] }).elf;

interface Case {
  readonly name: string;
  readonly elf: Elf;
  readonly lists: OwnLists | null;
  readonly outcome: Outcome;
  readonly says: RegExp;
}

const cases: readonly Case[] = [
  {
    name: 'says nothing where no list concerns the file',
    elf: program,
    lists: null,
    outcome: 'not-applicable',
    says: /^no list of the policy concerns it/,
  },
  {
    name: 'passes libraries of the list',
    elf: program,
    lists: needing('libc.so.*', 'libz.so.1', '/opt/acme/*'),
    outcome: 'pass',
    says: /^needs only libraries of the list$/,
  },
  {
    name: 'allows no path by a name',
    elf: program,
    lists: needing('lib*'),
    outcome: 'fail',
    says: /^needs \/opt\/acme\/libc\.so\.6, which allow\.needed at hullcheck\.yaml:3 does not have$/,
  },
  {
    name: 'allows nothing by a list of no names',
    elf: program,
    lists: needing(),
    outcome: 'fail',
    says: /^needs libc\.so\.6, libz\.so\.1 and \/opt\/acme\/libc\.so\.6, which/,
  },
  {
    name: 'knows every name of the libc of musl by one of them',
    elf: muslProgram,
    lists: needing('libc.musl-*.so.1'),
    outcome: 'pass',
    says: /^needs only/,
  },
  {
    name: 'does not take names of musl for one library in a program of glibc',
    elf: buildElf({
      machine: EM.X86_64,
      interpreter: '/lib64/ld-linux-x86-64.so.2',
      needed: ['libc.so.6', 'libm.so.6'],
    }).elf,
    lists: needing('libc.so.6'),
    outcome: 'fail',
    says: /^needs libm\.so\.6, which/,
  },
  {
    name: 'fails an import that is denied, with the place and the reason',
    elf: program,
    lists: denying('gets'),
    outcome: 'fail',
    says: /^imports gets, denied by hullcheck\.yaml:3: banned$/,
  },
  {
    name: 'fails a version that is denied, and no other',
    elf: program,
    lists: denying('memcpy@GLIBC_2.14', 'gets@GLIBC_2.34'),
    outcome: 'fail',
    says: /^imports memcpy, denied/,
  },
  {
    name: 'passes what imports nothing of it',
    elf: program,
    lists: denying('system', 'popen'),
    outcome: 'pass',
    says: /^imports nothing that is denied$/,
  },
  {
    name: 'sees what an object file leaves to the link',
    elf: object,
    lists: denying('gets'),
    outcome: 'fail',
    says: /^imports gets, denied/,
  },
  {
    name: 'says nothing of what an object file needs',
    elf: object,
    lists: needing('libc.so.6'),
    outcome: 'not-applicable',
    says: /are of linked files$/,
  },
  {
    name: 'does not know what a stripped static program calls',
    elf: sampleElf('x86_64-musl-gcc-staticpie-strong-stripped'),
    lists: denying('gets'),
    outcome: 'unknown',
    says: /^what a static program without \.symtab calls is not known$/,
  },
  {
    name: 'does not know who calls a function in a static program with symbols',
    elf: withSymbols,
    lists: denying('memcpy'),
    outcome: 'unknown',
    says: /^contains memcpy, and whether only its C library calls that is not known$/,
  },
  {
    name: 'passes a static program with symbols that has no such function',
    elf: withSymbols,
    lists: denying('gets', 'rexec'),
    outcome: 'pass',
    says: /^imports nothing that is denied$/,
  },
  {
    name: 'passes a static program that has no C library',
    elf: sampleElf('x86_64-none-go-static-stripped'),
    lists: { ...denying('gets'), ...needing() },
    outcome: 'pass',
    says: /^needs no library and imports nothing, and has no C library$/,
  },
  {
    name: 'fails exports beyond the list',
    elf: program,
    lists: exporting('frob'),
    outcome: 'fail',
    says: /^exports frob_inner, which allow\.exports at hullcheck\.yaml:3 does not have$/,
  },
  {
    name: 'passes exports of the list',
    elf: program,
    lists: exporting('frob*'),
    outcome: 'pass',
    says: /^exports only symbols of the list$/,
  },
  {
    name: 'fails what one list fails, whatever another says',
    elf: program,
    lists: { ...exporting('frob*'), ...denying('gets') },
    outcome: 'fail',
    says: /^imports gets/,
  },
];

describe('own-lists', () => {
  for (const { name, elf, lists, outcome, says } of cases) {
    it(name, () => {
      const verdict = verdictOf(rule, elf, { ownLists: known(lists) });
      assert.equal(verdict.outcome, outcome, verdict.message);
      assert.match(verdict.message, says);
      if (outcome === 'fail') assert.notDeepEqual(verdict.evidence, []);
    });
  }

  it('shows a bounded part of very many exports', () => {
    const symbols = Array.from({ length: 400 }, (_, at) => ({ name: `s${at}`, defined: true }));
    const verdict = verdictOf(rule, buildElf({ symbols }).elf, { ownLists: known(exporting()) });
    assert.match(verdict.message, /^exports s0, s1, s10 and 397 more, which/);
    assert.deepEqual(verdict.evidence.at(-1), { what: 'more like these', saw: '350' });
    assert.equal(verdict.degree?.faults?.length, 50);
  });
});
