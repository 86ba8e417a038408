import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '../../src/base/errors.ts';
import type { RequiredSystem } from '../../src/base/required-system.ts';
import { compareReports } from '../../src/diff/compare-reports.ts';
import type { Config } from '../../src/policy/config/config.ts';
import { enforceLocksOnImages } from '../../src/policy/config/image-locks.ts';
import { configsFor } from '../../src/policy/config/images.ts';
import { mergeLayers } from '../../src/policy/config/layers.ts';
import { tighter } from '../../src/policy/config/tighter.ts';
import type { Report } from '../../src/report/report.ts';
import { judgedAgain, scanned } from '../support/policy/judged-again.ts';
import type { PlainConfig } from '../support/policy/random-config.ts';
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

describe('an entry of images: with runs-on', () => {
  const older = { 'runs-on': { kernel: '3.1', glibc: '2.17' } };
  const systems = ({ targets }: Report) =>
    targets.flatMap(({ binaries }) =>
      binaries.map(({ facts: { requiredSystem } }) =>
        requiredSystem.known ? requiredSystem.value : 'unknown',
      ),
    );
  const verdicts = ({ targets }: Report) =>
    targets.flatMap(({ binaries }) =>
      binaries.map(({ verdicts: all }) => all.find(({ rule }) => rule === 'runs-on')?.message),
    );

  it('is for the images that it selects', async () => {
    const found = await scanned({ images: [{ image: 'sample/**', ...older }] });
    assert.deepEqual(new Set(systems(found)), new Set([older['runs-on']]));
    assert.deepEqual(verdicts(found), verdicts(await scanned(older)));
  });

  it('is not for others', async () => {
    const found = await scanned({ images: [{ image: 'other/**', ...older }], 'runs-on': system });
    assert.deepEqual(new Set(systems(found)), new Set([system]));
  });

  it('names some parts, and the others stay', async () => {
    const found = await scanned({
      'runs-on': system,
      images: [{ image: 'sample/**', 'runs-on': { kernel: '6.1' } }],
    });
    assert.deepEqual(
      new Set(systems(found).map((each) => JSON.stringify(each))),
      new Set([JSON.stringify({ glibc: '2.31', kernel: '6.1' })]),
    );
  });

  it('is asked of a saved report as of a scan', async () => {
    const to = { images: [{ image: 'sample/**', ...older }] };
    assert.equal(await judgedAgain({}, true, to), await render('json', await scanned(to)));
    assert.equal(await judgedAgain(to, true, {}), await render('json', await scanned({})));
  });
});

describe('two reports by different systems', () => {
  const noticesOf = async (old: PlainConfig, fresh: PlainConfig) =>
    compareReports(await scanned(old), await scanned(fresh)).notices.filter((text) =>
      text.startsWith('runs-on'),
    );

  it('are compared with a remark', async () => {
    const [notice] = await noticesOf({ 'runs-on': { glibc: '2.31' } }, { 'runs-on': system });
    assert.match(
      notice ?? '',
      /^runs-on judged the two sides of \S+ by different systems: glibc 2\.31 before, glibc 2\.31, kernel 5\.10 now\. /,
    );
    const [first] = await noticesOf({}, { 'runs-on': system });
    assert.match(first ?? '', /: none before, glibc 2\.31, kernel 5\.10 now/);
  });

  it('are compared without one where the systems are the same', async () => {
    assert.deepEqual(await noticesOf({ 'runs-on': system }, { 'runs-on': system }), []);
    assert.deepEqual(await noticesOf({}, {}), []);
  });
});

describe('a lock of runs-on', () => {
  const images = (layers: readonly Config[]) =>
    enforceLocksOnImages(
      layers.map((config, at) => ({
        config,
        originOf: () => `${at}.yaml`,
        placeOf: () => `${at}.yaml:1:1`,
      })),
    );
  const at = (file: string) => ({ file, line: 1, column: 1 });
  const entry = (runsOn: RequiredSystem): Config => ({
    images: [{ at: at('x.yaml'), value: { image: ['a/*'], 'runs-on': runsOn } }],
  });
  const org: Config = {
    'runs-on': { glibc: '2.31' },
    locked: [{ at: at('0.yaml'), value: 'runs-on' }],
  };

  it('is loosened by no entry of images: above it', () => {
    assert.throws(() => images([org, entry({ glibc: '2.36' })]), /runs-on\.glibc/);
    assert.doesNotThrow(() => images([org, entry({ glibc: '2.28' })]));
  });

  it('keeps an entry below it, whatever all images have above it', () => {
    const below = { ...org, ...entry({ glibc: '2.17' }) };
    const [, above] = configsFor([below, { 'runs-on': { glibc: '2.28' } }], () => true);
    assert.deepEqual(above?.['runs-on'], {});
    const [, tighterOne] = configsFor([below, { 'runs-on': { glibc: '2.12' } }], () => true);
    assert.deepEqual(tighterOne?.['runs-on'], { glibc: '2.12' });
  });

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
