import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFile as writeFileCallback, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { MalformedArchive, UsageError } from '../../src/errors.ts';
import {
  json,
  layerOf,
  layoutBuilder,
  type TarItem,
  tarOf,
  tarOfFiles,
  zstdOf,
} from './image-builder.ts';
import { folder, openAll, writeFile, writeFolder } from './workbench.ts';

const elf = Buffer.concat([Buffer.from('\x7fELF', 'latin1'), Buffer.alloc(600)]);
const root: readonly TarItem[] = [
  { name: './', type: 'directory' },
  { name: './etc/passwd', body: 'x' },
];
const disguised: readonly TarItem[] = [
  { name: 'manifest.json', body: '[]' },
  { name: 'oci-layout', body: '{}' },
  { name: 'index.json', body: '{}' },
  ...root,
];
const layer = await layerOf('app');
const builder = layoutBuilder();
const image = builder.image({ layers: [layer] });
const layoutFiles = builder.index(image);

const claims = [
  { name: 'an ELF file', bytes: elf, want: 'file' },
  { name: 'a tar of a root filesystem', bytes: await tarOf(root), want: 'rootfs' },
  { name: 'a tar of anything', bytes: await tarOf([{ name: 'app', body: elf }]), want: 'rootfs' },
  {
    name: 'a root filesystem that holds a manifest.json and an OCI layout',
    bytes: await tarOf(disguised),
    want: 'rootfs',
  },
  { name: 'an OCI layout in a tar', bytes: await tarOfFiles(layoutFiles), want: 'oci-archive' },
];

for (const { name, bytes, want } of claims) {
  for (const [form, pack] of [
    ['', (plain: Buffer) => plain],
    [', gzip', gzipSync],
    [', zstd', zstdOf],
  ] as const) {
    if (want === 'file' && form !== '') continue;
    test(`${name}${form} is opened as ${want}, whatever it is called`, async (t) => {
      const { targets, walks } = await openAll(writeFile(t, pack(bytes), 'picture.jpg'));
      assert.deepEqual(
        targets.map(({ scheme }) => scheme),
        [want],
      );
      assert.equal(walks[0]?.[0]?.damage, null);
    });
  }
}

test('a directory is a root filesystem unless it is an OCI layout', async (t) => {
  const plain = folder(t);
  assert.equal((await openAll(plain)).targets[0]?.scheme, 'dir');
  const layout = writeFolder(t, layoutFiles);
  assert.equal((await openAll(layout)).targets[0]?.scheme, 'oci-dir');
  writeFileSync(join(layout, 'manifest.json'), '[]');
  assert.equal((await openAll(layout)).targets[0]?.scheme, 'oci-dir');
  mkdirSync(join(layout, 'etc'));
  assert.equal((await openAll(layout)).targets[0]?.scheme, 'dir');
});

test('only a known scheme is one, and a scheme overrules the content', async (t) => {
  const path = join(folder(t), 'C:x');
  writeFileSync(path, elf);
  assert.deepEqual(
    (await openAll(path)).targets.map(({ name }) => name),
    [path],
  );
  assert.deepEqual(
    (await openAll(`file:${path}`)).targets.map(({ name }) => name),
    [path],
  );
  const layout = writeFolder(t, layoutFiles);
  assert.equal((await openAll(`dir:${layout}`)).targets[0]?.scheme, 'dir');
});

test('a single file keeps its own name, and a link to it is followed', async (t) => {
  const path = writeFile(t, elf, 'tool');
  const link = join(folder(t), 'link');
  symlinkSync(path, link);
  const { targets, walks } = await openAll(link);
  assert.deepEqual(walks[0]?.[0]?.paths, ['link']);
  assert.equal(targets[0]?.kind, 'file');
});

const refused = [
  {
    name: 'a missing file',
    reference: 'no/such/file',
    says: /^no\/such\/file: no such file or directory$/,
  },
  { name: 'an image name', reference: 'alpine:3.20', says: /^alpine:3.20: no such file/ },
  { name: 'an empty reference', reference: '', says: /no such file/ },
  { name: 'a name with a NUL', reference: 'a\0b', says: /no such file/ },
  { name: 'a file below a file', reference: 'TEXT/x', says: /no such file/ },
  { name: 'a device', reference: '/dev/null', says: /neither a file nor a directory/ },
  {
    name: 'a text',
    reference: 'TEXT',
    says: /TEXT is a text or of an unknown format: expected an ELF file, a directory, or a tar/,
  },
  {
    name: 'a compressed text',
    reference: 'GZIP',
    says: /GZIP is compressed, but not a tar inside: expected/,
  },
  {
    name: 'a file of xz',
    reference: 'XZ',
    says: /XZ is compressed by xz, which must be unpacked first: expected/,
  },
  { name: 'an empty file', reference: 'EMPTY', says: /EMPTY is empty: expected/ },
  { name: 'a text as an ELF file', reference: 'file:TEXT', says: /not an ELF file/ },
  { name: 'a text as a root filesystem', reference: 'rootfs:TEXT', says: /not a tar/ },
  { name: 'a text as an image', reference: 'docker-archive:TEXT', says: /not a tar/ },
  {
    name: 'a file as a directory',
    reference: 'dir:TEXT',
    says: /dir reads a directory, but .*TEXT is a file/,
  },
  {
    name: 'a directory as a file',
    reference: 'oci-archive:FOLDER',
    says: /oci-archive reads a file, but .*FOLDER is a directory/,
  },
  {
    name: 'a tag of a directory',
    reference: 'dir:FOLDER:v1',
    says: /"v1" chooses among images, and dir:.*FOLDER is not an image/,
  },
  {
    name: 'a platform of a directory',
    reference: 'FOLDER',
    platform: 'linux/amd64',
    says: /--platform chooses among images/,
  },
];

for (const { name, reference, platform, says } of refused) {
  test(`${name} is a usage error of one sentence`, async (t) => {
    const place = folder(t);
    writeFileSync(join(place, 'TEXT'), 'hello '.repeat(200));
    writeFileSync(join(place, 'GZIP'), gzipSync('hello'));
    writeFileSync(join(place, 'EMPTY'), '');
    writeFileSync(join(place, 'XZ'), Buffer.from('\xfd7zXZ\0', 'latin1'));
    mkdirSync(join(place, 'FOLDER'));
    const absolute = reference.replace(/TEXT|GZIP|XZ|EMPTY|FOLDER/, (each) => join(place, each));
    const attempt = openAll(absolute, platform === undefined ? {} : { platform });
    await assert.rejects(
      attempt,
      (error) =>
        error instanceof UsageError &&
        says.test(error.message.replaceAll(`${place}/`, '')) &&
        !error.message.includes('\n'),
    );
  });
}

test('a damaged compressed file is damage, not a usage error', async (t) => {
  const bytes = gzipSync(await tarOf(root));
  bytes.fill(0xff, 20);
  await assert.rejects(openAll(writeFile(t, bytes)), MalformedArchive);
});

test('a truncated root filesystem is read as far as it goes', async (t) => {
  const whole = await tarOf([
    { name: 'bin/a', body: 'a' },
    { name: 'bin/b', body: Buffer.alloc(50_000, 'b') },
  ]);
  for (const bytes of [
    whole.subarray(0, 20_000),
    gzipSync(whole, { level: 0 }).subarray(0, 20_000),
    zstdOf(whole).subarray(0, 20_000),
  ]) {
    const { walks } = await openAll(writeFile(t, bytes));
    const [walk] = walks[0] ?? [];
    assert.equal(walk?.paths[0], 'bin/a');
    assert.ok(walk?.damage instanceof MalformedArchive);
  }
});

test('a layer over the limit is not read on', async (t) => {
  const bytes = await tarOf([{ name: 'bin/a', body: Buffer.alloc(2_000_000) }]);
  for (const form of [bytes, gzipSync(bytes)]) {
    const { walks } = await openAll(writeFile(t, form), { limits: { maxLayerSize: 1_000_000 } });
    assert.equal(walks[0]?.[0]?.damage?.name, 'LimitExceeded');
  }
});

const script = `
import { openTarget } from ${json(new URL('../../src/sources/find-source.js', import.meta.url).href)};
import { defaultLimits } from ${json(new URL('../../src/limits.js', import.meta.url).href)};
const source = await openTarget(process.argv[1], { platform: null, limits: defaultLimits });
for (const { name, scheme, layers } of source.targets)
  for (const layer of layers)
    for await (const { path } of layer.entries(() => {})) console.log(name, scheme, path);
await source.close();
`;

const streams: readonly {
  readonly name: string;
  readonly input: Buffer;
  readonly want: string;
  readonly reference?: string;
}[] = [
  {
    name: 'a compressed tar',
    input: gzipSync(await tarOf(root)),
    want: '- rootfs ./\n- rootfs ./etc/passwd\n',
  },
  { name: 'an image', input: await tarOfFiles(layoutFiles), want: '- oci-archive app\n' },
  {
    name: 'an image chosen by its digest',
    input: await tarOfFiles(layoutFiles),
    reference: `oci-archive:-@${image.digest}`,
    want: '- oci-archive app\n',
  },
  { name: 'an ELF file', input: elf, want: '- file -\n' },
];

for (const { name, input, want, reference = '-' } of streams) {
  test(`${name} is read from standard input`, () => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', script, reference],
      {
        input,
      },
    );
    assert.deepEqual([stdout.toString(), stderr.toString()], [want, '']);
  });
}

test('a FIFO that the user names is read as a stream', { timeout: 20_000 }, async (t) => {
  const path = join(folder(t), 'fifo');
  execFileSync('mkfifo', [path]);
  const writing = promisify(writeFileCallback)(path, gzipSync(await tarOf(root)));
  const { walks } = await openAll(path);
  await writing;
  assert.deepEqual(walks[0]?.[0]?.paths, ['./', './etc/passwd']);
});
