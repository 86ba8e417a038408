import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { testSamples } from '../../test/support/verdicts/rule-cases.ts';
import { compare } from './compare.ts';
import rule from './rule.ts';

testSamples('kernel-config', rule, [
  {
    sample: 'x86_64-none-gcc-kernel-ikconfig',
    outcome: 'fail',
    severity: 'low',
    says: /^1 of 3 recommendations are not followed: DEBUG_WX$/,
  },
  {
    sample: 'x86_64-none-gcc-kernel-tiny',
    outcome: 'not-applicable',
    says: /^no configuration of it is there$/,
  },
  {
    sample: 'x86_64-none-gcc-module-bare',
    outcome: 'not-applicable',
    says: /^a module is built with the configuration of its kernel$/,
  },
]);

interface Case {
  readonly name: string;
  readonly architecture?: string;
  readonly options: Readonly<Record<string, string>>;
  readonly offered: number;
  /** Options, what weighs more first. */
  readonly missing: readonly string[];
}

const cases: readonly Case[] = [
  { name: 'an option without a line is not offered', options: {}, offered: 0, missing: [] },
  { name: 'what is set is followed', options: { DEBUG_WX: 'y' }, offered: 1, missing: [] },
  {
    name: 'what weighs comes first',
    options: { DEBUG_WX: 'n', HARDENED_USERCOPY: 'n' },
    offered: 2,
    missing: ['HARDENED_USERCOPY', 'DEBUG_WX'],
  },
  {
    name: 'an older name is as good',
    options: { CC_STACKPROTECTOR_STRONG: 'y', PAGE_TABLE_ISOLATION: 'y', DEBUG_RODATA: 'y' },
    offered: 3,
    missing: [],
  },
  {
    name: 'and as bad',
    options: { CC_STACKPROTECTOR_STRONG: 'n' },
    offered: 1,
    missing: ['STACKPROTECTOR_STRONG'],
  },
  {
    name: 'one of two that do the same is enough',
    options: { LIST_HARDENED: 'y', DEBUG_LIST: 'n' },
    offered: 1,
    missing: [],
  },
  {
    name: 'what rests on an option that should be there is missing with it',
    options: { UBSAN: 'n' },
    offered: 1,
    missing: ['UBSAN_BOUNDS'],
  },
  {
    name: 'without modules nothing is said of their signatures',
    options: { MODULES: 'n' },
    offered: 0,
    missing: [],
  },
  {
    name: 'what should be off is not, also as a module',
    options: { COMPAT_BRK: 'y', LEGACY_PTYS: 'm', SLAB_MERGE_DEFAULT: 'n' },
    offered: 3,
    missing: ['COMPAT_BRK', 'LEGACY_PTYS'],
  },
  {
    name: 'a fixed vDSO counts on x86',
    options: { COMPAT_VDSO: 'y' },
    offered: 1,
    missing: ['COMPAT_VDSO'],
  },
  {
    name: 'on arm64 the name means another thing',
    architecture: 'arm64',
    options: { COMPAT_VDSO: 'y' },
    offered: 0,
    missing: [],
  },
  {
    name: 'the lowest address is by machine',
    options: { DEFAULT_MMAP_MIN_ADDR: '32768' },
    offered: 1,
    missing: ['DEFAULT_MMAP_MIN_ADDR'],
  },
  {
    name: 'and less is enough on arm64',
    architecture: 'arm64',
    options: { DEFAULT_MMAP_MIN_ADDR: '32768' },
    offered: 1,
    missing: [],
  },
];

describe('a configuration is compared with the recommendations', () => {
  for (const { name, architecture = 'x86', options, offered, missing } of cases) {
    it(name, () => {
      const found = compare({ version: '6.1.0', architecture, options });
      assert.equal(found.offered, offered);
      assert.deepEqual(
        found.missing.map(({ recommendation: { option } }) => option),
        missing,
      );
    });
  }
});
