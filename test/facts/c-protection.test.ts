import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { stateOfC } from '../../src/facts/stack/c-protection.ts';

const cases = [
  {
    name: 'no function with a canary, and more than the toolchain brings',
    counts: { needing: 22, guarded: 0, ofToolchain: 20 },
    state: 'unprotected',
  },
  {
    name: 'none, but all may be those of the toolchain',
    counts: { needing: 20, guarded: 0, ofToolchain: 20 },
    state: 'few-functions',
  },
  {
    name: 'one of 22, though 20 may be those of the toolchain: a good share of two is not known',
    counts: { needing: 22, guarded: 1, ofToolchain: 20 },
    state: 'mixed',
  },
  {
    name: 'one of 22 without any of the toolchain',
    counts: { needing: 22, guarded: 1, ofToolchain: 0 },
    state: 'partial',
  },
  {
    name: 'a good share of all',
    counts: { needing: 22, guarded: 12, ofToolchain: 10 },
    state: 'protected',
  },
] as const;

describe('canaries of C in a static Go program', () => {
  for (const { name, counts, state } of cases) {
    it(`${name}: ${state}`, () => {
      const { needing, guarded, ofToolchain } = counts;
      const coverage = { functions: 60, needing, protected: guarded, needingProtected: guarded };
      assert.equal(stateOfC({ coverage, ofToolchain, unguardedFills: 0 }), state);
    });
  }
});
