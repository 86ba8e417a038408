import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Identified } from '../../src/identity/identified.ts';
import { identifiedByPath } from '../../src/identity/identified.ts';
import { matchBinaries } from '../../src/identity/match-binaries.ts';

type Given =
  | string
  | (Partial<Omit<Identified, 'traits'>> & {
      readonly path: string;
      readonly traits?: Partial<Identified['traits']>;
    });

function of(given: Given, sha256: string): Identified {
  const { traits = {}, path, ...rest } = typeof given === 'string' ? { path: given } : given;
  const bare = identifiedByPath(path, { brought: null, buildId: null });
  const own = { machine: '62', sha256, ...rest, traits: { ...bare.traits, ...traits } };
  return { ...bare, ...own };
}

function match(old: readonly Given[], fresh: readonly Given[]) {
  const [before, after] = [
    old.map((given, index) => of(given, `old ${index}`)),
    fresh.map((given, index) => of(given, `new ${index}`)),
  ];
  const { matches, unclear } = matchBinaries(before, after);
  const pairs = matches
    .filter(({ by }) => by !== null)
    .map(({ old: one, fresh: other, by }) => [
      before[one ?? -1]?.path,
      after[other ?? -1]?.path,
      by,
    ]);
  return { pairs: pairs.toSorted(), left: matches.filter(({ by }) => by === null).length, unclear };
}

const modules = '/app/node_modules';
const libraries = { traits: { needed: ['libssl.so.3', 'libc.so.6'] } };

const matched: readonly {
  readonly claim: string;
  readonly old: readonly Given[];
  readonly fresh: readonly Given[];
  readonly by: string;
}[] = [
  { claim: 'its path', old: ['/a'], fresh: ['/a'], by: 'path' },
  {
    claim: 'its path, even of another machine',
    old: [{ path: '/a', machine: '183' }, '/b'],
    fresh: ['/a'],
    by: 'path',
  },
  {
    claim: 'a link that is the path now',
    old: [{ path: '/bin/perl', aliases: ['/bin/perl-x'] }],
    fresh: ['/bin/perl-x'],
    by: 'other name',
  },
  {
    claim: 'a link that is the path now, but for its version',
    old: [{ path: '/usr/lib/libldap_r-2.4.so.2.11.5', aliases: ['/usr/lib/libldap-2.4.so.2'] }],
    fresh: [{ path: '/usr/lib/libldap-2.5.so.0.1.8', aliases: ['/usr/lib/libldap-2.5.so.0'] }],
    by: 'other name',
  },
  {
    claim: 'a link to a part of the C library, of which little is left',
    old: [
      {
        path: '/lib/libpthread-2.31.so',
        aliases: ['/lib/libpthread.so.0'],
        traits: { size: 150_000 },
      },
    ],
    fresh: [{ path: '/lib/libpthread.so.0', traits: { size: 14_000 } }],
    by: 'other name',
  },
  {
    claim: 'the folder of its release',
    old: ['svc-1.0/svc'],
    fresh: ['svc-1.1/svc'],
    by: 'path without versions',
  },
  {
    claim: 'a hash in its name',
    old: ['pillow.libs/libavif-8a7f30c1.so.16.0.0'],
    fresh: ['pillow.libs/libavif-c6061f2b.so.16.1.0'],
    by: 'path without versions',
  },
  {
    claim: 'a path that moved with /usr',
    old: ['/lib/x86_64-linux-gnu/libc-2.31.so'],
    fresh: ['/usr/lib/x86_64-linux-gnu/libc.so.6'],
    by: 'path without versions',
  },
  {
    claim: 'a path of another machine, where all are of one',
    old: ['/usr/lib/x86_64-linux-gnu/libz.so.1.2'],
    fresh: [{ path: '/usr/lib/aarch64-linux-gnu/libz.so.1.3', machine: '183' }],
    by: 'path without versions',
  },
  {
    claim: 'its content',
    old: [{ path: '/a/x', sha256: 's' }],
    fresh: [{ path: '/b/y', sha256: 's' }],
    by: 'content',
  },
  {
    claim: 'its build ID',
    old: [{ path: '/a/x', buildId: 'b' }],
    fresh: [{ path: '/b/y', buildId: 'b' }],
    by: 'build ID',
  },
  {
    claim: 'numbers in a name, in one package',
    old: [{ path: '/usr/lib/libicux14.so', brought: 'llvm-14' }],
    fresh: [{ path: '/usr/lib/libicux15.so', brought: 'llvm-15' }],
    by: 'place in package',
  },
  {
    claim: 'the machine of its folder, where it is an addon that was built before',
    old: [{ path: `${modules}/a/prebuilds/linux-x64/node.napi.node`, brought: 'a' }],
    fresh: [
      { path: `${modules}/a/prebuilds/linux-x64/a.node`, brought: 'a' },
      { path: `${modules}/a/prebuilds/linux-x64/a.bare`, brought: 'a' },
      { path: `${modules}/a/prebuilds/linux-x64/a.musl.node`, brought: 'a' },
    ],
    by: 'place in package',
  },
  {
    claim: 'a folder that was renamed, in one package',
    old: [{ path: 'numpy/core/_umath.so', brought: 'numpy' }],
    fresh: [{ path: 'numpy/_core/_umath.so', brought: 'numpy' }],
    by: 'name in package',
  },
  {
    claim: 'its name in its package and what it needs, though it calls more',
    old: [
      {
        path: '/ruby/2.7/nokogiri.so',
        brought: 'nokogiri',
        traits: { needed: ['a.so', 'b.so', 'c.so'], imports: ['read', 'open', 'write'] },
      },
    ],
    fresh: [
      {
        path: '/gems/nokogiri.so',
        brought: 'nokogiri',
        traits: {
          needed: ['a.so', 'b.so', 'c.so', 'd.so'],
          imports: ['read', 'open', 'write', 'e', 'f', 'g', 'h'],
        },
      },
    ],
    by: 'name in package',
  },
  {
    claim: 'a soname',
    old: [{ path: '/opt/a/libmine.so', soname: 'libmine.so.1', ...libraries }],
    fresh: [{ path: '/srv/libmine-static.so', soname: 'libmine.so.2', ...libraries }],
    by: 'soname',
  },
  {
    claim: 'a file name and what it needs',
    old: [{ path: '/opt/old/server', ...libraries }],
    fresh: [{ path: '/srv/app/server', traits: { needed: ['libssl.so.3', 'libm.so.6'] } }],
    by: 'file name',
  },
  {
    claim: 'a soname, of a file that a package has now',
    old: [{ path: '/opt/libmine.so', soname: 'libmine.so.1' }],
    fresh: [{ path: '/usr/lib/mine.so', soname: 'libmine.so.2', brought: 'mine' }],
    by: 'file name, with a package on one side',
  },
  {
    claim: 'a file name, of a file that a package had',
    old: [{ path: '/usr/bin/server', brought: 'acme' }],
    fresh: ['/opt/server'],
    by: 'file name, with a package on one side',
  },
];

for (const { claim, old, fresh, by } of matched)
  test(`a binary is known by ${claim}`, () => {
    const { pairs } = match(old, fresh);
    assert.deepEqual(
      pairs.map(([, , step]) => step),
      [by],
    );
  });

const lines: readonly {
  readonly claim: string;
  readonly old: readonly string[];
  readonly fresh: readonly string[];
  /** By place in the two lists. */
  readonly want: readonly (readonly [old: number, fresh: number])[];
  readonly isUnclear?: true;
}[] = [
  {
    claim: 'two major versions follow themselves',
    old: ['/a/libx.so.1.2', '/a/libx.so.2.0'],
    fresh: ['/a/libx.so.1.3', '/a/libx.so.2.0.1'],
    want: [
      [0, 0],
      [1, 1],
    ],
  },
  {
    claim: 'the old major version goes on next to a new one',
    old: ['/a/libx.so.1.0'],
    fresh: ['/a/libx.so.1.1', '/a/libx.so.2.0'],
    want: [[0, 0]],
  },
  {
    claim: '3.11 is not 3.13 where 3.12 stays',
    old: ['/usr/bin/python3.11', '/usr/bin/python3.12'],
    fresh: ['/usr/bin/python3.12', '/usr/bin/python3.13'],
    want: [[1, 0]],
    isUnclear: true,
  },
  {
    claim: '3.11 became 3.12 where there is one',
    old: ['/usr/bin/python3.11'],
    fresh: ['/usr/bin/python3.12'],
    want: [[0, 0]],
  },
  {
    claim: 'one became two of other lines',
    old: ['/a/libx.so.1'],
    fresh: ['/a/libx.so.2', '/a/libx.so.3'],
    want: [],
    isUnclear: true,
  },
  {
    claim: 'the release of the whole makes no lines',
    old: ['/app-1.0/p/a-1.0/x.so', '/app-1.0/p/a-2.0/x.so'],
    fresh: ['/app-1.1/p/a-1.0/x.so', '/app-1.1/p/a-2.1/x.so'],
    want: [
      [0, 0],
      [1, 1],
    ],
  },
  {
    claim: 'numbered files of one folder follow their numbers',
    old: ['/r-1/gconv/ISO8859-1.so', '/r-1/gconv/ISO8859-2.so', '/r-1/gconv/ISO8859-15.so'],
    fresh: ['/r-2/gconv/ISO8859-1.so', '/r-2/gconv/ISO8859-15.so', '/r-2/gconv/ISO8859-16.so'],
    want: [
      [0, 0],
      [2, 1],
    ],
    isUnclear: true,
  },
  {
    claim: 'one hash that changed next to one that did not',
    old: ['/a/libx-11111a11.so', '/a/libx-22222b22.so'],
    fresh: ['/a/libx-11111a11.so', '/a/libx-33333c33.so'],
    want: [
      [0, 0],
      [1, 1],
    ],
  },
  {
    claim: 'two hashes that changed',
    old: ['/a/libx-11111a11.so', '/a/libx-22222b22.so'],
    fresh: ['/a/libx-33333c33.so', '/a/libx-44444d44.so'],
    want: [],
    isUnclear: true,
  },
  {
    claim: 'a number in another place is another file',
    old: ['/p3.11/x.cpython-311.so'],
    fresh: ['/p3.13/x.cpython-313.so', '/p3.13/x_35.cpython-313.so'],
    want: [[0, 0]],
  },
  {
    claim: 'numbers in two places, on both sides',
    old: ['/p3.11/x.cpython-311.so', '/p3.11/x_35.cpython-311.so'],
    fresh: ['/p3.13/x.cpython-313.so', '/p3.13/x_35.cpython-313.so'],
    want: [
      [0, 0],
      [1, 1],
    ],
  },
  {
    claim: 'a number that went to another place, where nothing else is left',
    old: ['/a/libx-2.31.so', '/a/libx.so.1'],
    fresh: ['/a/libx.so.1', '/a/libx.so.2'],
    want: [
      [0, 1],
      [1, 0],
    ],
  },
  {
    claim: "builds for two versions of Node's ABI",
    old: [`${modules}/a-1.0/node.abi93.node`, `${modules}/a-1.0/node.abi108.node`],
    fresh: [`${modules}/a-1.1/node.abi108.node`, `${modules}/a-1.1/node.abi115.node`],
    want: [[1, 0]],
    isUnclear: true,
  },
];

for (const { claim, old, fresh, want, isUnclear = false } of lines)
  test(`versions that lie together: ${claim}`, () => {
    const found = match(old, fresh);
    const names = want.map(([one, other]) => [old[one], fresh[other]]);
    assert.deepEqual(
      found.pairs.map(([one, other]) => [one, other]),
      names.toSorted(),
    );
    assert.equal(found.unclear.length > 0, isUnclear);
    assert.equal(found.left, old.length + fresh.length - 2 * want.length);
  });

const strangers: readonly {
  readonly claim: string;
  readonly old: readonly Given[];
  readonly fresh: readonly Given[];
}[] = [
  {
    claim: 'builds of one addon for two machines',
    old: [`${modules}/a-1.0/prebuilds/linux-x64/node.napi.node`],
    fresh: [
      { path: `${modules}/a-1.1/prebuilds/linux-arm64/node.napi.node`, machine: '183' },
      { path: '/z', machine: '62' },
    ],
  },
  {
    claim: 'one link to two shells',
    old: [{ path: '/bin/dash', aliases: ['/bin/sh'] }],
    fresh: [{ path: '/bin/bash', aliases: ['/bin/sh'] }],
  },
  {
    claim: 'a program with a hundred links and the one that one of them is now',
    old: [
      {
        path: '/bin/busybox',
        aliases: ['/bin/ls', '/bin/tar'],
        traits: { size: 800_000, imports: ['read', 'open', 'mount'] },
      },
    ],
    fresh: [{ path: '/bin/tar', traits: { size: 400_000, imports: ['read', 'strcpy', 'memcpy'] } }],
  },
  {
    claim: 'addons for two C libraries',
    old: [{ path: `${modules}/a/prebuilds/linux-x64/node.napi.glibc.node`, brought: 'a' }],
    fresh: [{ path: `${modules}/a/prebuilds/linux-x64/a.musl.node`, brought: 'a' }],
  },
  {
    claim: 'addons of one name of two modules',
    old: [{ path: `${modules}/a/build/binding.node`, brought: 'a' }],
    fresh: [{ path: `${modules}/b/build/binding.node`, brought: 'b' }],
  },
  {
    claim: 'programs of one name that need other libraries',
    old: [{ path: '/opt/a/main', traits: { needed: ['libssl.so.3'] } }],
    fresh: [{ path: '/opt/b/main', traits: { needed: ['libpng.so.16'] } }],
  },
  {
    claim: 'programs of one name in two languages',
    old: [{ path: '/opt/a/main', traits: { languages: ['go'] } }],
    fresh: [{ path: '/opt/b/main', traits: { languages: ['rust'] } }],
  },
  {
    claim: 'programs of one name of two modules of Go',
    old: [{ path: '/opt/a/main', traits: { main: 'example.org/a' } }],
    fresh: [{ path: '/opt/b/main', traits: { main: 'example.org/b' } }],
  },
  {
    claim: 'a small and a large program of one name',
    old: [{ path: '/opt/a/main', traits: { size: 20_000 } }],
    fresh: [{ path: '/opt/b/main', traits: { size: 900_000 } }],
  },
  {
    claim: 'two files of one name that were left on one side',
    old: ['/opt/a/main', '/opt/b/main'],
    fresh: ['/opt/c/main'],
  },
  {
    claim: 'two implementations of a library in two packages',
    old: [{ path: '/lib/libz.so.1.3', brought: 'zlib' }],
    fresh: [{ path: '/lib/libz.so.1.4', brought: 'zlib-ng' }],
  },
  {
    claim: 'another program with the build ID of one that is gone',
    old: [{ path: '/a/x', buildId: 'b', traits: { imports: ['strcpy'] } }],
    fresh: [{ path: '/b/y', buildId: 'b', traits: { imports: ['open'] } }],
  },
  {
    claim: 'libraries of one soname of two packages',
    old: [{ path: '/a/x.so', soname: 'libx.so.1', brought: 'one' }],
    fresh: [{ path: '/b/y.so', soname: 'libx.so.1', brought: 'two' }],
  },
];

for (const { claim, old, fresh } of strangers)
  test(`not taken for one another: ${claim}`, () => {
    assert.deepEqual(match(old, fresh).pairs, []);
  });

const links: readonly {
  readonly claim: string;
  readonly old: readonly Given[];
  readonly fresh: readonly Given[];
  readonly isUnclear: boolean;
}[] = [
  {
    claim: 'a program with links became one for each',
    old: [{ path: '/bin/busybox', aliases: ['/bin/ls', '/bin/cat'] }],
    fresh: ['/bin/ls', '/bin/cat'],
    isUnclear: true,
  },
  {
    claim: 'several programs became one with links',
    old: ['/bin/ls', '/bin/cat'],
    fresh: [{ path: '/bin/coreutils', aliases: ['/bin/ls', '/bin/cat'] }],
    isUnclear: true,
  },
  {
    claim: 'one of them is there by its own name',
    old: [{ path: '/bin/busybox', aliases: ['/bin/ls', '/bin/cat'] }],
    fresh: ['/bin/busybox', '/bin/ls', '/bin/cat'],
    isUnclear: false,
  },
];

for (const { claim, old, fresh, isUnclear } of links)
  test(`links that may be meant in several ways: ${claim}`, () => {
    const found = match(old, fresh);
    assert.equal(found.pairs.length, isUnclear ? 0 : 1);
    assert.equal(found.unclear.length > 0, isUnclear);
  });

test('several files of one name in one package could be meant in more than one way, said once', () => {
  const of = (path: string) => ({ path, brought: 'numpy' });
  const { pairs, unclear } = match(
    [of('/a/core/umath.so'), of('/b/core/umath.so')],
    [of('/a/_core/umath.so')],
  );
  assert.deepEqual(pairs, []);
  assert.deepEqual(unclear, [{ name: 'umath.so', old: [0, 1], fresh: [0] }]);
});

test('copies of one content are joined in order, those of one name first', () => {
  const copy = (path: string) => ({ path, sha256: 's' });
  const { pairs, left } = match(
    [copy('/a/x'), copy('/b/y'), copy('/c/y')],
    [copy('/d/y'), copy('/e/z')],
  );
  assert.deepEqual(
    pairs.map(([one, other]) => [one, other]),
    [
      ['/a/x', '/e/z'],
      ['/b/y', '/d/y'],
    ],
  );
  assert.equal(left, 1);
});

test('many files of one key, however deep their versions go, cost one pass for each part', () => {
  const many = (folder: string, count: number) =>
    Array.from({ length: count }, (_, at) => `/${folder}/a.so.${at}`);
  const deep = [
    '/r-1/a.so.1',
    `/r-1/a.so.${'1.'.repeat(20_000)}2`,
    `/r-1/a.so.${'1.'.repeat(20_000)}3`,
  ];
  const { pairs } = match([...many('r-1', 20_000), ...deep], many('r-2', 20_000));
  assert.equal(pairs.length, 20_000 - 1);
});

test('the order in which a report lists its files decides nothing', () => {
  const old = ['/a/libx.so.1.2', '/a/libx.so.2.0', '/b/y-1.0/z', '/c/k'];
  const fresh = ['/a/libx.so.1.3', '/a/libx.so.2.1', '/b/y-2.0/z', '/d/k'];
  assert.deepEqual(match(old, fresh).pairs, match(old.toReversed(), fresh.toReversed()).pairs);
});
