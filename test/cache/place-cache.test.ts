import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { rules } from '../../rules/index.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import type { CatalogContext } from '../../src/cache/layer-cache.ts';
import { type PlaceCache, placeCache } from '../../src/cache/place-cache.ts';
import { extract } from '../../src/extraction/extract-facts.ts';
import type { OtherDigests } from '../../src/extraction/extraction.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import { scan } from '../../src/scan/scan.ts';
import { plainInput } from '../../src/scan/scan-options.ts';
import { rootTarget } from '../../src/sources/root/root-target.ts';
import type { Target } from '../../src/sources/source.ts';
import { sampleBinary } from '../support/verdicts/verdicts-of.ts';

/** A store in memory, and what was written to it. */
function memoryStore() {
  const entries = new Map<string, Buffer>();
  return {
    entries,
    async read(key: string) {
      return entries.get(key) ?? null;
    },
    async write(key: string, content: Buffer) {
      entries.set(key, content);
    },
  };
}

const large = (fill: number) => Buffer.concat([sample, Buffer.alloc(1024 * 1024, fill)]);
const sample = sampleBinary('x86_64-glibc-gcc-nopie-bare');
const context: CatalogContext = { limits: defaultLimits, wanted: new Set(['kind']) };
const placeAt = (name: string, scheme = 'dir'): Target =>
  rootTarget(name, scheme, null, () => assert.fail('nothing is read'));
const contentOf = (bytes: Buffer, others: OtherDigests = {}) => ({
  look: 'as a program',
  extraction: { ...extract(bytes, new Set(['kind'])), others },
});

async function openPlace(cache: PlaceCache, target = placeAt('root'), given = context) {
  return (await cache.open(target, given)) ?? assert.fail('a place has facts');
}

async function keepIn(cache: PlaceCache, ...contents: readonly ReturnType<typeof contentOf>[]) {
  const place = await openPlace(cache);
  for (const content of contents) place.meet(content);
  await place.keep();
}

describe('facts of a place', () => {
  const content = contentOf(large(1));

  it('are there for the next scan of it', async () => {
    const store = memoryStore();
    await keepIn(placeCache(store, 'engine'), content);
    const { known } = await openPlace(placeCache(store, 'engine'));
    assert.deepEqual(known, [content]);
  });

  const otherwise: Readonly<Record<string, (cache: PlaceCache) => ReturnType<typeof openPlace>>> = {
    'another place': (cache) => openPlace(cache, placeAt('other')),
    'another kind of place': (cache) => openPlace(cache, placeAt('root', 'deb')),
    'other rules': (cache) =>
      openPlace(cache, placeAt('root'), { ...context, wanted: new Set(['kind', 'relro']) }),
    'other limits': (cache) =>
      openPlace(cache, placeAt('root'), {
        ...context,
        limits: { ...defaultLimits, maxSymbols: 1 },
      }),
  };
  for (const [name, open] of Object.entries(otherwise)) {
    it(`are not those of ${name}`, async () => {
      const store = memoryStore();
      await keepIn(placeCache(store, 'engine'), content);
      assert.deepEqual((await open(placeCache(store, 'engine'))).known, []);
    });
  }

  it('are not those of another engine', async () => {
    const store = memoryStore();
    await keepIn(placeCache(store, 'engine'), content);
    assert.deepEqual((await openPlace(placeCache(store, 'another'))).known, []);
  });

  it('are not kept where digests name what is read', async () => {
    const [layer] = placeAt('image').layers;
    assert.ok(layer);
    const image = { ...placeAt('image'), layers: [{ ...layer, diffId: 'sha256:1' }] };
    assert.equal(await placeCache(memoryStore(), 'engine').open(image, context), null);
  });

  const writes: readonly {
    readonly name: string;
    readonly first: readonly ReturnType<typeof contentOf>[];
    readonly second: readonly ReturnType<typeof contentOf>[];
    readonly want: number | null;
  }[] = [
    { name: 'nothing new is not written again', first: [content], second: [content], want: null },
    {
      name: 'what is gone is no longer kept when something new comes',
      first: [content],
      second: [contentOf(large(2))],
      want: 1,
    },
    {
      name: 'a digest that was not known is kept',
      first: [content],
      second: [contentOf(large(1), { md5: '1' })],
      want: 1,
    },
    { name: 'one content is kept once', first: [], second: [content, content], want: 1 },
    { name: 'few bytes are not worth it', first: [], second: [contentOf(sample)], want: null },
  ];
  for (const { name, first, second, want } of writes) {
    it(name, async () => {
      const store = memoryStore();
      const cache = placeCache(store, 'engine');
      if (first.length > 0) await keepIn(cache, ...first);
      const before = [...store.entries.values()][0];
      await keepIn(cache, ...second);
      const after = [...store.entries.values()][0];
      if (want === null) assert.equal(after, before);
      else {
        assert.notEqual(after, before);
        assert.equal((await openPlace(cache)).known.length, want);
      }
    });
  }

  for (const [name, bytes] of [
    ['no entry at all', Buffer.from('x')],
    ['another value', Buffer.from('ff0f2201610000', 'hex')],
  ] as const) {
    it(`are none in ${name}`, async () => {
      const store = memoryStore();
      await keepIn(placeCache(store, 'engine'), content);
      for (const key of store.entries.keys()) store.entries.set(key, bytes);
      assert.deepEqual((await openPlace(placeCache(store, 'engine'))).known, []);
    });
  }
});

describe('a folder that is scanned again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'place-cache-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, 'bin/program');
  mkdirSync(join(folder, 'bin'));
  const options = {
    input: plainInput,
    judging: { rules, policy: plainPolicy() },
    running: { jobs: 1 },
  };
  const withPlaces = (places: PlaceCache) => ({
    ...options,
    running: { ...options.running, places },
  });
  it('has the report of the first scan, and that of a change that keeps size and beginning', async () => {
    const places = placeCache(memoryStore(), 'engine');
    const bytes = large(3);
    writeFileSync(program, bytes);
    const first = await scan([folder], withPlaces(places));
    assert.deepEqual(await scan([folder], withPlaces(places)), first);
    bytes.writeUInt8(4, bytes.length - 1);
    writeFileSync(program, bytes);
    const changed = await scan([folder], withPlaces(places));
    assert.deepEqual(changed, await scan([folder], options));
    assert.notEqual(changed.targets[0]?.binaries[0]?.sha256, first.targets[0]?.binaries[0]?.sha256);
  });

  it('is not extracted where its contents are known', async () => {
    const store = memoryStore();
    writeFileSync(program, large(5));
    const first = await scan([folder], withPlaces(placeCache(store, 'engine')));
    const counting = placeCache(store, 'engine');
    const met: unknown[] = [];
    const places: PlaceCache = {
      async open(target, given) {
        const place = await counting.open(target, given);
        const known = place?.known ?? [];
        return (
          place && {
            ...place,
            meet: ({ extraction }) =>
              met.push(known.some((each) => each.extraction.facts === extraction.facts)),
          }
        );
      },
    };
    assert.deepEqual(await scan([folder], withPlaces(places)), first);
    assert.deepEqual(met, [true]);
  });
});
