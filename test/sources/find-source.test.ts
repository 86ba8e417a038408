import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { MalformedInput, UsageError } from '../../src/base/errors.ts';
import { type TarItem, tarOf, tarOfFiles, xzOf, zstdOf } from './image-builder.ts';
import { elf, layoutFiles, root } from './input-samples.ts';
import { folder, openAll, writeFile, writeFolder } from './workbench.ts';

const disguised: readonly TarItem[] = [
  { name: 'manifest.json', body: '[]' },
  { name: 'oci-layout', body: '{}' },
  { name: 'index.json', body: '{}' },
  ...root,
];

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
    [', xz', xzOf],
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
    reference: './no/such/file',
    says: /^\.\/no\/such\/file: no such file or directory$/,
  },
  { name: 'a missing archive', reference: 'app.tar:v1', says: /^app.tar:v1: no such file/ },
  {
    name: 'no image name',
    reference: 'registry:Alpine',
    says: /^Alpine is not a reference of an image/,
  },
  { name: 'an empty reference', reference: '', says: /no such file/ },
  { name: 'a name with a NUL', reference: 'a\0b', says: /no such file/ },
  { name: 'a file below a file', reference: 'TEXT/x', says: /no such file/ },
  { name: 'a socket', reference: 'SOCKET', says: /SOCKET is neither a file nor a directory/ },
  {
    name: 'a text',
    reference: 'TEXT',
    says: /TEXT is a text or of an unknown format: expected an ELF file, a directory, a package, a file system, or a tar/,
  },
  {
    name: 'a compressed text',
    reference: 'GZIP',
    says: /GZIP is compressed, but not a tar inside: expected/,
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
    name: 'a folder with the name of an image',
    reference: 'node:20',
    says: /^"20" chooses among images, and dir:node is not an image; an image in a registry is registry:node:20$/,
  },
  {
    name: 'a name in capitals',
    reference: 'reg:5000/Team/App:1',
    says: /^reg:5000\/Team\/App:1: no such file or directory; as an image in a registry, its name is in lower case: registry:reg:5000\/team\/app:1$/,
  },
  {
    name: 'half a digest',
    reference: 'reg.example/app@sha256:abc',
    says: /: no such file or directory; as an image in a registry, its digest is not sha256: and 64 digits/,
  },
  {
    name: 'the address of an image',
    reference: 'https://reg.example/app:1',
    says: /: no such file or directory; an image in a registry is named without its protocol: registry:reg.example\/app:1$/,
  },
  {
    name: 'a file that is spelled otherwise',
    reference: 'images/ap.tar',
    says: /^images\/ap.tar: no such file or directory; did you mean images\/app.tar\?$/,
  },
  {
    name: 'a file that is not in a folder that is there',
    reference: 'images/something:1.0',
    says: /^images\/something:1.0: no such file or directory; an image of this name in a registry is registry:images\/something:1.0$/,
  },
  {
    name: 'a word',
    reference: 'alpine',
    says: /^alpine: no such file or directory; an image of this name in a registry is registry:alpine$/,
  },
  {
    name: 'two words',
    reference: 'team/app',
    says: /^team\/app: no such file or directory; an image of this name in a registry is registry:team\/app$/,
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
    for (const each of ['FOLDER', 'node', 'images']) mkdirSync(join(place, each));
    writeFileSync(join(place, 'images/app.tar'), '');
    if (reference === 'SOCKET') await listenAt(t, join(place, 'SOCKET'));
    const absolute = reference.replace(/TEXT|GZIP|EMPTY|FOLDER|SOCKET/, (each) =>
      join(place, each),
    );
    const before = process.cwd();
    process.chdir(place);
    t.after(() => process.chdir(before));
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

/** A socket is the one thing neither file nor folder that a test can make without being root. */
async function listenAt(t: TestContext, path: string): Promise<void> {
  const server = createServer().listen(path);
  await once(server, 'listening');
  t.after(() => server.close());
}

test('what is not a path but may be an image is looked for in a registry', async () => {
  await assert.rejects(
    openAll('127.0.0.1:1/no/such/image'),
    /^UnreadablePart: 127.0.0.1:1\/no\/such\/image is not a file or directory, and as an image in a registry: 127.0.0.1:1 cannot be reached: connection refused$/,
  );
});

test('a damaged compressed file is damage, not a usage error', async (t) => {
  const bytes = gzipSync(await tarOf(root));
  bytes.fill(0xff, 20);
  await assert.rejects(openAll(writeFile(t, bytes)), MalformedInput);
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
    assert.ok(walk?.damage instanceof MalformedInput);
  }
});

test('a layer over the limit is not read on', async (t) => {
  const bytes = await tarOf([{ name: 'bin/a', body: Buffer.alloc(2_000_000) }]);
  for (const form of [bytes, gzipSync(bytes)]) {
    const { walks } = await openAll(writeFile(t, form), { limits: { maxLayerSize: 1_000_000 } });
    assert.equal(walks[0]?.[0]?.damage?.name, 'LimitExceeded');
  }
});
