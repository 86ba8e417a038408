import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { tarEntries } from '../../src/archive/tar/tar-stream.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import { extract } from '../../src/extraction/extract-facts.ts';
import { judgeTarget } from '../../src/judge/judge-target.ts';
import { createLayerReader } from '../../src/layer-threads/layer-reader.ts';
import { cpioOf, zipOf } from '../../test/support/archives/archive-builder.ts';
import { tarEntry, tarOf } from '../../test/support/archives/tar-builder.ts';
import { piecesOf } from '../../test/support/archives/walks.ts';
import { bytesOfElf } from '../../test/support/elf/elf-content.ts';
import { repositoryRoot } from '../../test/support/repository.ts';
import { unreadSamples } from '../../test/unread/unread-samples.ts';
import { mutateBytes, wholeOf } from '../mutate-bytes.ts';
import { elfSampleNames, lazily, readElfSample } from '../samples.ts';
import { holds, type Subject } from '../subject.ts';

const limits = {
  ...defaultLimits,
  maxEntries: 3000,
  maxLayerSize: 64 * 1024 * 1024,
  maxNestedSize: 64 * 1024 * 1024,
};

const wanted = new Set(['kind', 'linking'] as never[]);

/** Nested containers, of which one is changed, up to the verdicts. */
export default {
  name: 'nested',
  make(random) {
    const inner = random.any(containers()) ?? Buffer.alloc(0);
    const changed = mutateBytes(inner, [wholeOf(inner)], random);
    const body = random.pick([
      changed,
      gzipSync(changed),
      zipOf([{ name: 'inner', body: changed }]),
    ]);
    const bytes = tarOf(
      tarEntry({ name: 'etc/os-release' }, 'ID=alpine\n'),
      tarEntry({ name: 'opt/outer' }, random.oneIn(3) ? zipOf([{ name: 'more', body }]) : body),
      tarEntry({ name: 'bin/last' }, elf()),
    );
    return { bytes, origin: '', isDamaged: false };
  },
  async check({ bytes }) {
    const layer = {
      ...{ digest: null, diffId: null, size: null, createdBy: null, origin: null },
      isThere: async () => true,
      entries: () => tarEntries(piecesOf(bytes, 10_000), limits),
    };
    const reader = createLayerReader({ limits, jobs: 1 });
    const catalog = await reader.read(layer, async (elf) => extract(bytesOfElf(elf), wanted));
    const { binaries } = await judgeTarget(
      { kind: 'image', config: null, platform: null, problems: [] },
      [catalog],
      {
        rules: [],
        limits,
        excludes: () => false,
      },
    );
    holds(
      binaries.some(({ path }) => path === '/bin/last'),
      () =>
        `what comes behind a container is lost: ${catalog.problems.map(({ message }) => message).join()}`,
    );
  },
} satisfies Subject;

const elf = lazily(() => readElfSample(elfSampleNames()[0] ?? ''));

/** Large seeds would make the runs slow. */
const largest = 300 * 1024;

const containers = lazily(() => {
  const seeds = join(repositoryRoot, 'fuzz', 'seeds');
  const images = readdirSync(seeds)
    .filter((name) => name.endsWith('.gz'))
    .map((name) => gunzipSync(readFileSync(join(seeds, name))))
    .filter((bytes) => bytes.length <= largest);
  return [
    ...images,
    zipOf([{ name: 'x.so', body: elf() }]),
    tarOf(tarEntry({ name: 'x' }, elf())),
    cpioOf([{ name: 'init', body: elf() }]),
    ...carriers(),
    ...unreadSamples.filter(({ bytes }) => bytes.length <= 8192).map(({ bytes }) => bytes),
    zipOf(images.slice(0, 3).map((body, index) => ({ name: `${index}.img`, body }))),
  ];
});

/** What is found from its end or its superblock, behind something else and in front of it. */
function carriers(): readonly Buffer[] {
  const jar = zipOf([{ name: 'x.so', body: elf() }]);
  const squashfs = gunzipSync(readFileSync(join(repositoryRoot, 'fuzz/seeds/xz.squashfs.gz')));
  const script = Buffer.from('#!/bin/sh\nexit 0\n');
  return [
    Buffer.concat([script, jar, Buffer.from('behind')]),
    Buffer.concat([script, gzipSync(tarOf(tarEntry({ name: 'x' }, elf()))), Buffer.from('behind')]),
    Buffer.concat([elf(), jar]),
    Buffer.concat([elf(), Buffer.from('xyz'), squashfs]),
  ];
}
