import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { UsageError } from '../../src/base/errors.ts';
import type { BaseEvidence } from '../../src/base/image-config.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import { onNamedBase, readNamedBase } from '../../src/sources/image/base/named-base.ts';
import { openTarget } from '../../src/sources/input/find-source.ts';
import type { Target } from '../../src/sources/source.ts';
import { tarEntry, tarOf } from '../support/archives/tar-builder.ts';

const folder = mkdtempSync(join(tmpdir(), 'base-layers-test-'));
after(() => rmSync(folder, { recursive: true }));

interface Entry {
  readonly created_by?: string;
  readonly comment?: string;
  readonly empty_layer?: boolean;
}

const layer = (created_by: string, comment?: string): Entry => ({
  created_by,
  ...(comment === undefined ? {} : { comment }),
});
const empty = (created_by: string, comment?: string): Entry => ({
  ...layer(created_by, comment),
  empty_layer: true,
});

interface Made {
  readonly history: readonly Entry[];
  readonly cmd?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

let made = 0;

/** A layout of images, in which each layer has its own number in it. */
class Layout {
  readonly path: string;
  readonly manifests: object[] = [];

  constructor() {
    made += 1;
    this.path = join(folder, `${made}`);
    mkdirSync(join(this.path, 'blobs/sha256'), { recursive: true });
    writeFileSync(join(this.path, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  }

  blob(bytes: Buffer, mediaType: string): Descriptor {
    const hex = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(this.path, 'blobs/sha256', hex), bytes);
    return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
  }

  json(value: unknown, mediaType: string): Descriptor {
    return this.blob(Buffer.from(JSON.stringify(value)), mediaType);
  }

  layers(history: readonly Entry[]): readonly Descriptor[] {
    return history
      .filter(({ empty_layer }) => empty_layer !== true)
      .map((_, at) =>
        this.blob(
          tarOf(tarEntry({ name: `layer-${at}` }, Buffer.from(`${at}`))),
          'application/vnd.oci.image.layer.v1.tar',
        ),
      );
  }

  image({ history, cmd = [], labels = {}, annotations = {} }: Made, name = 'app'): Descriptor {
    const layers = this.layers(history);
    const config = this.json(
      {
        os: 'linux',
        architecture: 'amd64',
        config: { Cmd: cmd, Labels: labels },
        rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
        history,
      },
      'application/vnd.oci.image.config.v1+json',
    );
    const type = 'application/vnd.oci.image.manifest.v1+json';
    const manifest = { schemaVersion: 2, mediaType: type, config, layers, annotations };
    const described = this.json(manifest, type);
    this.list({ ...described, annotations: { 'org.opencontainers.image.ref.name': name } });
    return described;
  }

  list(descriptor: object): void {
    this.manifests.push(descriptor);
    const index = { schemaVersion: 2, manifests: this.manifests };
    writeFileSync(join(this.path, 'index.json'), JSON.stringify(index));
  }

  async open(name = 'app'): Promise<Target> {
    const reference = `${this.path}:${name}`;
    const options = { platform: null, limits: defaultLimits };
    const { targets, close } = await openTarget(reference, options);
    await close();
    const [target] = targets;
    assert.ok(target);
    return target;
  }
}

async function opened(image: Made): Promise<Target> {
  const layout = new Layout();
  layout.image(image);
  return layout.open();
}

const alpine = [layer('ADD alpine.tar / # buildkit'), empty('CMD ["/bin/sh"]')];
const debian = layer("# debian.sh --arch 'amd64' out/ 'bookworm'", 'debuerreotype 0.15');
const node = [debian, layer('RUN node'), empty('CMD ["node"]')];
const copy = layer('COPY app / # buildkit');
const topLayer = () => {
  const bytes = tarOf(tarEntry({ name: 'layer-1' }, Buffer.from('1')));
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
};
const buildpacks = (top: string) => ({
  'io.buildpacks.lifecycle.metadata': JSON.stringify({ runImage: { topLayer: top, image: 'run' } }),
});

const cases: readonly (readonly [
  name: string,
  image: Made,
  layers: number | null,
  how: BaseEvidence | null,
])[] = [
  ['a base image itself', { history: alpine }, null, null],
  ['a layer after the CMD of the base', { history: [...alpine, copy] }, 1, 'command'],
  [
    'a CMD before a COPY of the same Dockerfile ends nothing',
    { history: [...alpine, copy, empty('CMD ["/app"]'), copy], cmd: ['/app'] },
    1,
    'command',
  ],
  ['a CMD that the image itself has', { history: [...alpine, copy], cmd: ['/bin/sh'] }, null, null],
  [
    "Docker's older spelling",
    {
      history: [
        layer('/bin/sh -c #(nop) ADD file:1 in / '),
        empty('/bin/sh -c #(nop)  CMD ["bash"]'),
        layer('/bin/sh -c apt-get update'),
      ],
    },
    1,
    'command',
  ],
  [
    'a base on a base: the last CMD counts',
    { history: [...alpine, layer('RUN x'), empty('CMD ["x"]'), copy] },
    2,
    'command',
  ],
  ['a base without CMD', { history: [layer('ADD x /'), copy] }, null, null],
  ['a command that only begins so', { history: [layer('CMDS'), layer('COPY')] }, null, null],
  ['no history', { history: [] }, null, null],
  ['debuerreotype', { history: [debian, copy] }, 1, 'builder'],
  ['debuerreotype alone', { history: [debian] }, null, null],
  [
    'what is built on debuerreotype',
    { history: [...node, copy], cmd: ['node', 'x.js'] },
    2,
    'command',
  ],
  [
    "Alpine's minirootfs, with a CMD that the image has too",
    {
      history: [
        layer('ADD alpine-minirootfs-3.20.3-x86_64.tar.gz / # buildkit'),
        empty('CMD ["/bin/sh"]'),
        copy,
      ],
      cmd: ['/bin/sh'],
    },
    1,
    'builder',
  ],
  [
    'bazel, and a COPY on it',
    { history: [layer('bazel build //a'), layer('bazel build //b'), copy] },
    2,
    'builder',
  ],
  [
    "bazel alone: which of them are the author's own is not known",
    { history: [layer('bazel build //a'), layer('bazel build //b')] },
    null,
    null,
  ],
  ['apko', { history: [layer('apko', 'This is an apko single-layer image'), copy] }, 1, 'builder'],
  ['apko alone', { history: [layer('apko')] }, null, null],
  [
    'Nix on another image',
    { history: [layer('x'), layer('', "store paths: ['/nix/store/a']")] },
    1,
    'builder',
  ],
  ['Nix alone', { history: [layer('', "store paths: ['/nix/store/a']")] }, null, null],
  [
    'Jib',
    { history: [layer('x'), layer('y'), layer('jib-maven-plugin:3.4.0', 'classes')] },
    2,
    'builder',
  ],
  ['ko', { history: [layer('x'), layer('ko build ko://example.org/app')] }, 1, 'builder'],
  [
    'the FROM that podman writes',
    { history: [debian, layer('/bin/sh -c make', 'FROM docker.io/library/debian:12')] },
    1,
    'builder',
  ],
  [
    'the last FROM of two counts',
    { history: [debian, layer('a', 'FROM debian:12'), layer('b', 'FROM localhost/mid:1')] },
    2,
    'builder',
  ],
  [
    'the run image of buildpacks',
    { history: [layer('a'), layer('b'), layer('c')], labels: buildpacks(topLayer()) },
    2,
    'label',
  ],
  [
    'a run image of other layers',
    { history: [layer('a'), layer('b'), layer('c')], labels: buildpacks('sha256:0') },
    null,
    null,
  ],
  [
    'a label of buildpacks that is not JSON',
    { history: [layer('a'), layer('b')], labels: { 'io.buildpacks.lifecycle.metadata': '{' } },
    null,
    null,
  ],
];

describe('which layers are those of the base image', () => {
  for (const [name, image, layers, how] of cases)
    it(`${name}: ${layers}`, async () => {
      const { base, layers: all } = await opened(image);
      assert.deepEqual([base?.layers, base?.how], [layers, how]);
      const origins = all.map(({ origin }) => origin);
      const want = all.map((_, at) => (layers === null ? null : at < layers ? 'base' : 'own'));
      assert.deepEqual(origins, want);
    });
});

describe('annotations and labels name the base image', () => {
  const names = {
    'org.opencontainers.image.base.name': 'example.org/base:1',
    'org.opencontainers.image.base.digest': `sha256:${'0'.repeat(64)}`,
  };
  for (const [name, image] of [
    ['an annotation', { history: [layer('a'), copy], annotations: names }],
    ['a label', { history: [layer('a'), copy], labels: names }],
  ] as const)
    it(`${name}: the number of its layers is not known, and that is said`, async () => {
      const { base } = await opened(image);
      assert.equal(base?.layers, null);
      assert.equal(base?.name, 'example.org/base:1');
      assert.match(base?.because ?? '', /example\.org\/base:1.*--base/);
    });
  it('where it lies in the same layout, its layers are counted', async () => {
    const layout = new Layout();
    const { digest } = layout.image({ history: [layer('a'), layer('b')] }, 'base');
    const annotations = { 'org.opencontainers.image.base.digest': digest };
    layout.image({ history: [layer('a'), layer('b'), copy], annotations });
    const { base } = await layout.open();
    assert.deepEqual([base?.layers, base?.how], [2, 'annotation']);
  });
  it('a neighbour with other layers is none', async () => {
    const layout = new Layout();
    const { digest } = layout.image({ history: [layer('a'), layer('b')] }, 'base');
    const annotations = { 'org.opencontainers.image.base.digest': digest };
    layout.image({ history: [layer('a')], annotations });
    assert.equal((await layout.open()).base?.layers, null);
  });
});

describe('provenance of BuildKit', () => {
  async function withProvenance(predicate: (layers: readonly Descriptor[]) => unknown) {
    const layout = new Layout();
    const history = [layer('a'), layer('b'), copy];
    const layers = layout.layers(history);
    const { digest } = layout.image({ history });
    const type = 'application/vnd.in-toto+json';
    const statement = layout.json({ predicate: predicate(layers) }, type);
    const annotations = { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v0.2' };
    const attestation = layout.json(
      { schemaVersion: 2, layers: [{ ...statement, annotations }] },
      'application/vnd.oci.image.manifest.v1+json',
    );
    layout.list({
      ...attestation,
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: {
        'vnd.docker.reference.type': 'attestation-manifest',
        'vnd.docker.reference.digest': digest,
      },
    });
    return (await layout.open()).base;
  }
  const step = (id: string, identifier: string) => ({ id, op: { Op: { source: { identifier } } } });
  const metadata = (layers: unknown) => ({
    'https://mobyproject.org/buildkit@v1#metadata': { layers },
  });

  it('names the layers of the FROM', async () => {
    const base = await withProvenance((layers) => ({
      buildConfig: {
        llbDefinition: [
          step('step0', 'docker-image://docker.io/library/golang:1@sha256:0'),
          step('step1', 'docker-image://docker.io/library/alpine:3.20@sha256:1'),
          step('step2', 'local://context'),
        ],
      },
      metadata: metadata({
        'step0:0': [[{ digest: 'sha256:other' }]],
        'step1:0': [layers.slice(0, 2)],
        'step2:0': [layers],
      }),
    }));
    assert.deepEqual([base?.layers, base?.how], [2, 'provenance']);
    assert.match(base?.name ?? '', /alpine:3\.20/);
  });
  it('of version 1 too', async () => {
    const base = await withProvenance((layers) => ({
      buildDefinition: {
        internalParameters: {
          buildConfig: { llbDefinition: [step('step0', 'docker-image://alpine')] },
        },
      },
      runDetails: {
        metadata: { buildkit_metadata: { layers: { 'step0:0': [layers.slice(0, 1)] } } },
      },
    }));
    assert.deepEqual([base?.layers, base?.how], [1, 'provenance']);
  });
  for (const [name, predicate] of [
    ['nothing', {}],
    ['a list in the place of a record', { metadata: [], buildConfig: [] }],
    ['numbers', { buildConfig: { llbDefinition: 3 } }],
  ] as const)
    it(`${name} shows nothing, and leaves the image whole`, async () => {
      assert.equal((await withProvenance(() => predicate))?.layers, null);
    });
});

describe('--base', () => {
  const options = { platform: null, limits: defaultLimits };
  const named = (asked: string) => readNamedBase(asked, options, openTarget);
  const image = { history: [layer('a'), layer('b'), copy] };

  it('a number', async () => {
    const { base, layers } = onNamedBase(await opened(image), await named('2'));
    assert.deepEqual([base?.layers, base?.how], [2, 'named']);
    assert.deepEqual(
      layers.map(({ origin }) => origin),
      ['base', 'base', 'own'],
    );
  });
  it('the digest of its last layer', async () => {
    const target = await opened(image);
    const digest = target.layers[1]?.digest ?? '';
    assert.equal(onNamedBase(target, await named(digest)).base?.layers, 2);
  });
  it('an image', async () => {
    const layout = new Layout();
    layout.image({ history: [layer('a'), layer('b')] });
    const { base } = onNamedBase(await opened(image), await named(layout.path));
    assert.deepEqual([base?.layers, base?.name], [2, layout.path]);
  });
  it('outweighs what the image says of itself', async () => {
    const { base } = onNamedBase(
      await opened({ history: [...alpine, copy, copy] }),
      await named('2'),
    );
    assert.deepEqual([base?.layers, base?.how], [2, 'named']);
  });
  const refused: readonly (readonly [string, () => Promise<string>, RegExp])[] = [
    ['more layers than there are', async () => '4', /is not built on 4: it has 3 layers/],
    ['a digest of none of them', async () => `sha256:${'0'.repeat(64)}`, /none of its layers/],
    [
      'an image of other layers',
      async () => {
        const layout = new Layout();
        const history = [layer('a'), layer('b'), layer('c'), layer('d')];
        layout.image({ history });
        return layout.path;
      },
      /its first layers are others/,
    ],
  ];
  for (const [name, asked, message] of refused)
    it(`${name}: refused`, async () => {
      const target = await opened(image);
      const base = await named(await asked());
      assert.throws(
        () => onNamedBase(target, base),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  it('what is not an image has no base', async () => {
    const path = join(folder, 'root');
    mkdirSync(path, { recursive: true });
    const { targets } = await openTarget(path, options);
    const base = await named('1');
    assert.throws(() => onNamedBase(targets[0] as Target, base), UsageError);
  });
});
