import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/errors.ts';
import { layoutBuilder, named, sha256 } from './image-builder.ts';
import { app, base, index, twoPlatforms } from './oci-samples.ts';
import { openAll, summary, writeFolder } from './workbench.ts';

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
    name: 'a platform that is none',
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
