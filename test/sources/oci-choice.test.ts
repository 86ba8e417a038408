import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/base/errors.ts';
import { layerOf, layoutBuilder, named, onPlatform, sha256 } from './image-builder.ts';
import { app, base, index, twoPlatforms } from './oci-samples.ts';
import { openAll, summary, writeFolder } from './workbench.ts';

type Builder = ReturnType<typeof layoutBuilder>;

test('a digest chooses an image or an index', async (t) => {
  const builder = layoutBuilder();
  const [amd64, arm64] = twoPlatforms(builder);
  assert.ok(amd64 && arm64);
  const both = index(builder, [amd64, arm64]);
  const path = writeFolder(t, builder.index(both));
  assert.deepEqual(summary(await openAll(`${path}@${arm64.digest}`)), [`${path} linux/arm64: app`]);
  assert.equal(
    (await openAll(`oci-dir:${path}@${both.digest}`, { platform: 'all' })).targets.length,
    2,
  );
});

const choices: readonly {
  readonly name: string;
  readonly platform?: string;
  readonly build: (builder: Builder) => ReturnType<Builder['index']>;
  readonly want: readonly (readonly string[] | undefined)[];
}[] = [
  {
    name: 'the platforms of an index that are not judged are named',
    platform: 'linux/arm64',
    build: (b) => b.index(index(b, twoPlatforms(b), named('v1'))),
    want: [['linux/amd64']],
  },
  {
    name: 'platforms that only the configs have are named',
    platform: 'linux/arm/v6',
    build: (b) =>
      b.index(
        b.image({ layers: [base] }),
        b.image({ architecture: 'arm', variant: 'v6', layers: [app] }),
        b.image({ architecture: 'arm', variant: 'v7', layers: [base] }),
      ),
    want: [['linux/amd64', 'linux/arm/v7']],
  },
  {
    name: 'where all are judged none is named',
    platform: 'all',
    build: (b) => b.index(...twoPlatforms(b)),
    want: [undefined, undefined],
  },
  {
    name: 'an image alone has no others',
    build: (b) => b.index(b.image({ layers: [app] })),
    want: [undefined],
  },
  {
    name: 'images with other names are not other platforms',
    platform: 'linux/amd64',
    build: (b) =>
      b.index(index(b, twoPlatforms(b), named('v1')), b.image({ layers: [app] }, named('v2'))),
    want: [['linux/arm64'], undefined],
  },
];

for (const { name, platform, build, want } of choices) {
  test(name, async (t) => {
    const path = writeFolder(t, build(layoutBuilder()));
    const { targets } = await openAll(path, platform === undefined ? {} : { platform });
    assert.deepEqual(
      targets.map(({ otherPlatforms }) => otherPlatforms),
      want,
    );
  });
}

const refused = [
  { name: 'an unknown tag', selector: ':v9', says: /holds no image v9: it holds .*v1, v2/ },
  { name: 'an unknown digest', selector: `@${sha256('x')}`, says: /holds no image @sha256:/ },
  {
    name: 'a platform that is not there',
    selector: ':v1',
    platform: 'linux/s390x',
    says: /no image for linux\/s390x: it holds linux\/amd64, linux\/arm64/,
  },
  {
    name: 'a platform that contradicts the only image',
    selector: ':v2',
    platform: 'linux/s390x',
    says: /no image for linux\/s390x: it holds linux\/amd64$/,
  },
  {
    name: 'something that is not a platform',
    selector: '',
    platform: 'toaster',
    says: /unknown platform "toaster"/,
  },
  {
    name: 'a platform that several images without a name have',
    selector: '',
    platform: 'arm64',
    says: /holds 2 images for linux\/arm64, expected one: choose @sha256:\w+ or @sha256:/,
  },
  {
    name: 'a platform with several variants alone',
    selector: ':v4',
    platform: 'amd64',
    says: /holds 2 images for linux\/amd64, expected one: choose --platform linux\/amd64\/v2 or --platform linux\/amd64\/v3$/,
  },
];

for (const { name, selector, platform, says } of refused) {
  test(`${name} is a usage error that lists what is there`, async (t) => {
    const b = layoutBuilder();
    const twins = [[app], [base, app]].map((layers) => b.image({ architecture: 'arm64', layers }));
    const variants = ['v2', 'v3'].map((variant) =>
      b.image({ variant, layers: [app] }, onPlatform('amd64', variant)),
    );
    const path = writeFolder(
      t,
      b.index(
        ...twins,
        index(b, twoPlatforms(b), named('v1')),
        b.image({ layers: [app] }, named('v2')),
        index(b, variants, named('v4')),
      ),
    );
    const attempt = openAll(path + selector, platform === undefined ? {} : { platform });
    await assert.rejects(
      attempt,
      (error) =>
        error instanceof UsageError && says.test(error.message) && !error.message.includes('\n'),
    );
  });
}

/** What `name` lists for amd64, each with a layer of its own name. */
interface Entry {
  readonly file: string;
  readonly platform?: Readonly<Record<string, unknown>>;
  readonly more?: Readonly<Record<string, unknown>>;
}

const amd64 = { os: 'linux', architecture: 'amd64' };
const zstd = { annotations: { 'io.github.containers.compression.zstd': 'true' } };

// What containerd 1.6.20 mounts and podman 4.3.1 pulls of such indexes was measured; of newer versions it is as in their sources.
const firsts: readonly {
  readonly name: string;
  readonly entries: readonly Entry[];
  /** Files of the images that are judged. */
  readonly want: readonly string[];
  readonly says: RegExp;
}[] = [
  {
    name: 'of two images for one platform the first is taken',
    entries: [
      { file: 'one', platform: amd64 },
      { file: 'two', platform: amd64 },
    ],
    want: ['one'],
    says: /^sha256:\w+ is for linux\/amd64 too, and not judged: container runtimes take sha256:\w+, which comes first in the index$/,
  },
  {
    name: 'what states its platform comes before what does not',
    entries: [{ file: 'one' }, { file: 'two', platform: amd64 }],
    want: ['two'],
    says: /is for linux\/amd64 too, and not judged/,
  },
  {
    name: 'os.version does not matter on Linux',
    entries: [
      { file: 'one', platform: { ...amd64, 'os.version': '10' } },
      { file: 'two', platform: amd64 },
    ],
    want: ['one'],
    says: /is for linux\/amd64 too, and not judged/,
  },
  {
    name: 'an image that needs features is taken by some runtimes alone',
    entries: [
      { file: 'one', platform: { ...amd64, 'os.features': ['x.y'] } },
      { file: 'two', platform: amd64 },
    ],
    want: ['two', 'one'],
    says: /^sha256:\w+ and sha256:\w+ are for linux\/amd64: container runtimes differ in which of them they take, and all of them are judged$/,
  },
  {
    name: 'features behind the first are of no account',
    entries: [
      { file: 'one', platform: amd64 },
      { file: 'two', platform: { ...amd64, 'os.features': ['x.y'] } },
    ],
    want: ['one'],
    says: /is for linux\/amd64 too, and not judged/,
  },
  {
    name: 'podman takes the first with zstd',
    entries: [
      { file: 'one', platform: amd64 },
      { file: 'two', platform: amd64, more: zstd },
      { file: 'three', platform: amd64, more: zstd },
    ],
    want: ['one', 'two'],
    says: /differ in which of them they take, and all of them are judged/,
  },
  {
    name: 'the same layers with another compression are judged once',
    entries: [
      { file: 'one', platform: amd64 },
      { file: 'one', platform: amd64, more: { ...zstd, other: true } },
    ],
    want: ['one'],
    says: /is for linux\/amd64 too, and not judged/,
  },
];

for (const { name, entries, want, says } of firsts) {
  test(name, async (t) => {
    const b = layoutBuilder();
    const listed = await Promise.all(
      entries.map(async ({ file, platform, more }, at) =>
        b.image(
          { layers: [await layerOf(file)], more: { created: `${at}` } },
          { platform, ...more },
        ),
      ),
    );
    const path = writeFolder(t, b.index(index(b, listed, named('v1'))));
    const { targets, walks } = await openAll(path, { platform: 'linux/amd64' });
    const files = walks.map((layers) => layers.flatMap(({ paths }) => paths).join());
    assert.deepEqual(files, want);
    const notices = targets.flatMap(({ problems }) => problems);
    assert.deepEqual(new Set(notices.map(({ kind }) => kind)), new Set(['notice']));
    assert.ok(
      notices.some(({ message }) => says.test(message)),
      JSON.stringify(notices),
    );
    assert.deepEqual(
      targets.map(({ otherPlatforms }) => otherPlatforms),
      want.map(() => undefined),
    );
  });
}

// podman compares the variants as they are written; containerd first gives all of them one form.
const writtenVariants = [
  { there: ['arm64/v8', 'arm64'], wanted: 'linux/arm64', want: ['0', '1'] },
  { there: ['arm64', 'arm64/v8'], wanted: 'linux/arm64/v8', want: ['0', '1'] },
  { there: ['arm', 'arm/v6'], wanted: 'linux/arm/v7', want: ['0', '1'] },
  { there: ['arm', 'arm/v6'], wanted: 'linux/arm/v6', want: ['1'] },
  { there: ['amd64', 'amd64/v2'], wanted: 'linux/amd64/v3', want: ['0', '1'] },
  { there: ['amd64', 'amd64/v2'], wanted: 'linux/amd64/v2', want: ['1'] },
  { there: ['amd64', 'amd64/v2'], wanted: 'linux/amd64', want: ['0'] },
];

for (const { there, wanted, want } of writtenVariants) {
  test(`of ${there.join(' and ')}, runtimes take ${want.length} for ${wanted}`, async (t) => {
    const b = layoutBuilder();
    const listed = await Promise.all(
      there.map(async (each, at) => {
        const [architecture = '', variant] = each.split('/');
        const layers = [await layerOf(`${at}`)];
        return b.image({ architecture, layers }, onPlatform(architecture, variant));
      }),
    );
    const path = writeFolder(t, b.index(index(b, listed, named('v1'))));
    const { walks } = await openAll(path, { platform: wanted });
    const files = walks.map((layers) => layers.flatMap(({ paths }) => paths).join());
    assert.deepEqual(files.sort(), want);
  });
}
