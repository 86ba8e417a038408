import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pack } from 'tar-stream';
import { indexed, streamed, type WalkResult } from '../support/archives/walks.ts';

const longName = `${'long-directory-name/'.repeat(8)}file`;
const files: Readonly<Record<string, string>> = {
  'bin/tool': '\x7fELF tool',
  'etc/empty': '',
  'etc/ünïcode': 'é',
  'big/body': 'x'.repeat(70_000),
  [longName]: 'deep',
};

let folder = '';

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'foreign-tars-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, 'tree', path, '..'), { recursive: true });
    writeFileSync(join(folder, 'tree', path), content);
  }
  symlinkSync('bin/tool', join(folder, 'tree/link'));
  symlinkSync(`/${longName}`, join(folder, 'tree/long-link'));
  linkSync(join(folder, 'tree/bin/tool'), join(folder, 'tree/hard'));
});

after(() => rmSync(folder, { recursive: true }));

/** Every file with its content, however the archive spells the paths. */
function checkFiles({ entries, error }: WalkResult): void {
  assert.equal(error, null);
  const contents = new Map(entries.map((entry) => [entry.path.replace(/^\.\//, ''), entry]));
  const hard = [contents.get('hard'), contents.get('bin/tool')].find(
    (entry) => entry?.type === 'hardlink',
  );
  for (const [path, content] of Object.entries(files)) {
    if (path === hard?.path.replace(/^\.\//, '')) continue;
    assert.equal(contents.get(path)?.content, Buffer.from(content).toString('latin1'), path);
  }
  assert.equal(contents.get('link')?.linkTarget, 'bin/tool');
  assert.equal(contents.get('long-link')?.linkTarget, `/${longName}`);
}

async function check(tar: Buffer): Promise<void> {
  const result = await streamed(tar);
  checkFiles(result);
  assert.deepEqual(await indexed(tar), result, 'the index agrees');
}

for (const format of ['gnu', 'oldgnu', 'pax']) {
  test(`GNU tar's format ${format}`, async () => {
    const archive = join(folder, `${format}.tar`);
    execFileSync('tar', ['--format', format, '-cf', archive, '-C', join(folder, 'tree'), '.']);
    await check(readFileSync(archive));
  });
}

test("GNU tar's sparse files are read in each of its formats", async () => {
  execFileSync('truncate', ['-s', '10M', join(folder, 'sparse')]);
  execFileSync('dd', [
    'if=/dev/urandom',
    `of=${join(folder, 'sparse')}`,
    'bs=4k',
    'count=1',
    'seek=99',
    'conv=notrunc',
    'status=none',
  ]);
  for (const options of [
    ['--format=gnu'],
    ['--format=pax'],
    ['--format=pax', '--sparse-version=0.1'],
    ['--format=pax', '--sparse-version=0.0'],
  ]) {
    const archive = join(folder, 'sparse.tar');
    execFileSync('tar', [
      ...options,
      '-S',
      '-cf',
      archive,
      '-C',
      folder,
      'sparse',
      'tree/bin/tool',
    ]);
    const result = await streamed(readFileSync(archive));
    const [sparse, tool] = result.entries;
    assert.deepEqual([sparse?.path, sparse?.type, tool?.path], ['sparse', 'file', 'tree/bin/tool']);
    assert.ok(
      sparse?.content === readFileSync(join(folder, 'sparse'), 'latin1'),
      options.join(' '),
    );
    assert.deepEqual(await indexed(readFileSync(archive)), result);
  }
});

for (const format of ['GNU', 'PAX']) {
  test(`Python's format ${format}`, async (t) => {
    if (spawnSync('python3', ['-c', 'import tarfile']).status !== 0)
      return t.skip('python3 is not installed');
    const archive = join(folder, `python-${format}.tar`);
    const script = `import tarfile, sys
with tarfile.open(sys.argv[1], 'w', format=tarfile.${format}_FORMAT) as archive: archive.add(sys.argv[2], '.')`;
    execFileSync('python3', ['-c', script, archive, join(folder, 'tree')]);
    const tar = readFileSync(archive);
    const result = await streamed(tar);
    checkFiles(result);
    assert.deepEqual(await indexed(tar), result);
  });
}

test("tar-stream's own archives", async () => {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  archive.entry({ name: 'link', type: 'symlink', linkname: 'bin/tool' });
  archive.entry({ name: 'long-link', type: 'symlink', linkname: `/${longName}` });
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  await check(Buffer.concat(chunks));
});
