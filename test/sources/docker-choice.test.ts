import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from '../../src/base/errors.ts';
import { app, arm, base, configItem, configName, manifest, want } from './docker-samples.ts';
import { json, sha256, tarOf } from './image-builder.ts';
import { openAll, summary, writeFile } from './workbench.ts';

function severalImages(): Promise<Buffer> {
  return tarOf([
    { name: 'a.tar', body: base },
    { name: 'b.tar', body: app },
    configItem,
    { name: 'arm.json', body: arm },
    {
      name: 'manifest.json',
      body: json([
        {
          Config: configName,
          RepoTags: ['repo:v1', 'docker.io/library/other:latest'],
          Layers: ['a.tar', 'b.tar'],
        },
        { Config: 'arm.json', RepoTags: ['localhost:5000/team/app:v2'], Layers: ['b.tar'] },
      ]),
    },
  ]);
}

const second = 'localhost:5000/team/app:v2 linux/arm64: app';
const choices = [
  { name: 'all are targets', selector: '', want: [want, second] },
  { name: 'a name chooses', selector: ':repo:v1', want: [want] },
  { name: 'a name with a port chooses', selector: ':localhost:5000/team/app:v2', want: [second] },
  {
    name: 'a short name chooses, and is shown whole',
    selector: ':other',
    want: [want.replace('repo:v1', 'docker.io/library/other:latest')],
  },
  { name: 'a config digest chooses', selector: `@${sha256(arm)}`, want: [second] },
  { name: 'a platform chooses', selector: '', platform: 'arm64', want: [second] },
  { name: 'all platforms are all', selector: '', platform: 'all', want: [want, second] },
];

for (const { name, selector, platform, want: lines } of choices) {
  test(`of several images, ${name}`, async (t) => {
    const path = writeFile(t, await severalImages(), 'several:images.tar');
    assert.deepEqual(
      summary(await openAll(path + selector, platform === undefined ? {} : { platform })),
      lines,
    );
  });
}

test('images of an archive that a platform leaves out are named with those that it leaves', async (t) => {
  const path = writeFile(t, await severalImages());
  const othersOf = async (platform: string) =>
    (await openAll(path, { platform })).targets.map(({ otherPlatforms }) => otherPlatforms);
  assert.deepEqual(await othersOf('arm64'), [['linux/amd64']]);
  assert.deepEqual(await othersOf('all'), [undefined, undefined]);
});

const refused = [
  {
    name: 'an unknown name',
    selector: ':repo:v9',
    says: /no image repo:v9: it holds repo:v1, docker.io\/library\/other:latest, localhost:5000/,
  },
  {
    name: 'a platform that is not there',
    selector: '',
    platform: 's390x',
    says: /no image for linux\/s390x: it holds linux\/amd64, linux\/arm64/,
  },
];

for (const { name, selector, platform, says } of refused) {
  test(`${name} is a usage error that lists what is there`, async (t) => {
    const path = writeFile(t, await severalImages());
    const attempt = openAll(path + selector, platform === undefined ? {} : { platform });
    await assert.rejects(
      attempt,
      (error) => error instanceof UsageError && says.test(error.message),
    );
  });
}

test('an archive of Docker before 1.10 is refused by one sentence', async (t) => {
  const path = writeFile(
    t,
    await tarOf([
      { name: 'a/layer.tar', body: base },
      { name: 'repositories', body: '{}' },
    ]),
  );
  await assert.rejects(
    openAll(path),
    (error) => error instanceof UsageError && /save it again/.test(error.message),
  );
});

test('an archive that gives its one image no name is called as the user calls it', async (t) => {
  const archive = (tags: readonly string[] | null) =>
    tarOf([
      { name: 'a.tar', body: base },
      { name: 'b.tar', body: app },
      configItem,
      manifest(['a.tar', 'b.tar'], tags),
    ]);
  const nameless = writeFile(t, await archive(null));
  const { targets } = await openAll(`${nameless}:acme/app:1.0`);
  assert.deepEqual(
    targets.map(({ name, namedBy }) => [name, namedBy]),
    [['acme/app:1.0', 'user']],
  );
  await assert.rejects(openAll(`${nameless}@sha256:${'0'.repeat(64)}`), UsageError);
  const named = writeFile(t, await archive(['repo:v1']));
  await assert.rejects(openAll(`${named}:acme/app:1.0`), /holds no image acme\/app:1\.0/);
});
