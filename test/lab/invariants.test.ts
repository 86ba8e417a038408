import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { judgeFile } from '../../lab/marks/judge-marks.ts';
import { comparePairs, type OutcomesByRule } from '../../lab/matrix/pairs.ts';
import { overruled } from '../../lab/plain/plain-reading.ts';
import { DamagedInput } from '../../src/base/errors.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { repositoryRoot } from '../support/repository.ts';

const folder = join(repositoryRoot, 'samples/elf');
const samples = readdirSync(folder)
  .filter((name) => !name.endsWith('.md') && statSync(join(folder, name)).isFile())
  .map((name) => {
    const file = readFileSync(join(folder, name));
    return { name, file, verdicts: judgeFile(file).verdicts };
  });

describe('protection', () => {
  it('never makes a verdict of the samples worse', () => {
    const outcomes = new Map(
      samples.map(({ name, verdicts }) => [
        name,
        new Map(verdicts.map(({ rule, outcome }) => [rule, outcome])),
      ]),
    );
    const { pairs, worse } = comparePairs(outcomes);
    assert.ok(pairs >= 20, `${pairs} pairs`);
    assert.deepEqual(worse, []);
  });

  it('that makes a verdict worse is reported', () => {
    const { pairs, worse } = comparePairs(
      new Map<string, OutcomesByRule>([
        ['a-ssp-none-b', new Map([['pie', 'pass']])],
        ['a-ssp-strong-b', new Map([['pie', 'unknown']])],
      ]),
    );
    assert.equal(pairs, 1);
    assert.deepEqual(worse, ['a-ssp-none-b: pie is pass, and unknown with ssp-strong']);
  });
});

describe('a verdict that is better than a reading of headers and names', () => {
  const found = samples.flatMap(({ name, file, verdicts }) => {
    try {
      return overruled(readElf(bytesOf(file)), verdicts).map((each) => ({ name, ...each }));
    } catch (error) {
      if (error instanceof DamagedInput) return [];
      throw error;
    }
  });

  it('shows mapped bytes that overrule it', () => {
    const without = found.filter(({ evidence }) => evidence.length === 0);
    assert.deepEqual(
      without.map(({ name, rule }) => `${name}: ${rule}`),
      [],
    );
  });

  it('is never one of pie or the stack, but of what starts by no kernel as a program', () => {
    const wrong = found.filter(
      ({ rule, outcome }) =>
        (rule === 'pie' || rule === 'non-executable-stack') && outcome === 'pass',
    );
    assert.deepEqual(
      wrong.map(({ name, rule, plain }) => `${name}: ${rule}, ${plain}`),
      [],
    );
  });

  it('covers these rules and readings alone', () => {
    const counts = new Map<string, number>();
    for (const { rule, plain, outcome } of found) {
      const key = `${rule}, ${plain}: ${outcome}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    assert.deepEqual([...counts.keys()].sort(), [
      'fortify-source, no *_chk: not-applicable',
      'non-executable-stack, PT_GNU_STACK with X: not-applicable',
      'non-executable-stack, no PT_GNU_STACK: not-applicable',
      'pie, ET_EXEC: not-applicable',
      'relro, PT_GNU_RELRO without BIND_NOW: not-applicable',
      'relro, PT_GNU_RELRO without BIND_NOW: pass',
      'relro, no PT_GNU_RELRO: not-applicable',
      'stack-protector, no __stack_chk_fail: not-applicable',
      'stack-protector, no __stack_chk_fail: pass',
    ]);
    const fixed = found.filter(({ rule, outcome }) => rule === 'pie' && outcome !== 'pass');
    assert.deepEqual(
      fixed
        .map(({ name }) => name)
        .filter((name) => !/kernel|firmware|cortexm|boot|grub|avr|bare/.test(name)),
      [],
      'kernels, and code that no Linux starts',
    );
  });
});
