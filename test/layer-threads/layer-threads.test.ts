import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { FailedPart, LimitExceeded, UnreadablePart } from '../../src/base/errors.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import { compareNames } from '../../src/base/text.ts';
import type { PlacedElf } from '../../src/extraction/elf-content.ts';
import { extract } from '../../src/extraction/extract-facts.ts';
import { createLayerReader } from '../../src/layer-threads/layer-reader.ts';
import { createLayerThreads } from '../../src/layer-threads/layer-threads.ts';
import { withFacts } from '../../src/layers/building/with-facts.ts';
import type { LayerCatalog } from '../../src/layers/catalog.ts';
import { digestOf } from '../../src/sources/bytes/digest.ts';
import { openFile } from '../../src/sources/bytes/open-file.ts';
import {
  holdStoredLayer,
  holdStreamedLayer,
  walkStoredLayer,
  walkStreamedLayer,
} from '../../src/sources/bytes/stored-layer.ts';
import type { Layer, Promised } from '../../src/sources/source.ts';
import { zipOf } from '../support/archives/archive-builder.ts';
import { paxHeader, tarEntry, tarOf } from '../support/archives/tar-builder.ts';
import { piecesOf } from '../support/archives/walks.ts';
import { bytesOfElf } from '../support/elf/elf-content.ts';
import { moduleUrl } from '../support/program.ts';
import { randomNumbers } from '../support/random.ts';
import { repositoryRoot } from '../support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'layer-threads-test-'));
const threads = createLayerThreads(2);
after(async () => {
  await threads.close();
  rmSync(folder, { recursive: true });
});

const sample = readFileSync(join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-pie-debug'));
const other = readFileSync(join(repositoryRoot, 'samples/elf/x86_64-musl-clang-pie-hardened'));
const large = Buffer.concat([sample, Buffer.alloc(9 * 1024 * 1024)]);

/** Everything that crosses from one thread to the other, and more entries than go into one message. */
const tar = tarOf(
  tarEntry({ name: './', flag: '5', mode: 0o755 }),
  paxHeader({ 'SCHILY.xattr.security.capability': Buffer.from([1, 0, 0, 2, 0, 255]) }),
  tarEntry({ name: './bin/ping', mode: 0o4755, uid: 3_000_000, gid: 2 }, sample),
  tarEntry({ name: './bin/static' }, other),
  tarEntry({ name: './bin/copy' }, sample),
  tarEntry({ name: './bin/large' }, large),
  tarEntry({ name: './bin/run' }, '#!/bin/sh -e\n'),
  tarEntry({ name: './etc/os-release' }, 'ID=alpine\n'),
  ...Array.from({ length: 3000 }, (_, at) => tarEntry({ name: `./usr/\u00e9${at}`, uid: at })),
  tarEntry({ name: './bin/sh', flag: '2', linkName: '/bin/busybox' }),
  tarEntry({ name: './bin/hard', flag: '1', linkName: './bin//ping' }),
  tarEntry({ name: './old/.wh.file' }),
  tarEntry({ name: './../out' }),
  tarEntry({ name: './app.zip' }, zipOf([{ name: 'lib/a.so', body: other }])),
  tarEntry({ name: './bin/last' }, sample),
);

/** As an image's source makes it, out of a file. */
function layerOf(bytes: Buffer, given: Partial<Promised> = {}): Layer {
  const path = join(folder, `${readdirSync(folder).length}.tar`);
  writeFileSync(path, bytes);
  const promised = { digest: null, size: null, diffId: null, ...given };
  const open = async () => openFile(path, 'refuse');
  return {
    digest: promised.digest?.text ?? null,
    diffId: promised.diffId?.text ?? null,
    size: bytes.length,
    createdBy: null,
    origin: null,
    isThere: async () => true,
    entries: () => walkStoredLayer(open, promised, defaultLimits),
    hold: () => holdStoredLayer(open, promised),
  };
}

/** As a registry's: it is fetched by somebody, who may break off. */
function streamOf(bytes: Buffer, given: Partial<Promised> = {}, damage?: Error): Layer {
  const promised = { digest: null, size: null, diffId: null, ...given };
  async function* stream() {
    yield* piecesOf(bytes, 300_001);
    if (damage) throw damage;
  }
  const read = () => assert.fail('it can only be streamed');
  const open = async () => ({ size: bytes.length, read, stream, close: () => {} });
  return {
    ...layerOf(bytes, given),
    entries: () => walkStreamedLayer(open, promised, defaultLimits),
    hold: () => holdStreamedLayer(open, promised),
  };
}

const options = { limits: defaultLimits, digests: 'all' } as const;
const factsOf = async (elf: PlacedElf) => extract(bytesOfElf(elf), new Set(['kind']));

async function walkedThere(layer: Layer, find = factsOf) {
  const held = (await layer.hold?.()) ?? assert.fail('it lies in a file');
  const facts = new Map();
  try {
    const walked = await threads.walk(held, options, async (elf) => {
      const extraction = await find(elf);
      facts.set(extraction.sha256, extraction);
      return extraction;
    });
    return withFacts(walked, facts);
  } finally {
    held.release();
  }
}

/** When a file is lost is a matter of time; the report sorts its problems. */
function sorted({ problems, ...rest }: LayerCatalog) {
  return { ...rest, problems: problems.toSorted((a, b) => compareNames(a.where, b.where)) };
}

const walkedHere = (layer: Layer, find = factsOf) =>
  createLayerReader({ limits: defaultLimits, jobs: 1 }).read(layer, find);

describe('a thread finds in a layer what is found without', { timeout: 600_000 }, () => {
  const wrong = digestOf(Buffer.from('another'));
  const layers: Readonly<Record<string, () => Layer>> = {
    'a plain tar': () => layerOf(tar, { digest: digestOf(tar), diffId: digestOf(tar) }),
    'a gzip tar': () => layerOf(gzipSync(tar), { diffId: digestOf(tar) }),
    'a tar that is cut': () => layerOf(tar.subarray(0, 5_000_000)),
    'a gzip tar that is cut': () => layerOf(gzipSync(tar).subarray(0, 20_000)),
    'a wrong digest': () => layerOf(gzipSync(tar), { digest: wrong }),
    'a wrong diffID': () => layerOf(tar, { diffId: wrong }),
    'a wrong size': () => layerOf(tar, { size: 7 }),
    'no tar': () => layerOf(Buffer.from('no tar at all')),
    nothing: () => layerOf(Buffer.alloc(0)),
    'a stream': () => streamOf(tar, { digest: digestOf(tar) }),
    'a gzip stream': () => streamOf(gzipSync(tar), { diffId: digestOf(tar) }),
    'a stream with a wrong digest': () => streamOf(gzipSync(tar), { digest: wrong }),
    'a stream that breaks off': () =>
      streamOf(tar.subarray(0, 4_000_000), {}, new UnreadablePart('the registry hung up')),
    'a stream of no tar': () => streamOf(Buffer.alloc(20_000_000, 'no tar at all')),
    'a stream of nothing': () => streamOf(Buffer.alloc(0)),
  };
  for (const [name, make] of Object.entries(layers)) {
    it(name, async () => {
      const layer = make();
      const here = await walkedHere(layer);
      assert.deepEqual(await walkedThere(layer), here);
      if (name === 'a stream that breaks off')
        assert.deepEqual(
          here.problems.slice(-1).map(({ message }) => message),
          ['the registry hung up'],
        );
      if (name === 'a plain tar') {
        assert.equal(here.entries.length, 3013);
        assert.deepEqual(
          [...here.insides].map(([path, [inside]]) => [
            path,
            inside?.catalogs[0]?.extractions.size,
          ]),
          [['/app.zip', 1]],
        );
      }
    });
  }

  it('files that are lost', async () => {
    const layer = layerOf(tar);
    for (const error of [LimitExceeded, FailedPart, UnreadablePart]) {
      const find = (elf: PlacedElf) =>
        elf.place.length === other.length ? Promise.reject(new error('it is lost')) : factsOf(elf);
      const there = sorted(await walkedThere(layer, find));
      assert.deepEqual(there, sorted(await walkedHere(layer, find)));
      assert.ok(there.problems.some(({ message }) => message === 'it is lost'));
    }
  });
});

it('a bug in extraction ends the walk, and the thread with it', async () => {
  const layer = layerOf(tar);
  const bug = () => Promise.reject(new TypeError('x is not a function'));
  await assert.rejects(() => walkedThere(layer, bug), /^TypeError: x is not a function$/);
  assert.equal((await walkedThere(layer)).entries.length, 3013);
});

it('a walk that fails takes no memory from the next one', { timeout: 600_000 }, async () => {
  const own = createLayerThreads(1);
  const { TMPDIR } = process.env;
  process.env['TMPDIR'] = join(folder, 'absent');
  const random = randomNumbers(3);
  const body = Buffer.from(Array.from({ length: 5_000_000 }, () => random(256)));
  const zip = zipOf([{ name: 'a', body }]);
  const big = tarEntry({ name: 'big' }, large.subarray(0, 7_000_000));
  const failing = layerOf(gzipSync(tarOf(big, tarEntry({ name: 'app.zip' }, zip))));
  const walk = async (layer: Layer, find: typeof factsOf) => {
    const held = (await layer.hold?.()) ?? assert.fail('it lies in a file');
    return own.walk(held, options, find).finally(held.release);
  };
  const failed = walk(failing, afterwards);
  await assert.rejects(failed, /cannot keep an unpacked archive/);
  const { entries } = await walk(layerOf(gzipSync(tarOf(big, big))), factsOf);
  await own.close();
  if (TMPDIR === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = TMPDIR;
  assert.deepEqual(
    entries.map(({ elf }) => elf?.length),
    [64, 64],
  );
});

/** When the walk has failed. */
async function afterwards(elf: PlacedElf) {
  await wait(3000);
  return factsOf(elf);
}

it('nothing stays open behind a walk', async () => {
  const layer = layerOf(gzipSync(tar));
  await walkedThere(layer);
  const open = readdirSync('/proc/self/fd').length;
  for (let round = 0; round < 3; round += 1) await walkedThere(layer);
  assert.equal(readdirSync('/proc/self/fd').length, open);
});

it('a layer whose thread dies is walked without one', async () => {
  const worker = moduleUrl('test/support/workers/dying-layer-worker');
  const asked = join(folder, 'asked');
  const digest = { ...digestOf(tar), text: asked };
  const layer = layerOf(tar, { digest });
  const reader = createLayerReader({ limits: defaultLimits, jobs: 2, worker });
  const { entries, problems } = await reader.read(layer, factsOf);
  await reader.close();
  assert.equal(entries.length, 3013);
  assert.ok(problems.some(({ kind }) => kind === 'digest-mismatch'));
  assert.equal(readFileSync(asked, 'utf8'), 'asked\n');
});
