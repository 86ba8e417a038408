import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { rules } from '../../rules/index.ts';
import { kindsOf } from '../../src/judge/exemptions.ts';
import { type BinaryKind, exemptionsOf, judgesBinaries } from '../../src/judge/rule.ts';

const programs: readonly BinaryKind[] = ['executable', 'static-executable', 'static-pie'];
const libraries: readonly BinaryKind[] = ['shared-library', 'executable-library'];
const loaded: readonly BinaryKind[] = [...programs, ...libraries, 'loader'];
const ofKernels: readonly BinaryKind[] = ['kernel', 'kernel-module'];
const freestanding: readonly BinaryKind[] = ['firmware', 'boot-code'];
const records: readonly BinaryKind[] = ['kernel-config', 'core', 'debug-only'];
const all: readonly BinaryKind[] = [...loaded, 'object', ...ofKernels, ...freestanding, ...records];

/** What these rules judge: they say nothing about every other kind. */
const judged: Readonly<Record<string, readonly BinaryKind[]>> = {
  'bind-now': loaded,
  'build-id': [...loaded, ...ofKernels, 'debug-only'],
  'compiler-flags': loaded,
  'control-flow-protection': [...loaded, 'object'],
  'fortify-source': [...loaded, 'object'],
  'kernel-config': ['kernel', 'kernel-config'],
  'kernel-retpoline': ofKernels,
  loadable: ['executable', 'shared-library'],
  'musl-linkage': ['executable', 'static-pie', ...libraries],
  'no-dangerous-imports': [...programs, ...libraries, 'object'],
  'no-debug-leak': loaded,
  'no-dlopen-surprise': loaded,
  'no-instrumentation': [...loaded, 'object'],
  'no-packer': loaded,
  'no-text-relocations': loaded,
  'no-writable-code': loaded,
  'non-executable-stack': [...loaded, 'object'],
  'not-writable': [...loaded, ...ofKernels, ...freestanding],
  'one-libc': ['executable'],
  pie: programs,
  'privileged-hardening': [...programs, 'executable-library', 'loader'],
  relro: loaded,
  'safe-needed': loaded,
  'safe-run-path': ['executable', ...libraries, 'loader'],
  'separate-code': loaded,
  'stack-clash-protection': loaded,
  'stack-protector': [...loaded, 'object', 'kernel-module'],
  'standard-interpreter': ['executable', ...libraries],
  'well-formed': loaded,
};

describe('a rule judges the kinds that it is made for, and exempts every other', () => {
  for (const [id, kinds] of Object.entries(judged)) {
    it(id, () => {
      const rule = rules.find((one) => one.id === id);
      assert.ok(rule !== undefined && judgesBinaries(rule));
      const exempt = new Set(exemptionsOf(rule).map(([kind]) => kind));
      const left = all.filter((kind) => !exempt.has(kind));
      assert.deepEqual(left.toSorted(), kinds.toSorted());
    });
  }
});

test('every exemption has its reason, as a sentence without a full stop', () => {
  const bad = rules.flatMap((rule) =>
    exemptionsOf(rule).filter(([, reason]) => !/^\S.*[^.\s]$/.test(reason)),
  );
  assert.deepEqual(bad, []);
});

test('exemptions are listed in one order, however a rule puts its groups together', () => {
  const orders = rules.map((rule) => exemptionsOf(rule).map(([kind]) => kind));
  const inOrder = all.filter((kind) => orders.some((order) => order.includes(kind)));
  for (const order of orders) {
    assert.deepEqual(
      order,
      inOrder.filter((kind) => order.includes(kind)),
    );
  }
});

test('a reason for a group can name each kind of it', () => {
  assert.deepEqual(
    kindsOf(['kernel-code'], (called) => `${called} uses no libc`),
    { kernel: 'the kernel uses no libc', 'kernel-module': 'a kernel module uses no libc' },
  );
});

test('what a rule has to say of one kind replaces what it says of the group', () => {
  const exempt = { ...kindsOf(['kernel-code'], 'shared'), 'kernel-module': 'its own' };
  assert.deepEqual(exempt, { kernel: 'shared', 'kernel-module': 'its own' });
});
