import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  blobName,
  type Descriptor,
  json,
  layoutBuilder,
  mediaTypes,
  named,
  onPlatform,
  sha256,
} from './image-builder.ts';
import { app, base, index } from './oci-samples.ts';
import { openAll, writeFolder } from './workbench.ts';

type Builder = ReturnType<typeof layoutBuilder>;

const foreign = 'application/vnd.example.thing+json';
const rootfs = { type: 'layers', diff_ids: [] };

interface Parts {
  readonly configType?: string;
  readonly config?: unknown;
  readonly layerType?: string;
  readonly layer?: Buffer;
  readonly more?: Readonly<Record<string, unknown>>;
}

function manifest(
  b: Builder,
  { configType = mediaTypes.config, config, layerType = mediaTypes.layer, layer, more }: Parts,
  entry: Readonly<Record<string, unknown>> = {},
): Descriptor {
  const bytes = Buffer.isBuffer(config) ? config : json(config ?? { rootfs });
  const layers = layer === undefined ? [] : [b.blob(layer, layerType)];
  const parts = { schemaVersion: 2, config: b.blob(bytes, configType), layers, ...more };
  return b.blob(json(parts), mediaTypes.manifest, entry);
}

const statement = json({ critical: {} });

/** Neither containerd 1.6.20 nor podman 4.3.1 can run any of these (measured). */
const artifacts: readonly {
  readonly name: string;
  readonly build: (b: Builder) => Descriptor;
  readonly what: string;
}[] = [
  {
    name: 'a referrer that oras copied',
    build: (b) =>
      manifest(b, {
        configType: 'application/vnd.oci.empty.v1+json',
        config: {},
        layerType: 'application/spdx+json',
        layer: json({ spdx: 1 }),
        more: { artifactType: 'application/spdx+json' },
      }),
    what: 'an SBOM',
  },
  {
    name: 'a signature of cosign under its tag',
    build: (b) =>
      manifest(
        b,
        { layerType: 'application/vnd.dev.cosign.simplesigning.v1+json', layer: statement },
        named('sha256-00.sig'),
      ),
    what: 'a signature of cosign',
  },
  {
    name: 'a config that is not JSON',
    build: (b) => manifest(b, { configType: 'text/plain', config: Buffer.from('hello') }),
    what: 'text/plain',
  },
  {
    name: 'an artifact manifest, which has no config',
    build: (b) => b.blob(json({ blobs: [] }), 'application/vnd.oci.artifact.manifest.v1+json'),
    what: 'application/vnd.oci.artifact.manifest.v1+json',
  },
  {
    name: 'an entry of a build cache',
    build: (b) =>
      index(
        b,
        [
          b.blob(gzipSync(base), mediaTypes.layer),
          b.blob(json({ layers: [] }), 'application/vnd.buildkit.cacheconfig.v0'),
        ],
        named('cache'),
      ),
    what: '(a layer) and sha256:',
  },
  {
    name: 'an index of SOCI in the index of the image',
    build: (b) =>
      manifest(
        b,
        {
          configType: 'application/vnd.oci.empty.v1+json',
          config: {},
          layer: Buffer.alloc(0),
          layerType: 'application/octet-stream',
          more: { artifactType: 'application/vnd.amazon.soci.index.v2+json' },
        },
        onPlatform('amd64'),
      ),
    what: 'an index of SOCI',
  },
];

describe('an artifact', () => {
  for (const { name, build, what } of artifacts)
    it(`is left out of a layout with an image: ${name}`, async (t) => {
      const b = layoutBuilder();
      const image = b.image({ layers: [app] }, onPlatform('amd64'));
      const path = writeFolder(t, b.index(index(b, [image], named('v1')), build(b)));
      for (const platform of ['linux/amd64', 'all']) {
        const { targets } = await openAll(path, { platform });
        assert.deepEqual(
          targets.map(({ digest }) => digest),
          [image.digest],
        );
        const [problem, ...others] = targets[0]?.problems ?? [];
        assert.deepEqual([problem?.kind, others], ['notice', []]);
        const { message = '' } = problem ?? {};
        assert.match(message, /^not an image, and left out: sha256:\w+ \(/);
        assert.ok(message.includes(what), message);
      }
    });

  for (const { name, build } of artifacts)
    it(`is not judged where it is alone: ${name}`, async (t) => {
      const b = layoutBuilder();
      const { targets } = await openAll(writeFolder(t, b.index(build(b))));
      const problems = targets.flatMap(({ problems: each }) => each);
      assert.equal(problems[0]?.kind, 'damaged');
      assert.match(problems[0]?.message ?? '', /is not an image: /);
    });
});

/** Types that do not keep a runtime from running it: podman, containerd or both did (measured). */
const images: readonly {
  readonly name: string;
  readonly build: (b: Builder) => Descriptor;
  readonly problems?: readonly string[];
}[] = [
  {
    name: 'a tar as a layer of another type',
    build: (b) =>
      manifest(b, {
        config: { rootfs: { type: 'layers', diff_ids: [] } },
        layerType: foreign,
        layer: gzipSync(app),
      }),
    problems: ['damaged'],
  },
  {
    name: 'a config of another type that has a rootfs',
    build: (b) => manifest(b, { configType: foreign }),
  },
  {
    name: 'a config of the right type without a rootfs',
    build: (b) => manifest(b, { config: { os: 'linux' }, layer: gzipSync(app) }),
    problems: ['damaged'],
  },
  {
    name: 'an image with an artifactType and a subject',
    build: (b) =>
      manifest(b, { more: { artifactType: foreign, subject: b.blob(Buffer.from('x'), foreign) } }),
  },
  {
    name: 'a manifest that its index gives another type',
    build: (b) => ({ ...manifest(b, {}), mediaType: foreign }),
  },
  {
    name: 'an empty layer of another type',
    build: (b) => manifest(b, { layerType: foreign, layer: Buffer.alloc(0) }),
    problems: ['damaged'],
  },
];

describe('an image whose types say that it is none', () => {
  for (const { name, build, problems = [] } of images)
    it(`is judged: ${name}`, async (t) => {
      const b = layoutBuilder();
      const built = build(b);
      const path = writeFolder(t, b.index(index(b, [built], named('v1'))));
      const { targets } = await openAll(path, { platform: 'all' });
      assert.deepEqual(
        targets.map(({ digest }) => digest),
        [built.digest],
      );
      assert.deepEqual(
        targets.flatMap((target) => target.problems.map(({ kind }) => kind)),
        problems,
      );
    });
});

describe('a layer that cannot be had', () => {
  const imageOf = (b: Builder, layer: Descriptor) => {
    const config = b.blob(
      json({ rootfs: { type: 'layers', diff_ids: [sha256('x')] } }),
      mediaTypes.config,
    );
    return b.blob(json({ schemaVersion: 2, config, layers: [layer] }), mediaTypes.manifest);
  };

  it('is encrypted, and its type says so', async (t) => {
    const b = layoutBuilder();
    const layer = b.blob(Buffer.alloc(4096, 7), `${mediaTypes.layer}+encrypted`);
    const { walks } = await openAll(writeFolder(t, b.index(imageOf(b, layer))));
    assert.match(
      `${walks[0]?.[0]?.damage}`,
      /^UnsupportedFormat: the layer sha256:\w+ is encrypted \(.*\+encrypted\), and cannot be read without its key$/,
    );
  });

  it('is distributed by its own addresses', async (t) => {
    const b = layoutBuilder();
    const layer = {
      ...b.blob(Buffer.from('x'), mediaTypes.layer),
      urls: ['https://example.org/x'],
    };
    b.files.delete(blobName(layer.digest));
    const { targets } = await openAll(writeFolder(t, b.index(imageOf(b, layer))));
    assert.match(
      targets[0]?.problems[0]?.message ?? '',
      /is not here, since it is distributed by its own addresses alone: https:\/\/example.org\/x$/,
    );
  });
});
