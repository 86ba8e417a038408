import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EM, ET } from '../../src/elf/constants.ts';
import timeCalls from '../../src/facts/time-calls.ts';
import { buildElf } from '../support/elf/elf-builder.ts';

test('the names are sorted by what they exchange', () => {
  const { elf } = buildElf({
    bits: 32,
    machine: EM.I386,
    needed: ['libc.so.6'],
    symbols: ['time', '__mktime64', 'lstat64', 'puts'].map((name) => ({ name })),
  });
  assert.deepEqual(timeCalls(elf), {
    narrow: ['lstat64', 'time'],
    wide: ['__mktime64'],
    seenIn: 'undefined symbols',
  });
});

test('an object file shows its calls in .symtab', () => {
  const { elf } = buildElf({ bits: 32, machine: EM.ARM, type: ET.REL });
  assert.equal(timeCalls(elf)?.seenIn, 'undefined symbols');
});

test('machines of 64 bits have no calls to look at', () => {
  assert.equal(timeCalls(buildElf({ needed: ['libc.so.6'] }).elf), null);
});
