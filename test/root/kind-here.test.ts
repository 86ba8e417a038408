import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { tarOf } from '../sources/image-builder.ts';
import { folder, writeFile } from '../sources/workbench.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { repositoryRoot } from '../support/repository.ts';

const com32 = (name: string) =>
  readFileSync(join(repositoryRoot, `samples/elf/x86_64-none-gcc-lib-com32${name}`));

type Files = Readonly<Record<string, Buffer | { readonly linkTo: string }>>;

interface Judged {
  readonly path: string;
  readonly facts: { readonly kind?: { readonly value?: { readonly kind: string } } };
  readonly verdicts: readonly { readonly rule: string; readonly message: string }[];
}

/** Of each file its kind, or why it is not known. */
async function scan(t: TestContext, files: Files, options: readonly string[] = []) {
  const entries = Object.entries(files).map(([name, body]) =>
    Buffer.isBuffer(body)
      ? { name, body }
      : ({ name, type: 'symlink', linkname: body.linkTo } as const),
  );
  const tar = writeFile(t, await tarOf(entries), 'files.tar');
  const words = [tar, '--no-cache', '-q', '-o', 'json', ...options];
  const { status, stdout } = hullcheckIn(folder(t))(words);
  const binaries: readonly Judged[] = JSON.parse(stdout).targets[0].binaries;
  const kinds = Object.fromEntries(
    binaries.map(({ path, facts, verdicts }) => [
      path,
      facts.kind?.value?.kind ?? verdicts.find(({ rule }) => rule === 'relro')?.message ?? '',
    ]),
  );
  return { status, kinds };
}

test('modules of Syslinux next to each other are boot code', async (t) => {
  const { kinds, status } = await scan(t, {
    'bios/libcom32.c32': com32('data'),
    'bios/menu.c32': com32('needs'),
  });
  assert.deepEqual(kinds, { '/bios/libcom32.c32': 'boot-code', '/bios/menu.c32': 'boot-code' });
  assert.equal(status, 0);
});

const suppliers: readonly { name: string; files: Files; path: string }[] = [
  { name: 'a library', files: { 'lib/libcom32.c32': com32('calls') }, path: '/lib/libcom32.c32' },
  {
    name: 'a library by its DT_SONAME',
    files: { 'lib/any.so': com32('core') },
    path: '/lib/any.so',
  },
  {
    name: 'a link to a library',
    files: { 'lib/any.so': com32('calls'), 'lib/libcom32.c32': { linkTo: 'any.so' } },
    path: '/lib/libcom32.c32',
  },
];

for (const { name, files, path } of suppliers) {
  test(`what needs a library of Syslinux is of no known kind next to ${name} that processes load`, async (t) => {
    const { kinds, status } = await scan(t, { ...files, 'lib/weak.so': com32('needs') });
    assert.equal(
      kinds['/lib/weak.so'],
      `the kind of file is not known: it requires libcom32.c32, as modules of Syslinux do, and ${path} supplies that to processes`,
    );
    assert.equal(status, 3);
  });
}

test('what imports data of Syslinux is of no known kind next to what defines it for processes', async (t) => {
  const { kinds, status } = await scan(t, {
    'lib/core.so': com32('core'),
    'lib/weak.so': com32('data'),
  });
  assert.match(
    kinds['/lib/weak.so'] ?? '',
    /it requires dev_stdcon_w, .* \/lib\/core\.so supplies/,
  );
  assert.equal(status, 3);
});

test('a run of some rules takes the same files for modules of Syslinux as one of all', async (t) => {
  const sets: readonly Files[] = [
    { 'lib/libcom32.c32': com32('data'), 'lib/weak.so': com32('needs') },
    ...suppliers.map(({ files }) => ({ ...files, 'lib/weak.so': com32('needs') })),
    { 'lib/core.so': com32('core'), 'lib/weak.so': com32('data') },
  ];
  for (const files of sets) {
    const all = await scan(t, files);
    assert.deepEqual(await scan(t, files, ['--rule', 'relro']), all);
  }
});
