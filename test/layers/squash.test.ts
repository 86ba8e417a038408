import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultLimits } from '../../src/base/limits.ts';
import type { CatalogEntry, LayerCatalog } from '../../src/layers/catalog.ts';
import { squash } from '../../src/layers/squash.ts';
import { processorTime } from '../support/processor-time.ts';
import { catalogEntry, catalogOf } from '../support/roots/catalog-builder.ts';

interface Case {
  readonly name: string;
  readonly layers: readonly (readonly string[])[];
  /** `PATH LAYER`, the root itself left out; directories end with a slash. */
  readonly want: readonly string[];
  readonly problems?: readonly string[];
}

const revealed = (path: string) =>
  `notice ${path}: layer 1 removes this directory and makes it again: containerd, Docker and podman show the old files in it with overlay file systems, others do not; all of them are judged`;

const cases: readonly Case[] = [
  { name: 'layers add up', layers: [['/a'], ['/b']], want: ['/a 0', '/b 1'] },
  { name: 'an upper file replaces a lower one', layers: [['/a'], ['/a']], want: ['/a 1'] },
  {
    name: 'directories merge, and the upper one describes them',
    layers: [
      ['/d/', '/d/a'],
      ['/d/', '/d/b'],
    ],
    want: ['/d/ 1', '/d/a 0', '/d/b 1'],
  },
  {
    name: 'a directory that only a path implies keeps the lower description',
    layers: [['/d/', '/d/a'], ['/d/b']],
    want: ['/d/ 0', '/d/a 0', '/d/b 1'],
  },
  {
    name: 'parents that are missing are directories',
    layers: [['/a/b/c']],
    want: ['/a/ 0', '/a/b/ 0', '/a/b/c 0'],
  },
  { name: 'a whiteout hides a lower file', layers: [['/a', '/b'], ['-/a']], want: ['/b 0'] },
  {
    name: 'a whiteout hides a lower directory with all below',
    layers: [['/d/', '/d/e/f'], ['-/d']],
    want: [],
  },
  {
    name: 'a whiteout hides nothing of its own layer, wherever it stands',
    layers: [
      ['/a', '/b'],
      ['/a', '-/a', '-/b', '/b'],
    ],
    want: ['/a 1', '/b 1'],
  },
  {
    name: 'a directory made anew shows what the hidden one held, as overlay file systems do',
    layers: [
      ['/d/', '/d/old', '/d/both', '/d/e/deep'],
      ['-/d', '/d/', '/d/new', '/d/both'],
    ],
    want: ['/d/ 1', '/d/both 1', '/d/e/ 0', '/d/e/deep 0', '/d/new 1', '/d/old 0'],
    problems: [revealed('/d')],
  },
  {
    name: 'so does one further inside',
    layers: [['/a/b/d/old'], ['-/a/b/d', '/a/b/d/', '/a/b/d/new']],
    want: ['/a/ 0', '/a/b/ 0', '/a/b/d/ 1', '/a/b/d/new 1', '/a/b/d/old 0'],
    problems: [revealed('/a/b/d')],
  },
  {
    name: 'one that is opaque as well shows nothing of it',
    layers: [['/d/old'], ['-/d', '/d/', '!/d', '/d/new']],
    want: ['/d/ 1', '/d/new 1'],
  },
  {
    name: 'one that only a path implies shows nothing of it',
    layers: [['/d/old'], ['-/d', '/d/new']],
    want: ['/d/ 1', '/d/new 1'],
  },
  {
    name: 'one that was there before it was hidden shows nothing of the lower one',
    layers: [['/d/old'], ['/d/', '/d/new', '-/d']],
    want: ['/d/ 1', '/d/new 1'],
  },
  {
    name: 'one over a hidden file or link shows itself',
    layers: [
      ['/f', '/d/x', '/l -> d'],
      ['-/f', '/f/', '/f/a', '-/l', '/l/', '/l/b'],
    ],
    want: ['/d/ 0', '/d/x 0', '/f/ 1', '/f/a 1', '/l/ 1', '/l/b 1'],
  },
  {
    name: 'one that a later layer makes shows nothing of it',
    layers: [['/d/old'], ['-/d'], ['/d/', '/d/new']],
    want: ['/d/ 2', '/d/new 2'],
  },
  {
    name: 'a whiteout of nothing is nothing',
    layers: [['/a'], ['-/b', '-/c/d']],
    want: ['/a 0', '/c/ 1'],
  },
  {
    name: 'an opaque directory shows its own content only',
    layers: [
      ['/d/', '/d/a', '/d/e/f'],
      ['/d/', '/d/b', '!/d'],
    ],
    want: ['/d/ 1', '/d/b 1'],
  },
  {
    name: 'an opaque marker works before its directory, and without',
    layers: [
      ['/d/a', '/e/a'],
      ['!/d', '/d/', '/d/b', '!/e'],
    ],
    want: ['/d/ 1', '/d/b 1', '/e/ 0'],
  },
  {
    name: 'an opaque root hides nothing, as in overlay file systems, but what is hidden by name',
    layers: [['/a'], ['/b', '/d'], ['-/d', '!/', '/c']],
    want: ['/a 0', '/b 1', '/c 2'],
    problems: [
      'notice /: layer 2 hides all files of the layers below: containerd, Docker and podman still show them with overlay file systems, others do not; all of them are judged',
    ],
  },
  {
    name: 'what a layer hides can come back in the next',
    layers: [['/a'], ['-/a'], ['/a']],
    want: ['/a 2'],
  },
  {
    name: 'a file over a directory removes its content',
    layers: [['/d/', '/d/a'], ['/d']],
    want: ['/d 1'],
  },
  {
    name: 'a symbolic link over a directory removes its content',
    layers: [['/d/a'], ['/d -> e']],
    want: ['/d 1'],
  },
  {
    name: 'a directory over a symbolic link replaces it',
    layers: [
      ['/usr/lib/a', '/lib -> usr/lib'],
      ['/lib/', '/lib/b'],
    ],
    want: ['/lib/ 1', '/lib/b 1', '/usr/ 0', '/usr/lib/ 0', '/usr/lib/a 0'],
  },
  {
    name: 'so does one that only a path implies, as in overlay file systems',
    layers: [['/usr/lib/a', '/lib -> usr/lib'], ['/lib/b']],
    want: ['/lib/ 1', '/lib/b 1', '/usr/ 0', '/usr/lib/ 0', '/usr/lib/a 0'],
    problems: [
      'notice /lib: layer 1 writes below this symbolic link: containerd, Docker and podman put a directory in its place with overlay file systems, which is judged, and others follow it',
    ],
  },
  {
    name: 'one in the place of a link to nowhere is not reported',
    layers: [
      ['/lib -> usr/lib', '/x -> f', '/f'],
      ['/lib/b', '/x/y'],
    ],
    want: ['/f 0', '/lib/ 1', '/lib/b 1', '/x/ 1', '/x/y 1'],
  },
  {
    name: 'names below a name of AUFS are files, and hard links to them keep their content',
    layers: [['/.wh..wh.plnk/1.2', '/usr/git = /.wh..wh.plnk/1.2']],
    want: ['/.wh..wh.plnk/ 0', '/.wh..wh.plnk/1.2 0', '/usr/ 0', '/usr/git 0'],
  },
  {
    name: 'a symbolic link of the same layer is followed to the parent',
    layers: [['/usr/lib/', '/lib -> usr/lib', '/lib/a', '/abs -> /usr/lib', '/abs/b']],
    want: ['/abs 0', '/lib 0', '/usr/ 0', '/usr/lib/ 0', '/usr/lib/a 0', '/usr/lib/b 0'],
  },
  {
    name: 'a link of the same layer cannot leave the root',
    layers: [['/out -> ../../../etc', '/out/passwd']],
    want: ['/etc/ 0', '/etc/passwd 0', '/out 0'],
  },
  {
    name: 'the last of a name in one layer wins',
    layers: [['/a -> b', '/a', '/d/', '/d/x', '/d -> e', '/f', '/f/', '/f/y']],
    want: ['/a 0', '/d 0', '/f/ 0', '/f/y 0'],
  },
  {
    name: 'a directory named twice keeps its content',
    layers: [['/d/', '/d/x', '/d/']],
    want: ['/d/ 0', '/d/x 0'],
  },
  {
    name: 'a hard link to nowhere is left out',
    layers: [['/a = /b']],
    want: [],
    problems: ['notice /a: target "/b" of a hard link is missing: left out'],
  },
  {
    name: 'a hard link to a directory is left out',
    layers: [['/d/', '/a = /d']],
    want: ['/d/ 0'],
    problems: ['notice /a: target "/d" of a hard link is a directory: left out'],
  },
  {
    name: 'a hard link to a name that comes later is left out',
    layers: [['/a = /b', '/b']],
    want: ['/b 0'],
    problems: ['notice /a: target "/b" of a hard link is missing: left out'],
  },
  {
    name: 'an entry below a file is damage',
    layers: [['/a', '/a/b', '!/a', '-/a/c']],
    want: ['/a 0'],
    problems: ['/a/b', '/a', '/a/c'].map(
      (path) => `damaged ${path}: a directory on the way is a file or a loop of links: left out`,
    ),
  },
  {
    name: 'an entry below a loop of links is damage',
    layers: [['/a -> b', '/b -> a', '/a/c']],
    want: ['/a 0', '/b 0'],
    problems: ['damaged /a/c: a directory on the way is a file or a loop of links: left out'],
  },
  {
    name: 'entries sort by their paths',
    layers: [['/a/b', '/a-b', '/a', '/a.b', '/a/']],
    want: ['/a/ 0', '/a-b 0', '/a.b 0'],
  },
  { name: 'no layers are an empty root', layers: [], want: [] },
];

for (const { name, layers, want, problems = [] } of cases) {
  test(name, () => {
    const squashed = squash(
      layers.map((lines) => catalogOf(lines)),
      defaultLimits,
    );
    assert.deepEqual(
      [...squashed.root.entries()]
        .slice(1)
        .map((entry) => `${entry.path}${entry.type === 'directory' ? '/' : ''} ${entry.layer}`),
      want,
    );
    assert.deepEqual(
      squashed.problems.map(({ kind, where, message }) => `${kind} ${where}: ${message}`),
      problems,
    );
  });
}

function rootOf(...layers: readonly LayerCatalog[]) {
  return squash(layers, defaultLimits).root;
}

function withEntries(...entries: readonly CatalogEntry[]): LayerCatalog {
  return { ...catalogOf([]), entries };
}

test('hard links carry what they name, and share its inode', () => {
  const file = catalogEntry('/bin/su', 'file', { mode: 0o4755, uid: 5, elf: 'abc', size: 9 });
  const link = catalogEntry('/bin/sudo', 'hardlink', { linkTarget: '/bin/su', mode: 0o600 });
  const again = catalogEntry('/bin/third', 'hardlink', { linkTarget: '/bin/sudo' });
  const root = rootOf(
    withEntries(file),
    withEntries(link, again),
    withEntries(catalogEntry('/bin/su')),
  );
  const { mode, uid, elf, type, layer, path } = root.entry('/bin/sudo') ?? assert.fail();
  assert.deepEqual(
    { mode, uid, elf, type, layer, path },
    { mode: 0o4755, uid: 5, elf: 'abc', type: 'file', layer: 1, path: '/bin/sudo' },
  );
  assert.equal(root.entry('/bin/third')?.inode, root.entry('/bin/sudo')?.inode);
  assert.notEqual(root.entry('/bin/su')?.inode, root.entry('/bin/sudo')?.inode);
});

test('a hard link names the file of its own layer before that of a lower one', () => {
  const lower = catalogEntry('/a', 'file', { size: 1 });
  const upper = catalogEntry('/a', 'file', { size: 2 });
  const root = rootOf(
    withEntries(lower),
    withEntries(upper, catalogEntry('/b', 'hardlink', { linkTarget: '/a' })),
  );
  assert.equal(root.entry('/b')?.size, 2);
});

const links = rootOf(
  catalogOf([
    '/usr/lib/libc.so',
    '/lib -> usr/lib',
    '/abs -> /lib/libc.so',
    '/up -> ../../../usr/lib/libc.so',
    '/dangling -> nowhere',
    '/loop -> loop2',
    '/loop2 -> loop',
    '/self -> self',
    '/file',
    '/to-dir -> usr/lib/',
    '/to-file -> file/',
    '/empty -> ',
    '/dot -> .',
    `/long -> ${'x'.repeat(5000)}`,
  ]),
);

for (const [path, want] of [
  ['/', '/'],
  ['/lib', '/usr/lib'],
  ['/lib/libc.so', '/usr/lib/libc.so'],
  ['/abs', '/usr/lib/libc.so'],
  ['/up', '/usr/lib/libc.so'],
  ['/usr/../lib/./libc.so', '/usr/lib/libc.so'],
  ['/../../file', '/file'],
  ['/to-dir', '/usr/lib'],
  ['/dot/dot/file', '/file'],
  ['/dangling', undefined],
  ['/loop', undefined],
  ['/self/x', undefined],
  ['/file/x', undefined],
  ['/file/..', undefined],
  ['/to-file', undefined],
  ['/empty', undefined],
  ['/long', undefined],
  ['/lib/missing', undefined],
] as const) {
  test(`${path} resolves to ${want ?? 'nothing'}`, () =>
    assert.equal(links.resolve(path)?.path, want));
}

test('entry does not follow links, list neither', () => {
  assert.equal(links.entry('/lib')?.type, 'symlink');
  assert.equal(links.entry('/lib/libc.so'), undefined);
  assert.deepEqual(links.list('/usr/lib'), ['libc.so']);
  assert.deepEqual(links.list('/lib'), []);
  assert.deepEqual(links.list('/file'), []);
  assert.deepEqual(links.list('/missing'), []);
});

test('names are listed in the order of their bytes', () => {
  const names = ['/\u{1f600}', '/\uffee', '/\udcff', '/é', '/z', '/a'];
  assert.deepEqual(rootOf(catalogOf(names)).list('/'), [
    'a',
    'z',
    'é',
    '\uffee',
    '\u{1f600}',
    '\udcff',
  ]);
});

test('texts are those of the layer whose file is seen, through links', () => {
  const lower = catalogOf(
    ['/usr/lib/os-release', '/etc/os-release -> ../usr/lib/os-release', '/etc/passwd'],
    { '/usr/lib/os-release': 'old', '/etc/passwd': 'root' },
  );
  const upper = catalogOf(['/usr/lib/os-release', '/copy = /usr/lib/os-release', '-/etc/passwd'], {
    '/usr/lib/os-release': 'new',
  });
  const root = rootOf(lower, upper);
  assert.equal(root.text('/etc/os-release')?.toString(), 'new');
  assert.equal(root.text('/copy')?.toString(), 'new');
  assert.equal(root.text('/etc/passwd'), undefined);
  assert.equal(rootOf(lower).text('/etc/passwd')?.toString(), 'root');
});

test('40 links are followed, as by Linux, and no more', () => {
  const chain = Array.from({ length: 41 }, (_, index) => `/l${index} -> l${index + 1}`);
  const root = rootOf(catalogOf([...chain, '/l41']));
  assert.equal(root.resolve('/l1')?.path, '/l41');
  assert.equal(root.resolve('/l0'), undefined);
});

test('a farm of 10,000 links and a path of 2,000 directories are read in time', () => {
  const farm = Array.from({ length: 10_000 }, (_, index) => `/l${index} -> l${index + 1}`);
  const deep = '/d'.repeat(2000);
  const { root, problems } = squash(
    [catalogOf([...farm, deep, '/l0/x']), catalogOf([`${deep}/`, `${deep}/f`])],
    defaultLimits,
  );
  assert.equal(root.resolve('/l0'), undefined);
  assert.equal(root.entry(`${deep}/f`)?.layer, 1);
  assert.equal(problems.length, 1);
});

test('200,000 entries are overlaid in a time that grows with their number', () => {
  const entries = Array.from({ length: 200_000 }, (_, index) =>
    catalogEntry(`/usr/share/${index % 900}/file-${index}`),
  );
  const start = processorTime();
  const root = rootOf(withEntries(...entries.slice(0, 1000)), { ...catalogOf([]), entries });
  // A hundred times what a slow machine needs; something quadratic would take hours.
  assert.ok(processorTime(start) < 60_000);
  assert.equal([...root.entries()].length, 200_000 + 900 + 3);
});

test('each of 150,000 links that a layer writes through is a notice', () => {
  const names = Array.from({ length: 150_000 }, (_, index) => `/d/${index}`);
  const links = catalogOf(['/x/', ...names.map((name) => `${name} -> /x`)]);
  const through = catalogOf(names.map((name) => `${name}/f`));
  const { problems } = squash([links, through], defaultLimits);
  assert.equal(problems.length, names.length);
});

test('paths that lead through ever new directories exceed a limit', () => {
  const limits = { ...defaultLimits, maxEntries: 1000 };
  const entries = Array.from({ length: 20 }, (_, index) =>
    catalogEntry(`/${index}${'/d'.repeat(100)}`),
  );
  const { root, problems } = squash([{ ...catalogOf([]), entries }], limits);
  assert.deepEqual(
    problems.map(({ kind, where }) => `${kind} ${where}`),
    ['limit layer 0'],
  );
  assert.ok([...root.entries()].length <= 1020);
});

test('links through links that cost ever more steps exceed a limit', () => {
  const limits = { ...defaultLimits, maxEntries: 1000 };
  const slow = `/t -> ${'./'.repeat(1900)}u`;
  const entries = catalogOf([
    slow,
    '/u/',
    ...Array.from({ length: 900 }, (_, index) => `/t/${index}`),
  ]);
  const { problems } = squash([entries], limits);
  assert.deepEqual(
    problems.map(({ kind }) => kind),
    ['limit'],
  );
});
