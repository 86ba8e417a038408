import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { MalformedInput } from '../../src/base/errors.ts';
import { app, arm, base, combined, configItem, configName, manifest } from './docker-samples.ts';
import { json, type TarItem, tarOf } from './image-builder.ts';
import { openAll, writeFile } from './workbench.ts';

interface Broken {
  readonly name: string;
  readonly items: readonly TarItem[];
  /** Problem kinds of the target, then what each layer's walk ends with. */
  readonly want: readonly (string | null)[];
  readonly says: RegExp;
}

const layers: readonly TarItem[] = [
  { name: 'a.tar', body: base },
  { name: 'b.tar', body: app },
];
const loop: readonly TarItem[] = [
  { name: 'a.tar', type: 'symlink', linkname: 'b.tar' },
  { name: 'b.tar', type: 'link', linkname: 'a.tar' },
];

const broken: readonly Broken[] = [
  {
    name: 'a missing layer',
    items: [configItem, { name: 'b.tar', body: app }, manifest(['a.tar', 'b.tar'])],
    want: ['missing', null, null],
    says: /the layer a.tar is not here/,
  },
  {
    name: 'a missing config',
    items: [...layers, manifest(['a.tar', 'b.tar'])],
    want: ['missing'],
    says: /the config [0-9a-f]+.json is not here/,
  },
  {
    name: 'layers that link to each other',
    items: [...loop, configItem, manifest(['a.tar', 'b.tar'])],
    want: ['damaged'],
    says: /a.tar is a link that leads back to itself/,
  },
  {
    name: 'a layer that is a directory',
    items: [{ name: 'a.tar', type: 'directory' }, configItem, manifest(['a.tar'])],
    want: ['damaged'],
    says: /a.tar is a directory, expected a file/,
  },
  {
    name: 'layers in the wrong order',
    items: [...layers, configItem, manifest(['b.tar', 'a.tar'])],
    want: ['DigestMismatch', 'DigestMismatch'],
    says: /the uncompressed layer has the digest/,
  },
  {
    name: 'a config with other bytes',
    items: [...layers, { name: configName, body: arm }, manifest(['a.tar', 'b.tar'])],
    want: ['digest-mismatch'],
    says: /has the digest sha256:\w+, expected/,
  },
  {
    name: 'a blob that is not its digest',
    items: [
      { name: combined[0] ?? '', body: app },
      { name: combined[1] ?? '', body: app },
      configItem,
      manifest(combined),
    ],
    want: ['DigestMismatch', null],
    says: /the blob has the digest/,
  },
  {
    name: 'a link out of the archive',
    items: [
      { name: 'a.tar', type: 'symlink', linkname: '../../../etc/passwd' },
      { name: 'b.tar', body: app },
      configItem,
      manifest(['a.tar', 'b.tar']),
    ],
    want: ['missing', null, null],
    says: /a.tar is not here/,
  },
  {
    name: 'a config of the wrong shape',
    items: [
      { name: 'c.json', body: json({ rootfs: { diff_ids: 'x' } }) },
      manifest([], null, 'c.json'),
    ],
    want: ['damaged'],
    says: /c.json.rootfs.diff_ids is a string, expected an array/,
  },
];

for (const { name, items, want: ends, says } of broken) {
  test(`${name} is reported`, async (t) => {
    const { targets, walks } = await openAll(writeFile(t, await tarOf(items)));
    const problems = targets[0]?.problems ?? [];
    const walked = walks[0] ?? [];
    assert.deepEqual(
      [...problems.map(({ kind }) => kind), ...walked.map(({ damage }) => damage?.name ?? null)],
      ends,
    );
    assert.match(
      [...problems, ...walked.map(({ damage }) => damage)].map((each) => each?.message).join('\n'),
      says,
    );
  });
}

const hostile = [
  { body: '{', says: /manifest.json is not JSON/ },
  { body: '{}', says: /manifest.json is an object, expected an array/ },
  { body: '[]', says: /lists no image/ },
  { body: '[{"Config":1}]', says: /manifest.json\[0\].Config is 1, expected a string/ },
  {
    body: '[{"Config":"a","Layers":[{}]}]',
    says: /manifest.json\[0\].Layers\[0\] is an object, expected a string/,
  },
];

for (const { body, says } of hostile) {
  test(`manifest.json ${body} is damage`, async (t) => {
    const path = writeFile(t, await tarOf([{ name: 'manifest.json', body }]));
    await assert.rejects(
      openAll(path),
      (error) => error instanceof MalformedInput && says.test(error.message),
    );
  });
}

test('a truncated archive is read as far as it goes', async (t) => {
  const whole = await tarOf([
    configItem,
    manifest(['a.tar', 'b.tar']),
    { name: 'b.tar', body: app },
    { name: 'a.tar', body: base },
  ]);
  for (const bytes of [whole.subarray(0, -2048), gzipSync(whole).subarray(0, -60)]) {
    const { targets, walks } = await openAll(writeFile(t, bytes));
    assert.equal(targets[0]?.problems[0]?.kind, 'damaged');
    const [, last] = walks[0] ?? [];
    assert.deepEqual([last?.paths, last?.damage], [['app'], null]);
  }
});

test('a truncated archive whose manifest is gone is damaged, not empty', async (t) => {
  const whole = await tarOf([...layers, configItem, manifest(['a.tar', 'b.tar'])]);
  await assert.rejects(
    openAll(`docker-archive:${writeFile(t, whole.subarray(0, 2600))}`),
    MalformedInput,
  );
});
