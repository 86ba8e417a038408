// Developer's script: makes image indexes at random (platforms and variants, several entries for one, features, artifacts, entries without a
// platform or of other types), and compares what containerd and podman take of each with what hullcheck judges.
// Run by root on Debian: node dist/lab/compare-index-choice.js [COUNT] [SEED]
// Exits with 1 where a runtime takes an entry that is not judged.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Random, randomFrom } from '../fuzz/random.ts';
import { UsageError } from '../src/base/errors.ts';
import { defaultLimits } from '../src/base/limits.ts';
import { openTarget } from '../src/sources/input/find-source.ts';
import {
  type Descriptor,
  json,
  layoutBuilder,
  mediaTypes,
  tarOf,
} from '../test/sources/image-builder.ts';
import { containerd } from './runtimes/containerd.ts';
import { packedLayout, podman, type Unpacker } from './runtimes/unpackers.ts';

type Builder = ReturnType<typeof layoutBuilder>;

const platforms: readonly { readonly architecture: string; readonly variant?: string }[] = [
  { architecture: 'amd64' },
  { architecture: 'amd64' },
  { architecture: 'amd64', variant: 'v2' },
  { architecture: '386' },
  { architecture: 'arm64' },
  { architecture: 'arm', variant: 'v7' },
];

/** The file that an entry has, and none of the others. */
function nameOf(at: number): string {
  return `bin/entry-${at}`;
}

async function entry(b: Builder, random: Random, at: number): Promise<Descriptor> {
  const platform = random.any(platforms) ?? { architecture: 'amd64' };
  const layer = await tarOf([{ name: nameOf(at), body: `\x7fELF${at}` }]);
  const isArtifact = random.oneIn(6);
  const stated = {
    ...{ os: 'linux', ...platform },
    ...(random.oneIn(8) ? { 'os.features': ['x.y'] } : {}),
    ...(random.oneIn(8) ? { 'os.version': '10' } : {}),
  };
  const more = {
    ...(random.oneIn(6) ? {} : { platform: stated }),
    ...(random.oneIn(8)
      ? { annotations: { 'io.github.containers.compression.zstd': 'true' } }
      : {}),
  };
  if (!isArtifact) {
    const image = b.image({ ...platform, layers: [layer] }, more);
    return random.oneIn(12) ? { ...image, mediaType: 'application/vnd.other+json' } : image;
  }
  const config = b.blob(json({}), 'application/vnd.oci.empty.v1+json');
  const layers = [b.blob(json({ at }), 'application/spdx+json')];
  return b.blob(json({ schemaVersion: 2, config, layers }), mediaTypes.manifest, more);
}

async function writeIndex(folder: string, tag: string, random: Random): Promise<void> {
  const b = layoutBuilder();
  const manifests: Descriptor[] = [];
  const count = 1 + random.below(5);
  for (let at = 0; at < count; at += 1) manifests.push(await entry(b, random, at));
  const annotations = {
    'org.opencontainers.image.ref.name': tag,
    'io.containerd.image.name': `localhost/differential:${tag}`,
  };
  const index = b.blob(json({ schemaVersion: 2, manifests }), mediaTypes.index, { annotations });
  for (const [name, bytes] of b.index(index)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
}

/** Names of the files of all images that are judged; null: it is refused, as a mistake. */
async function judged(layout: string): Promise<ReadonlySet<string> | null> {
  try {
    const source = await openTarget(`oci-dir:${layout}`, {
      platform: 'linux/amd64',
      limits: defaultLimits,
    });
    const names = new Set<string>();
    for (const { layers } of source.targets)
      for (const layer of layers)
        for await (const { path } of layer.entries(() => {})) names.add(`/${path}`);
    await source.close();
    return names;
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

async function main(count: number, seed: number): Promise<boolean> {
  const folder = join(tmpdir(), `indexes-${process.pid}`);
  mkdirSync(folder, { mode: 0o700 });
  const unpackers: readonly Unpacker[] = [podman(folder), await containerd(folder)];
  const tallies = unpackers.map((unpacker) => ({ unpacker, right: 0, refused: 0, wrong: 0 }));
  try {
    for (let at = 0; at < count; at += 1) {
      const tag = `x${seed + at}`;
      const layout = join(folder, tag);
      await writeIndex(layout, tag, randomFrom(seed + at));
      const ours = await judged(layout);
      const packed = packedLayout(layout, tag);
      for (const tally of tallies) {
        const taken = tally.unpacker.unpack(packed) ?? '';
        // A mistake is said, and holds no gate.
        const isSaid = typeof taken === 'string' || ours === null;
        const missed = isSaid ? [] : [...taken.keys()].filter((each) => !ours.has(each));
        if (isSaid) tally.refused += 1;
        else if (missed.length === 0) tally.right += 1;
        else {
          tally.wrong += 1;
          console.error(
            `${tag}: ${tally.unpacker.name} takes ${missed}, and ${[...(ours ?? [])]} is judged`,
          );
        }
      }
      rmSync(layout, { recursive: true });
      rmSync(`${layout}.tar`, { force: true });
    }
  } finally {
    for (const { close } of unpackers) close();
    rmSync(folder, { recursive: true, force: true });
  }
  for (const { unpacker, right, refused, wrong } of tallies)
    console.info(
      `${unpacker.name}: of ${count} indexes ${right} are judged as it takes them, ${wrong} are not, ${refused} are refused by it or here`,
    );
  return tallies.every(({ right, wrong }) => wrong === 0 && right > 0);
}

const [, , count = '100', seed = '1'] = process.argv;
process.exitCode = (await main(Number(count), Number(seed))) ? 0 : 1;
