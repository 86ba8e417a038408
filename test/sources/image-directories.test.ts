import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FileMap } from './image-builder.ts';
import { configOf, json, layoutBuilder, onPlatform, sha256 } from './image-builder.ts';
import { app, base, index } from './oci-samples.ts';
import { openAll, writeFolder } from './workbench.ts';

const version = Buffer.from('Directory Transport Version: 1.1\n');

/** As skopeo writes it: blobs by their hex, the manifests that an index lists with an ending, and the top one under its own name. */
function skopeoDirectory(): {
  readonly files: Map<string, Buffer>;
  readonly digests: readonly string[];
} {
  const b = layoutBuilder();
  const amd64 = b.image({ layers: [base, app] }, onPlatform('amd64'));
  const arm64 = b.image({ architecture: 'arm64', layers: [base] }, onPlatform('arm64'));
  const top = index(b, [amd64, arm64]);
  const manifests = [amd64.digest, arm64.digest];
  const files = new Map<string, Buffer>([['version', version]]);
  for (const [name, bytes] of b.files) {
    const hex = name.replace('blobs/sha256/', '');
    const digest = `sha256:${hex}`;
    if (digest === top.digest) files.set('manifest.json', bytes);
    else if (manifests.includes(digest)) files.set(`${hex}.manifest.json`, bytes);
    else if (name !== 'oci-layout') files.set(hex, bytes);
  }
  return { files, digests: manifests };
}

/** As `docker save` before version 25 wrote it. */
function savedDirectory(): Map<string, Buffer> {
  const config = configOf({ layers: [base, app] });
  const [name, one, two] = [config, base, app].map((bytes) => sha256(bytes).slice(7));
  const saved = [
    {
      Config: `${name}.json`,
      RepoTags: ['app:1.0'],
      Layers: [`${one}/layer.tar`, `${two}/layer.tar`],
    },
  ];
  return new Map<string, Buffer>([
    ['manifest.json', json(saved)],
    [`${name}.json`, config],
    [`${one}/layer.tar`, base],
    [`${two}/layer.tar`, app],
  ]);
}

const opened = async (path: string, platform: string | null = null) => {
  const { targets, walks } = await openAll(path, platform === null ? {} : { platform });
  return {
    targets,
    scheme: targets[0]?.scheme,
    paths: walks.map((layers) => layers.map(({ paths }) => paths)),
    problems: targets.flatMap(({ problems }) => problems),
  };
};

const whole = [[['etc/os-release', 'bin/busybox'], ['app']]];

describe('a directory by skopeo', () => {
  it('is the image for the platform', async (t) => {
    const { files, digests } = skopeoDirectory();
    const { scheme, paths, targets, problems } = await opened(writeFolder(t, files), 'linux/amd64');
    assert.deepEqual([scheme, paths, problems], ['skopeo-dir', whole, []]);
    assert.deepEqual(
      [targets[0]?.digest, targets[0]?.otherPlatforms],
      [digests[0], ['linux/arm64']],
    );
    const all = await opened(writeFolder(t, files), 'all');
    assert.deepEqual(
      all.targets.map(({ digest }) => digest),
      digests,
    );
  });

  it('is verified', async (t) => {
    const { files } = skopeoDirectory();
    const layer =
      [...files.keys()].find((name) => files.get(name)?.readUInt16BE(0) === 0x1f8b) ?? '';
    files.set(layer, Buffer.from('other'));
    const { walks } = await openAll(writeFolder(t, files), { platform: 'all' });
    const damage = walks.flat().flatMap(({ damage: each }) => each?.message ?? []);
    assert.match(damage[0] ?? '', /the blob has 5 bytes, its descriptor says/);
  });
});

describe('an unpacked archive of docker save', () => {
  it('is the image', async (t) => {
    const { scheme, paths, targets, problems } = await opened(writeFolder(t, savedDirectory()));
    assert.deepEqual([scheme, paths, problems], ['docker-dir', whole, []]);
    assert.equal(targets[0]?.name, 'app:1.0');
  });
});

describe('a directory with more in it', () => {
  const program: readonly [string, Buffer] = ['server', Buffer.from('x')];
  const cases: readonly (readonly [name: string, files: FileMap])[] = [
    ['a program next to an image of skopeo', new Map([...skopeoDirectory().files, program])],
    ['a program next to a saved image', new Map([...savedDirectory(), program])],
    ['a root with a manifest', new Map([...savedDirectory(), ['usr/bin/x', Buffer.from('x')]])],
    ['another manifest.json', new Map([['manifest.json', json({ name: 'app' })]])],
    ['another version', new Map([...skopeoDirectory().files, ['version', Buffer.from('1.0\n')]])],
    [
      'a list without its images',
      new Map([['manifest.json', savedDirectory().get('manifest.json') ?? app]]),
    ],
  ];
  for (const [name, files] of cases)
    it(`is read as a directory: ${name}`, async (t) => {
      assert.equal((await opened(writeFolder(t, files))).scheme, 'dir');
    });
});
