import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '../../src/base/errors.ts';
import type { Config } from '../../src/policy/config/config.ts';
import { mergeLayers } from '../../src/policy/config/layers.ts';
import { tighter } from '../../src/policy/config/tighter.ts';
import { judgedAgain, scanned } from '../support/policy/judged-again.ts';
import { render } from '../support/reports/render.ts';

const system = { glibc: '2.31', kernel: '5.10' };

describe('a saved report judged by another system', () => {
  for (const [name, from, to] of [
    ['as none was named before', { 'runs-on': {} }, { 'runs-on': system }],
    ['as another was named before', { 'runs-on': { glibc: '2.41' } }, { 'runs-on': system }],
  ] as const) {
    it(`says what a scan says, ${name}`, async () => {
      const direct = await render('json', await scanned(to));
      assert.match(direct, /it is linked with musl, and the system that is named has glibc/);
      assert.equal(await judgedAgain(from, true, to), direct);
    });
    it(`needs facts, ${name}`, async () => {
      await assert.rejects(
        judgedAgain(from, false, to),
        (error) =>
          error instanceof UsageError && /runs-on needs --facts or a scan/.test(error.message),
      );
    });
  }

  it('needs no facts where no system is named any more, or the same', async () => {
    assert.equal(
      await judgedAgain({ 'runs-on': system }, false, {}),
      await render('json', await scanned({})),
    );
    const same = { 'runs-on': system };
    assert.equal(await judgedAgain(same, false, same), await render('json', await scanned(same)));
  });
});

describe('a lock of runs-on', () => {
  const looser = (was: Config, is: Config) =>
    [...tighter['runs-on'](was, mergeLayers([{ config: was }, { config: is }]))].map(
      ({ setting }) => setting,
    );
  const locked: Config = { 'runs-on': { glibc: '2.31', cpu: 'x86-64-v2', page: '16k' } };
  for (const [part, value, want] of [
    ['glibc', '2.9', []],
    ['glibc', '2.34', ['runs-on.glibc']],
    ['cpu', 'x86-64-v1', []],
    ['cpu', 'x86-64-v3', ['runs-on.cpu']],
    ['page', '64k', []],
    ['page', '4k', ['runs-on.page']],
    ['kernel', '5.10', []],
    ['musl', '1.2.2', ['runs-on.musl']],
  ] as const)
    it(`${want.length === 0 ? 'allows' : 'refuses'} ${part} ${value} above it`, () => {
      assert.deepEqual(looser(locked, { 'runs-on': { [part]: value } }), want);
    });

  it('refuses a further part where a share of files must pass', () => {
    const shared: Config = { ...locked, gate: { coverage: { 'runs-on': 50 } } };
    assert.deepEqual(looser(shared, { 'runs-on': { kernel: '5.10' } }), ['runs-on.kernel']);
  });
});
