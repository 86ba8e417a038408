import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/base/errors.ts';
import { layoutBuilder, named, sha256 } from './image-builder.ts';
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
  { name: 'an unknown tag', selector: ':v9', says: /holds no image v9: it holds v1, v2/ },
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
    name: 'a platform that several images have',
    selector: ':v3',
    platform: 'amd64',
    says: /holds 2 images for linux\/amd64, expected one: choose @sha256:\w+ or @sha256:/,
  },
];

for (const { name, selector, platform, says } of refused) {
  test(`${name} is a usage error that lists what is there`, async (t) => {
    const b = layoutBuilder();
    const twins = [
      b.image({ layers: [app] }, named('v3')),
      b.image({ layers: [base, app] }, named('v3')),
    ];
    const path = writeFolder(
      t,
      b.index(
        index(b, twoPlatforms(b), named('v1')),
        b.image({ layers: [app] }, named('v2')),
        ...twins,
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
