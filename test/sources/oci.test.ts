import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  type FileMap,
  json,
  type LayoutBuilder,
  layoutBuilder,
  mediaTypes,
  named,
  onPlatform,
  sha256,
  zstdOf,
} from './image-builder.ts';
import { app, base, index, twoPlatforms } from './oci-samples.ts';
import { openAll, summary, writeFolder, writeTar } from './workbench.ts';

interface Case {
  readonly name: string;
  readonly build: (builder: LayoutBuilder) => FileMap;
  readonly selector?: string;
  readonly platform?: string;
  readonly compress?: (layer: Buffer) => Buffer;
  /** `PLACE` stands for the path of the layout. */
  readonly want: readonly string[];
}

const all = 'etc/os-release bin/busybox | app';

const cases: readonly Case[] = [
  {
    name: 'an image without a name takes that of its layout',
    build: (b) => b.index(b.image({ layers: [base, app] })),
    want: [`PLACE linux/amd64: ${all}`],
  },
  {
    name: 'raw layers are read by position',
    compress: (layer) => layer,
    build: (b) => b.index(b.image({ layers: [base, app] }, named('v1'))),
    want: [`PLACE:v1 linux/amd64: ${all}`],
  },
  {
    name: 'zstd layers are recognised by their bytes, whatever their media type says',
    compress: zstdOf,
    build: (b) => b.index(b.image({ layers: [base, app] }, named('v1'))),
    want: [`PLACE:v1 linux/amd64: ${all}`],
  },
  {
    name: 'a layer of several gzip members (estargz, pigz) is one layer',
    compress: (layer) =>
      Buffer.concat([gzipSync(layer.subarray(0, 700)), gzipSync(layer.subarray(700))]),
    build: (b) => b.index(b.image({ layers: [base, app] })),
    want: [`PLACE linux/amd64: ${all}`],
  },
  {
    name: 'every name is an image',
    build: (b) =>
      b.index(
        b.image({ layers: [base] }, named('v1')),
        b.image({ layers: [app] }, named('repo:v2')),
      ),
    want: ['PLACE:v1 linux/amd64: etc/os-release bin/busybox', 'repo:v2 linux/amd64: app'],
  },
  {
    name: 'a tag chooses',
    selector: ':v2',
    build: (b) =>
      b.index(
        b.image({ layers: [base] }, named('v1')),
        b.image({ layers: [app] }, named('repo:v2')),
      ),
    want: ['repo:v2 linux/amd64: app'],
  },
  {
    name: 'two names of one image are judged once',
    build: (b) =>
      b.index(b.image({ layers: [app] }, named('v1')), b.image({ layers: [app] }, named('v2'))),
    want: ['PLACE:v1 linux/amd64: app'],
  },
  {
    name: 'a platform chooses in a nested index',
    platform: 'arm64',
    build: (b) => b.index(index(b, twoPlatforms(b), named('v1'))),
    want: ['PLACE:v1 linux/arm64: app'],
  },
  {
    name: 'an index in an index in an index is read',
    platform: 'linux/amd64',
    build: (b) => b.index(index(b, [index(b, [index(b, twoPlatforms(b))])])),
    want: ['PLACE linux/amd64: etc/os-release bin/busybox'],
  },
  {
    name: 'all platforms are all targets',
    platform: 'all',
    build: (b) => b.index(...twoPlatforms(b)),
    want: ['PLACE linux/amd64: etc/os-release bin/busybox', 'PLACE linux/arm64: app'],
  },
  {
    name: 'without platforms in the index, the configs decide',
    platform: 'linux/arm/v6',
    build: (b) =>
      b.index(
        b.image({ layers: [base] }),
        b.image({ architecture: 'arm', variant: 'v6', layers: [app] }),
        b.image({ architecture: 'arm', variant: 'v7', layers: [base] }),
      ),
    want: ['PLACE linux/arm/v6: app'],
  },
  {
    name: 'the only image is taken on any machine',
    build: (b) => b.index(b.image({ architecture: 's390x', layers: [app] }, onPlatform('s390x'))),
    want: ['PLACE linux/s390x: app'],
  },
  {
    name: 'attestations are not images',
    build: (b) => {
      const attestation = {
        platform: { os: 'unknown', architecture: 'unknown' },
        annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
      };
      const manifest = b.blob(json({ config: {}, layers: [] }), mediaTypes.manifest, attestation);
      return b.index(
        index(b, [
          b.image({ architecture: 'riscv64', layers: [app] }, onPlatform('riscv64')),
          manifest,
        ]),
      );
    },
    want: ['PLACE linux/riscv64: app'],
  },
  ...[
    { claim: 'without an annotation', marks: {} },
    {
      claim: 'with the annotation of an attestation',
      marks: { annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } },
    },
    { claim: 'in capitals', marks: { platform: { os: 'Unknown', architecture: 'UNKNOWN' } } },
  ].map(({ claim, marks }) => ({
    name: `an image stated for an unknown platform is judged among all, ${claim}`,
    platform: 'all',
    build: (b: ReturnType<typeof layoutBuilder>) => {
      const platform = { os: 'unknown', architecture: 'unknown' };
      const other = b.image({ architecture: 's390x', layers: [app] }, { platform, ...marks });
      return b.index(index(b, [b.image({ layers: [base] }, onPlatform('amd64')), other]));
    },
    want: ['PLACE linux/amd64: etc/os-release bin/busybox', 'PLACE linux/s390x: app'],
  })),
  {
    name: 'images of an index that is stated for an unknown platform are judged',
    platform: 'all',
    build: (b) => {
      const platform = { os: 'unknown', architecture: 'unknown' };
      const inner = index(b, [b.image({ architecture: 's390x', layers: [app] })]);
      return b.index(b.image({ layers: [base] }, onPlatform('amd64')), { ...inner, platform });
    },
    want: ['PLACE linux/amd64: etc/os-release bin/busybox', 'PLACE linux/s390x: app'],
  },
  {
    name: 'platforms that were never pulled do not matter',
    build: (b) => {
      const absent = {
        ...onPlatform('amd64'),
        mediaType: mediaTypes.manifest,
        digest: sha256('absent'),
        size: 6,
      };
      return b.index(
        index(b, [
          absent,
          b.image({ architecture: 'mips64le', layers: [app] }, onPlatform('mips64le')),
        ]),
      );
    },
    want: ['PLACE linux/mips64le: app'],
  },
];

for (const { name, build, want, selector = '', platform, compress } of cases) {
  for (const [form, write] of [
    ['directory', writeFolder],
    ['tar', writeTar],
  ] as const) {
    test(`${form}: ${name}`, async (t) => {
      const path = await write(t, build(layoutBuilder(compress)));
      const opened = await openAll(path + selector, platform === undefined ? {} : { platform });
      assert.deepEqual(
        summary(opened).map((line) => line.replace(path, 'PLACE')),
        want,
      );
      assert.deepEqual(
        opened.targets.flatMap(({ problems }) => problems),
        [],
      );
    });
  }
}
