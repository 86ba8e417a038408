import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MalformedInput } from '../../src/base/errors.ts';
import { field, parseDocument, required, text, textMap } from '../../src/sources/json/json.ts';
import { app, base, config, configItem, configName, manifest } from './docker-samples.ts';
import {
  blobName,
  configOf,
  json,
  layoutBuilder,
  mediaTypes,
  named,
  onPlatform,
  sha256,
  type TarItem,
  tarOf,
} from './image-builder.ts';
import { openAll, summary, writeFile, writeFolder } from './workbench.ts';

const twins = [
  { name: 'a key twice', body: '{"a":1,"a":1}', says: 'doc has the keys "a" (1) and "a" (1)' },
  {
    name: 'a key in two cases',
    body: '{"layers":["good"],\n "Layers": ["bad"]}',
    says: 'doc has the keys "layers" (["good"]) and "Layers" (["bad"])',
  },
  {
    name: 'the long s',
    body: '{"layers":1,"layer\u017f":2}',
    says: '"layers" (1) and "layerſ" (2)',
  },
  { name: 'the sign of Kelvin', body: '{"k":1,"\\u212a":2}', says: '"k" (1) and "\u212a" (2)' },
  { name: 'an escaped letter', body: '{"digest":"x","\\u0044igest":"y"}', says: '("x") and' },
  {
    name: 'keys far inside',
    body: '{"l":[0,{"x":[[],{"d":1,"D":2}]}]}',
    says: 'doc.l[1].x[1] has the keys "d"',
  },
  { name: 'keys behind other keys', body: '{"a":{"b":1},"c":"{","A":0}', says: '"a" ({"b":1}' },
  { name: 'null and a value', body: '{"Layers":[],"layers":null}', says: '"layers" (null)' },
  { name: 'a label twice', body: '{"Labels":{"a":"1","a":"2"}}', says: 'doc.Labels has the keys' },
  {
    name: 'an object in a map',
    body: '{"annotations":{"x":{"y":1,"Y":2}}}',
    says: 'doc.annotations.x has',
  },
];

describe('keys that container runtimes take for one', () => {
  for (const { name, body, says } of twins) {
    it(`${name} is refused, and both readings are shown`, () => {
      assert.throws(
        () => parseDocument(Buffer.from(body), 'doc'),
        (error) => error instanceof MalformedInput && error.message.includes(says),
      );
    });
  }
  for (const body of [
    '{"annotations":{"a":"1","A":"2"},"Labels":{"k":"1","\\u212a":"2"}}',
    '{"ExposedPorts":{"80/tcp":{},"80/TCP":{}},"Volumes":{"/a":{},"/A":{}}}',
    '[{"a":1},{"a":1},{"A":["a","a"]}]',
    '{"a":"\\"a\\":1,\\"a\\":2"}',
    '{"a":{"a":{"a":1}}}',
  ]) {
    it(`${body} means one thing`, () => void parseDocument(Buffer.from(body), 'doc'));
  }
  it('half a million objects are looked at without recursion', () => {
    const body = `[${'{"a":1},'.repeat(240_000)}{}]`;
    assert.ok(Array.isArray(parseDocument(Buffer.from(body), 'doc').value));
  });
});

describe('a document means what it means to a Go program', () => {
  const document = parseDocument(
    Buffer.from(
      '{"LAYER\\u017f":["x"],"\\ud800":1,"Name":"l\\udcff.tar","rootFS":{"DIFF_ids":[]}}',
    ),
    'doc',
  );
  it('a field is found in any case', () => {
    assert.deepEqual(field(document, 'layers')?.value, ['x']);
    assert.deepEqual(required(required(document, 'rootfs'), 'diff_ids').value, []);
  });
  it('a lone surrogate is not a byte of a file name', () =>
    assert.equal(text(required(document, 'name')), 'l\ufffd.tar'));
  it('a key of a map is found in its own case alone', () => {
    const labels = parseDocument(Buffer.from('{"labels":{"Maintainer":"x"}}'), 'doc');
    assert.deepEqual([...textMap(labels, 'Labels')], [['Maintainer', 'x']]);
  });
  for (const [name, body] of [
    ['a byte order mark', '\ufeff{}'],
    ['something behind the document', '{} {}'],
    ['a comment', '{}//'],
    ['a number that Go does not read', '{"a":01}'],
  ] as const) {
    it(`${name} is refused`, () =>
      assert.throws(() => parseDocument(Buffer.from(body), 'doc'), MalformedInput));
  }
});

const layers: readonly TarItem[] = [
  { name: 'a.tar', body: base },
  { name: 'b.tar', body: app },
];
const sound: readonly TarItem[] = [...layers, configItem, manifest(['a.tar', 'b.tar'])];
const other = manifest(['b.tar']);

const members: readonly { name: string; items: readonly TarItem[]; says: RegExp }[] = [
  { name: 'manifest.json twice', items: [...sound, other], says: /holds manifest.json twice/ },
  {
    name: './manifest.json in front',
    items: [{ ...other, name: './manifest.json' }, ...sound],
    says: /holds manifest.json twice, with \d+ bytes and with \d+/,
  },
  {
    name: '/x/../manifest.json behind',
    items: [...sound, { ...other, name: '/x/../manifest.json' }],
    says: /holds manifest.json twice/,
  },
  {
    name: 'a config twice',
    items: [...sound, { name: `./${configName}`, body: configOf({ layers: [app] }) }],
    says: /holds [0-9a-f]+.json twice/,
  },
  {
    name: 'a layer twice, with the same size',
    items: [...sound, { name: 'a.tar', body: Buffer.alloc(base.length) }],
    says: /holds a.tar twice/,
  },
  {
    name: 'a layer and a link of its name',
    items: [...sound, { name: './a.tar', type: 'symlink', linkname: 'b.tar' }],
    says: /holds a.tar twice, and one of them is a link/,
  },
  {
    name: 'a layer below a link',
    items: [
      { name: 'd', type: 'symlink', linkname: 'e' },
      { name: 'd/a.tar', body: base },
      configItem,
      manifest(['d/a.tar', 'd/a.tar']),
    ],
    says: /d\/a.tar is below d, which is a symlink/,
  },
  {
    name: 'a key in two cases',
    items: [
      ...layers,
      configItem,
      {
        name: 'manifest.json',
        body: `[{"Config":"${configName}","Layers":["a.tar","b.tar"],"layers":["b.tar"]}]`,
      },
    ],
    says: /manifest.json\[0\] has the keys "Layers" .* and "layers"/,
  },
];

async function problemsOf(path: string): Promise<string> {
  try {
    const { targets, walks } = await openAll(path);
    return [
      ...targets.flatMap(({ problems }) => problems.map(({ message }) => message)),
      ...walks.flat().map(({ damage }) => damage?.message ?? ''),
    ].join('\n');
  } catch (error) {
    assert.ok(error instanceof MalformedInput, String(error));
    return error.message;
  }
}

describe('an archive that means two things is a problem', () => {
  for (const { name, items, says } of members) {
    it(name, async (t) => assert.match(await problemsOf(writeFile(t, await tarOf(items))), says));
  }
});

/** Files of a layout, with a manifest.json as newer Dockers write it. */
function saved(docker: unknown, build: (b: ReturnType<typeof layoutBuilder>) => void) {
  const builder = layoutBuilder((layer) => layer);
  builder.blob(config, 'config');
  for (const layer of [base, app]) builder.blob(layer, 'layer');
  build(builder);
  builder.files.set('manifest.json', Buffer.isBuffer(docker) ? docker : json(docker));
  return builder.files;
}

const blobs = [base, app].map((layer) => blobName(sha256(layer)));
const docker = [{ Config: blobName(sha256(config)), RepoTags: ['repo:v1'], Layers: blobs }];
const called = { annotations: { 'io.containerd.image.name': 'docker.io/library/repo:v1' } };
const good = { layers: [base, app] };
const evil = { layers: [base, app, base] };

const readings: readonly {
  readonly name: string;
  readonly files: ReadonlyMap<string, Buffer>;
  /** null: they agree. */
  readonly says: RegExp | null;
}[] = [
  {
    name: 'the same image, as docker save writes it',
    files: saved(docker, (b) => b.index(b.image(good, called))),
    says: null,
  },
  {
    name: 'the same image, and other platforms of which some are not here',
    files: saved(docker, (b) => {
      const absent = { ...b.image({ ...good, architecture: 's390x' }, onPlatform('s390x')) };
      b.files.delete(blobName(absent.digest));
      const index = { schemaVersion: 2, manifests: [b.image(good, onPlatform('amd64')), absent] };
      b.index(b.blob(json(index), 'application/vnd.oci.image.index.v1+json', called));
    }),
    says: null,
  },
  {
    name: 'the same image with an artifact that is not an image',
    files: saved(docker, (b) => {
      const empty = b.blob(Buffer.from('{}'), 'application/vnd.oci.empty.v1+json');
      const artifact = { schemaVersion: 2, config: empty, layers: [] };
      b.index(b.image(good, called), b.blob(json(artifact), 'x'));
    }),
    says: null,
  },
  {
    name: 'another config',
    files: saved(docker, (b) => b.index(b.image(evil, called))),
    says: /manifest.json leads to the config sha256:\w+, and index.json to sha256:\w+/,
  },
  {
    name: 'another image with the same one',
    files: saved(docker, (b) => b.index(b.image(good, called), b.image(evil, named('x')))),
    says: /index.json leads to the config sha256:\w+ for linux\/amd64, and manifest.json to sha256/,
  },
  {
    name: 'the same config with other layers',
    files: saved(docker, (b) => {
      const { digest, size } = b.blob(config, 'config');
      const listed = [b.blob(app, 'layer'), b.blob(base, 'layer')];
      const image = { schemaVersion: 2, config: { digest, size }, layers: listed };
      b.index(b.blob(json(image), 'x', called));
    }),
    says: /manifest.json names the layers .*, and index.json sha256/,
  },
  {
    name: 'names exchanged',
    files: saved(
      [
        ...docker,
        {
          Config: blobName(sha256(configOf(evil))),
          RepoTags: ['x:2'],
          Layers: [...blobs, blobs[0]],
        },
      ],
      (b) => b.index(b.image(evil, called), b.image(good, named('x:2'))),
    ),
    says: /index.json leads from docker.io\/library\/repo:v1 to the config sha256:\w+, and manifest/,
  },
  {
    name: 'an index.json that is not an index',
    files: saved(docker, (b) => b.files.set('index.json', Buffer.from('{'))),
    says: /manifest.json can be read, and index.json cannot/,
  },
  {
    name: 'an index.json with keys in two cases',
    files: saved(docker, (b) => {
      const one = JSON.stringify(b.image(good, called));
      const two = JSON.stringify(b.image(evil, called));
      const body = `{"schemaVersion":2,"manifests":[${one}],"Manifests":[${two}]}`;
      b.files.set('index.json', Buffer.from(body));
    }),
    says: /index.json cannot.*"manifests".*"Manifests"/s,
  },
  {
    name: 'an index that is a manifest as well',
    files: saved(docker, (b) => {
      const manifests = [b.image(good, called)];
      b.files.set('index.json', json({ schemaVersion: 2, manifests, layers: [] }));
    }),
    says: /index.json has layers, expected an index of manifests/,
  },
  {
    name: 'no oci-layout, which podman does without',
    files: saved(docker, (b) => {
      b.index(b.image(evil, called));
      b.files.delete('oci-layout');
    }),
    says: /manifest.json leads to the config/,
  },
];

/** As BuildKit marks an attestation. */
const nowhere = { os: 'unknown', architecture: 'unknown' };

describe('manifest.json and index.json of one archive', () => {
  for (const { name, files, says } of readings) {
    it(`${name}: ${says === null ? 'they agree' : 'a problem'}`, async (t) => {
      const items = [...files].map(([path, body]) => ({ name: path, body }));
      const problems = await problemsOf(writeFile(t, await tarOf(items)));
      if (says === null) assert.equal(problems.trim(), '');
      else assert.match(problems, says);
    });
  }

  it('an image for this machine that only index.json knows is judged as well', async (t) => {
    const arm = [
      { ...docker[0], Config: blobName(sha256(configOf({ ...good, architecture: 's390x' }))) },
    ];
    const files = saved(arm, (b) => {
      const foreign = b.image({ ...good, architecture: 's390x' }, onPlatform('s390x'));
      const own = process.arch === 'arm64' ? 'arm64' : 'amd64';
      b.index(foreign, b.image({ ...evil, architecture: own }, onPlatform(own)));
    });
    const items = [...files].map(([name, body]) => ({ name, body }));
    const opened = await openAll(writeFile(t, await tarOf(items)));
    assert.equal(summary(opened).length, 2);
  });

  it('all platforms of a name in front of which the archive stands are judged', async (t) => {
    const files = saved(docker, (b) => {
      const arm = b.image({ ...good, architecture: 'arm64' }, onPlatform('arm64'));
      const marked = b.image({ ...good, architecture: 's390x' }, { platform: nowhere });
      const manifests = [b.image(good, onPlatform('amd64')), arm, marked];
      const index = { schemaVersion: 2, manifests };
      b.index(b.blob(json(index), 'application/vnd.oci.image.index.v1+json', called));
    });
    const path = writeFile(t, await tarOf([...files].map(([name, body]) => ({ name, body }))));
    const [name] = docker[0]?.RepoTags ?? [];
    const { targets } = await openAll(`${path}:${name}`, { platform: 'all' });
    assert.deepEqual(
      targets.map(({ platform, otherPlatforms }) => [platform, otherPlatforms]),
      [
        ['linux/amd64', undefined],
        ['linux/arm64', undefined],
        ['linux/s390x', undefined],
      ],
    );
  });

  it('platforms that only index.json knows are named, or judged where all are wanted', async (t) => {
    const files = saved(docker, (b) => {
      const absent = b.image({ ...good, architecture: 's390x' }, onPlatform('s390x'));
      b.files.delete(blobName(absent.digest));
      const arm = b.image({ ...good, architecture: 'arm64' }, onPlatform('arm64'));
      const layers = [{ mediaType: 'application/vnd.in-toto+json', size: 2, digest: sha256('{}') }];
      const seal = b.blob(json({ config: {}, layers }), mediaTypes.manifest, { platform: nowhere });
      const manifests = [b.image(good, onPlatform('amd64')), arm, absent, seal];
      const index = { schemaVersion: 2, manifests };
      b.index(b.blob(json(index), 'application/vnd.oci.image.index.v1+json', called));
    });
    const path = writeFile(t, await tarOf([...files].map(([name, body]) => ({ name, body }))));
    const others = async (platform: string) => {
      const { targets } = await openAll(path, { platform });
      return targets.map(({ platform: of, otherPlatforms, problems }) => [
        of,
        otherPlatforms,
        problems.length,
      ]);
    };
    assert.deepEqual(await others('linux/amd64'), [
      ['linux/amd64', ['linux/arm64', 'linux/s390x'], 0],
    ]);
    assert.deepEqual(await others('all'), [
      ['linux/amd64', undefined, 0],
      ['linux/arm64', undefined, 0],
      [null, undefined, 1],
    ]);
  });

  for (const form of ['oci-dir', 'oci-archive'] as const) {
    it(`${form} is compared with manifest.json`, async (t) => {
      const files = saved(docker, (b) => b.index(b.image(evil, called)));
      const items = [...files].map(([name, body]) => ({ name, body }));
      const path = form === 'oci-dir' ? writeFolder(t, files) : writeFile(t, await tarOf(items));
      assert.match(await problemsOf(`${form}:${path}`), /manifest.json leads to the config/);
    });
  }
});
