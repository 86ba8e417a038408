import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MalformedInput, MissingPart } from '../../src/base/errors.ts';
import { type FileMap, json, layoutBuilder, mediaTypes, sha256 } from './image-builder.ts';
import { app, index } from './oci-samples.ts';
import { openAll, writeFolder } from './workbench.ts';

const hostile: readonly {
  readonly name: string;
  readonly files: FileMap;
  readonly throws: unknown;
  readonly says: RegExp;
}[] = [
  {
    name: 'index.json that is not JSON',
    files: layout('{'),
    throws: MalformedInput,
    says: /index.json is not JSON/,
  },
  {
    name: 'an index without manifests',
    files: layout('{}'),
    throws: MalformedInput,
    says: /index.json has no manifests/,
  },
  {
    name: 'an index of nothing',
    files: layout('{"manifests":[]}'),
    throws: MalformedInput,
    says: /lists no image/,
  },
  {
    name: 'a digest that is a path',
    files: layout('{"manifests":[{"digest":"sha256:../../../etc/passwd","size":1}]}'),
    throws: MalformedInput,
    says: /index.json.manifests\[0\].digest is "sha256:..\/..\/..\/etc\/passwd", expected/,
  },
  {
    name: 'a digest of an unknown algorithm',
    files: layout('{"manifests":[{"digest":"md5:d41d8cd98f00b204e9800998ecf8427e","size":1}]}'),
    throws: MalformedInput,
    says: /expected sha256: or sha512:/,
  },
  {
    name: 'a negative size',
    files: layout(`{"manifests":[{"digest":"${sha256('x')}","size":-1}]}`),
    throws: MalformedInput,
    says: /size is -1/,
  },
  {
    name: 'another version of the layout',
    files: layout('{"manifests":[]}', '2.0.0'),
    throws: MalformedInput,
    says: /imageLayoutVersion is "2.0.0", expected 1.0.0/,
  },
  {
    name: 'no index.json for an explicit scheme',
    files: new Map([['oci-layout', json({ imageLayoutVersion: '1.0.0' })]]),
    throws: MissingPart,
    says: /no index.json/,
  },
];

function layout(indexText: string, version = '1.0.0'): FileMap {
  return new Map([
    ['oci-layout', json({ imageLayoutVersion: version })],
    ['index.json', Buffer.from(indexText)],
  ]);
}

for (const { name, files, throws, says } of hostile) {
  test(`hostile layout: ${name}`, async (t) => {
    const path = writeFolder(t, files);
    await assert.rejects(
      openAll(`oci-dir:${path}`),
      (error) => error instanceof Error && error.constructor === throws && says.test(error.message),
    );
  });
}

test('a document over the limit is not read', async (t) => {
  const builder = layoutBuilder();
  const path = writeFolder(
    t,
    builder.index(builder.image({ layers: [app], more: { comment: 'x'.repeat(5000) } })),
  );
  const { targets } = await openAll(path, { limits: { maxDocumentSize: 4000 } });
  assert.deepEqual(
    targets.map(({ problems }) => problems.map(({ kind }) => kind)),
    [['limit']],
  );
});

test('an index that lists itself ever deeper ends', async (t) => {
  const builder = layoutBuilder();
  let inner = builder.image({ layers: [app] });
  for (let depth = 0; depth < 20; depth += 1) inner = index(builder, [inner, inner]);
  const { targets } = await openAll(writeFolder(t, builder.index(inner)));
  assert.deepEqual(
    targets.flatMap(({ problems }) => problems.map(({ kind }) => kind)),
    ['limit'],
  );
});

test('a document that is index and manifest at once is refused', async (t) => {
  const builder = layoutBuilder();
  const config = builder.blob(json({}), mediaTypes.config);
  const both = builder.blob(json({ config, layers: [], manifests: [] }), mediaTypes.manifest);
  const { targets } = await openAll(writeFolder(t, builder.index(both)));
  assert.match(targets[0]?.problems[0]?.message ?? '', /has manifests, expected an image manifest/);
});

test('an artifact that is not an image says so', async (t) => {
  const builder = layoutBuilder();
  const config = builder.blob(json({}), 'application/vnd.cncf.helm.config.v1+json');
  const { targets } = await openAll(
    writeFolder(t, builder.index(builder.blob(json({ config, layers: [] }), mediaTypes.manifest))),
  );
  assert.match(
    targets[0]?.problems[0]?.message ?? '',
    /is not an image: its config is of type application\/vnd.cncf.helm/,
  );
});
