import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { createPackageOwners } from '../../../src/root/packages/package-owners.ts';
import { buildRoot, elf, linkTo, type Things, text } from '../../support/roots/root-builder.ts';

const tool = elf({});
const { root: probe } = { root: buildRoot({ '/bin/x': tool }) };
const [content] = [...probe.extractions.values()];
assert.ok(content);
const { md5 = '', sha1 = '' } = content.others;
const wrong = createHash('md5').update('another').digest('hex');
const q1 = (hex: string) => `Q1${Buffer.from(hex, 'hex').toString('base64')}`;

const apk = (digest: string) =>
  text(`P:busybox\nV:1.36\nA:x86_64\nF:bin\nR:other\nZ:${q1(sha1)}\nR:x\na:0:0:755\n${digest}\n`);
const status = (state: string) =>
  text(`Package: tool\nStatus: install ok ${state}\nArchitecture: amd64\nVersion: 1\n`);
const dpkg = (sums: string | null, list = '/bin/x', state = 'installed'): Things => ({
  '/var/lib/dpkg/status': status(state),
  '/var/lib/dpkg/info/tool.list': text(`${list}\n`),
  ...(sums === null ? {} : { '/var/lib/dpkg/info/tool.md5sums': text(`${sums}\n`) }),
});

const table: readonly {
  readonly name: string;
  readonly things: Things;
  readonly path?: string;
  readonly owner: string | null;
  readonly replaces: string | null;
}[] = [
  {
    name: 'apk, agrees',
    things: { '/lib/apk/db/installed': apk(`Z:${q1(sha1)}`) },
    owner: 'busybox',
    replaces: null,
  },
  {
    name: 'apk, another',
    things: { '/lib/apk/db/installed': apk(`Z:${q1(wrong)}`) },
    owner: null,
    replaces: 'busybox',
  },
  {
    name: 'apk, has digests but not of it',
    things: { '/lib/apk/db/installed': apk('') },
    owner: null,
    replaces: 'busybox',
  },
  { name: 'dpkg, agrees', things: dpkg(`${md5}  bin/x`), owner: 'tool', replaces: null },
  { name: 'dpkg, another', things: dpkg(`${wrong}  bin/x`), owner: null, replaces: 'tool' },
  {
    name: 'dpkg, has digests but not of it',
    things: dpkg(`${md5}  bin/y`),
    owner: null,
    replaces: 'tool',
  },
  { name: 'dpkg, no digests at all', things: dpkg(null), owner: 'tool', replaces: null },
  {
    name: 'dpkg, packed before the merge of /usr',
    things: { ...dpkg(`${md5}  bin/x`), '/bin': linkTo('usr/bin'), '/usr/bin/x': tool },
    path: '/usr/bin/x',
    owner: 'tool',
    replaces: null,
  },
  ...['unpacked', 'half-configured', 'triggers-awaited', 'triggers-pending', 'half-installed'].map(
    (state) => ({
      name: `dpkg, ${state}`,
      things: dpkg(`${md5}  bin/x`, '/bin/x', state),
      owner: 'tool',
      replaces: null,
    }),
  ),
  ...['config-files', 'not-installed'].map((state) => ({
    name: `dpkg, ${state}`,
    things: dpkg(`${md5}  bin/x`, '/bin/x', state),
    owner: null,
    replaces: null,
  })),
  {
    name: 'dpkg, diverted by another package',
    things: {
      ...dpkg(`${md5}  bin/x`),
      '/bin/x.distrib': tool,
      '/var/lib/dpkg/diversions': text('/bin/x\n/bin/x.distrib\nother\n'),
    },
    path: '/bin/x.distrib',
    owner: 'tool',
    replaces: null,
  },
];

for (const { name, things, path = '/bin/x', owner, replaces } of table)
  test(`a file belongs to a package by the digest of its database: ${name}`, () => {
    const root = buildRoot(path.startsWith('/bin') ? { '/bin/x': tool, ...things } : things);
    const owners = createPackageOwners(root);
    const entry = root.entry(path);
    assert.ok(entry);
    const found = owners(entry);
    assert.deepEqual(found.known ? (found.value?.name ?? null) : found.because, owner);
    assert.equal(owners.replaces(entry)?.name ?? null, replaces);
  });
