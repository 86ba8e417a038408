import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { whoseOf } from '../../../src/policy/subject.ts';
import { findBinaries } from '../../../src/root/binaries.ts';
import type { Whose } from '../../../src/root/ownership/ownership.ts';
import { findRootFacts, type RootTarget } from '../../../src/root/root-facts.ts';
import { binary, factsWith, target } from '../../support/reports/report-builder.ts';
import { buildRoot, elf, type Thing, type Things, text } from '../../support/roots/root-builder.ts';
import { configOf } from '../exposure/config-of.ts';

const image: RootTarget = { kind: 'image', config: null, platform: null };
const tool = elf({});
const [content] = [...buildRoot({ '/bin/x': tool }).extractions.values()];
assert.ok(content !== undefined);
const { sha256 } = content;
const inBase64 = Buffer.from(sha256, 'hex').toString('base64url');
const inAnother = Buffer.alloc(32).toString('base64url');
const json = (value: unknown): Thing => text(JSON.stringify(value));

const installed = (name: string, more = `c:${'0123456789'.repeat(4)}\n`) =>
  text(`P:${name}\nV:1-r0\no:${name}-source\n${more}F:bin\nR:${name}\n`);

const bcrypt = '/app/node_modules/bcrypt';
const addon = `${bcrypt}/build/Release/bcrypt.node`;
const manifest = json({ name: 'bcrypt', version: '6.0.0' });
const lock = (listed: unknown): Things => ({
  '/app/node_modules/.package-lock.json': json({ packages: { 'node_modules/bcrypt': listed } }),
});

const site = '/usr/lib/python3.11/site-packages';
const extension = `${site}/numpy/core/_umath.so`;
const wheel = (record: string, more: Things = {}): Things => ({
  [`${site}/numpy-1.26.4.dist-info/RECORD`]: text(record),
  [`${site}/numpy-1.26.4.dist-info/INSTALLER`]: text('pip\n'),
  ...more,
});
const origin = (value: unknown): Things => ({
  [`${site}/numpy-1.26.4.dist-info/direct_url.json`]: json(value),
});
const tags = (tag: string): Things => ({
  [`${site}/numpy-1.26.4.dist-info/WHEEL`]: text(`Wheel-Version: 1.0\nTag: ${tag}\n`),
});
const listed = `numpy/core/_umath.so,sha256=${inBase64},5\n`;

const gems = '/usr/local/bundle';
const conda = (more: object, name = 'lib/libblas.so'): Things => ({
  '/opt/conda/conda-meta/blas-1.0-0.json': json({
    name: 'blas',
    version: '1.0',
    url: 'https://conda.anaconda.org/conda-forge/linux-64/blas-1.0-0.conda',
    paths_data: { paths: [{ _path: name, sha256, ...more }] },
  }),
});

interface Case {
  readonly name: string;
  readonly things: Things;
  /** Where the file is whose owner is looked up. */
  readonly path: string;
  readonly target?: RootTarget;
  readonly want: Whose;
  /** purl; null where there is none. */
  readonly component: string | null;
}

const none = { want: 'yours', component: null } as const;
const ofBcrypt = { want: 'dependency', component: 'pkg:npm/bcrypt@6.0.0' } as const;
const ofNumpy = { want: 'dependency', component: 'pkg:pypi/numpy@1.26.4' } as const;
const ownNumpy = { want: 'yours', component: 'pkg:pypi/numpy@1.26.4' } as const;
const ofBlas = { want: 'dependency', component: 'pkg:conda/blas@1.0' } as const;

const cases: readonly Case[] = [
  {
    name: 'a file of a package of the distribution is its',
    things: { '/lib/apk/db/installed': installed('tool') },
    path: '/bin/tool',
    want: 'distribution',
    component: 'pkg:apk/alpine/tool@1-r0',
  },
  {
    name: 'a file of a package that the distribution did not make is a dependency',
    things: { '/lib/apk/db/installed': installed('tool', '') },
    path: '/bin/tool',
    want: 'dependency',
    component: 'pkg:apk/alpine/tool@1-r0',
  },
  {
    name: 'a file of no package is yours',
    things: { '/lib/apk/db/installed': installed('other') },
    path: '/bin/tool',
    ...none,
  },
  { name: 'without a package database all is yours', things: {}, path: '/bin/tool', ...none },
  {
    name: 'a program by itself is yours',
    things: {},
    path: '/bin/tool',
    target: { ...image, kind: 'file' },
    ...none,
  },

  {
    name: 'npm: the package.json in its folder says whose it is',
    things: { [`${bcrypt}/package.json`]: manifest },
    path: addon,
    ...ofBcrypt,
  },
  {
    name: 'npm: with a scope',
    things: {
      '/app/node_modules/@img/sharp/package.json': json({ name: '@img/sharp', version: '1.0.0' }),
    },
    path: '/app/node_modules/@img/sharp/lib/sharp.node',
    want: 'dependency',
    component: 'pkg:npm/%40img/sharp@1.0.0',
  },
  {
    name: 'npm: the folder is that of the innermost package',
    things: {
      [`${bcrypt}/package.json`]: manifest,
      [`${bcrypt}/node_modules/inner/package.json`]: json({ name: 'inner', version: '2.0.0' }),
    },
    path: `${bcrypt}/node_modules/inner/a.node`,
    want: 'dependency',
    component: 'pkg:npm/inner@2.0.0',
  },
  {
    name: 'npm: a folder of the name without a package.json is yours',
    things: {},
    path: addon,
    ...none,
  },
  {
    name: 'npm: a package.json that is not that of the folder',
    things: { [`${bcrypt}/package.json`]: json({ name: 'other', version: '6.0.0' }) },
    path: addon,
    ...none,
  },
  {
    name: 'npm: a package.json without a version',
    things: { [`${bcrypt}/package.json`]: json({ name: 'bcrypt' }) },
    path: addon,
    ...none,
  },
  {
    name: 'npm: a package.json that cannot be read',
    things: { [`${bcrypt}/package.json`]: text('{"name": "bcrypt"') },
    path: addon,
    ...none,
  },
  {
    name: 'npm: a package.json deeper in the package says nothing',
    things: { [`${bcrypt}/build/package.json`]: manifest },
    path: addon,
    ...none,
  },
  {
    name: 'npm: right in node_modules is not a package',
    things: { '/app/node_modules/package.json': manifest },
    path: '/app/node_modules/evil',
    ...none,
  },
  {
    name: 'npm: the application itself, private or not, is yours',
    things: { '/app/package.json': json({ name: 'app', version: '1.0.0', private: true }) },
    path: '/app/build/Release/app.node',
    ...none,
  },
  {
    name: 'npm: a private package is published nowhere',
    things: {
      [`${bcrypt}/package.json`]: json({ name: 'bcrypt', version: '6.0.0', private: true }),
    },
    path: addon,
    ...none,
  },
  {
    name: "npm: its list has the package, of a registry's address",
    things: {
      [`${bcrypt}/package.json`]: manifest,
      ...lock({ version: '6.0.0', resolved: 'https://registry.example/bcrypt-6.0.0.tgz' }),
    },
    path: addon,
    ...ofBcrypt,
  },
  {
    name: 'npm: its list does not have the package',
    things: {
      [`${bcrypt}/package.json`]: manifest,
      '/app/node_modules/.package-lock.json': json({ packages: {} }),
    },
    path: addon,
    ...none,
  },
  {
    name: 'npm: its list has it as a folder of the project',
    things: { [`${bcrypt}/package.json`]: manifest, ...lock({ resolved: 'file:../bcrypt' }) },
    path: addon,
    ...none,
  },
  {
    name: 'npm: an alias that the list knows',
    things: {
      [`${bcrypt}/package.json`]: json({ name: 'real', version: '1.0.0' }),
      ...lock({ name: 'real', resolved: 'https://registry.example/real-1.0.0.tgz' }),
    },
    path: addon,
    want: 'dependency',
    component: 'pkg:npm/real@1.0.0',
  },
  {
    name: 'pnpm: a package of a registry',
    things: { '/app/node_modules/.pnpm/bcrypt@6.0.0/node_modules/bcrypt/package.json': manifest },
    path: '/app/node_modules/.pnpm/bcrypt@6.0.0/node_modules/bcrypt/a.node',
    ...ofBcrypt,
  },
  {
    name: 'pnpm: a folder of the project that was copied there',
    things: {
      '/app/node_modules/.pnpm/bcrypt@file+libs+bcrypt/node_modules/bcrypt/package.json': manifest,
    },
    path: '/app/node_modules/.pnpm/bcrypt@file+libs+bcrypt/node_modules/bcrypt/a.node',
    ...none,
  },
  {
    name: 'npm: in a folder that is not a system',
    things: { '/node_modules/bcrypt/package.json': manifest },
    path: '/node_modules/bcrypt/a.node',
    target: { ...image, kind: 'package' },
    ...ofBcrypt,
  },

  {
    name: 'pip: RECORD lists it by its digest',
    things: wheel(listed),
    path: extension,
    ...ofNumpy,
  },
  {
    name: 'pip: RECORD lists it without a digest',
    things: wheel('numpy/core/_umath.so,,\n'),
    path: extension,
    ...ofNumpy,
  },
  {
    name: 'pip: RECORD has the digest of another content',
    things: wheel(`numpy/core/_umath.so,sha256=${inAnother},5\n`),
    path: extension,
    ...none,
  },
  {
    name: 'pip: RECORD has a digest of a kind that is not known',
    things: wheel('numpy/core/_umath.so,md5=AAAA,5\n'),
    path: extension,
    ...none,
  },
  {
    name: 'pip: RECORD lists other files alone',
    things: wheel('numpy/core/_other.so,,\n'),
    path: extension,
    ...none,
  },
  {
    name: 'pip: a name with a comma, in quotes',
    things: wheel(`"numpy/a,b.so",sha256=${inBase64},5\n`),
    path: `${site}/numpy/a,b.so`,
    ...ofNumpy,
  },
  {
    name: 'pip: a program in the environment of the packages',
    things: wheel(`../../../bin/ruff,sha256=${inBase64},5\n`),
    path: '/usr/bin/ruff',
    ...ofNumpy,
  },
  {
    name: 'pip: nothing outside of that environment',
    things: wheel(`../../../../app/server,sha256=${inBase64},5\n`),
    path: '/app/server',
    ...none,
  },
  {
    name: 'pip: no absolute path',
    things: wheel(`/usr/bin/ruff,sha256=${inBase64},5\n`),
    path: '/usr/bin/ruff',
    ...none,
  },
  {
    name: 'pip: a wheel that was only unpacked is yours',
    things: { [`${site}/numpy-1.26.4.dist-info/RECORD`]: text(listed) },
    path: extension,
    ...none,
  },
  {
    name: 'pip: installed of a folder of your own',
    things: wheel(listed, origin({ url: 'file:///src', dir_info: {} })),
    path: extension,
    ...ownNumpy,
  },
  {
    name: 'pip: a wheel that was built here',
    things: wheel(listed, {
      ...origin({ url: 'file:///dist/numpy.whl', archive_info: {} }),
      ...tags('cp311-cp311-linux_x86_64'),
    }),
    path: extension,
    ...ownNumpy,
  },
  {
    name: 'pip: a wheel of an index that lay in a file in between',
    things: wheel(listed, {
      ...origin({ url: 'file:///wheels/numpy.whl', archive_info: {} }),
      ...tags('cp311-cp311-manylinux_2_17_x86_64'),
    }),
    path: extension,
    ...ofNumpy,
  },

  {
    name: 'gem: with its specification',
    things: { [`${gems}/specifications/bcrypt-3.1.20.gemspec`]: text('') },
    path: `${gems}/extensions/x86_64-linux/3.2.0/bcrypt-3.1.20/bcrypt_ext.so`,
    want: 'dependency',
    component: 'pkg:gem/bcrypt@3.1.20',
  },
  {
    name: 'gem: built for a platform',
    things: { [`${gems}/specifications/nokogiri-1.16.0-x86_64-linux.gemspec`]: text('') },
    path: `${gems}/gems/nokogiri-1.16.0-x86_64-linux/lib/nokogiri.so`,
    want: 'dependency',
    component: 'pkg:gem/nokogiri@1.16.0',
  },
  {
    name: 'gem: a folder of the name without a specification',
    things: {},
    path: `${gems}/gems/bcrypt-3.1.20/lib/bcrypt_ext.so`,
    ...none,
  },

  {
    name: 'conda: its record has the digest',
    things: conda({}),
    path: '/opt/conda/lib/libblas.so',
    ...ofBlas,
  },
  {
    name: 'conda: its record has another digest',
    things: conda({ sha256: '0'.repeat(64) }),
    path: '/opt/conda/lib/libblas.so',
    ...none,
  },
  {
    name: 'conda: the digest afterwards counts where conda wrote its folder into the file',
    things: conda({ sha256: '0'.repeat(64), sha256_in_prefix: sha256, prefix_placeholder: '/old' }),
    path: '/opt/conda/lib/libblas.so',
    ...ofBlas,
  },
  {
    name: 'conda: nothing outside of the environment',
    things: conda({}, '../../app/server'),
    path: '/app/server',
    ...none,
  },
];

const script = (line: string) => text(`#!/bin/sh\n${line}\n`, { mode: 0o755 });

/** Ways that an image comes to a program. */
const reachedByName: readonly (readonly [
  name: string,
  config: Parameters<typeof configOf>[0],
  more: Things,
])[] = [
  [
    'CMD of an entry point that runs what it is given',
    { entrypoint: ['/entry.sh'], cmd: [addon] },
    { '/entry.sh': script('exec "$@"') },
  ],
  ['exec in a script', { cmd: ['/run.sh'] }, { '/run.sh': script(`exec ${addon} -v`) }],
  ['quoted text for a shell', { cmd: ['/bin/sh', '-c', `exec "${addon}"`] }, {}],
  [
    'the interpreter of a script',
    { cmd: ['/main'] },
    { '/main': text(`#!${addon}\n`, { mode: 0o755 }) },
  ],
  ['a health check', { cmd: ['/bin/sh'], healthcheck: [addon, '-v'] }, {}],
];

/** Of a file that a list has. */
const madeOwn: readonly {
  readonly name: string;
  readonly things: Things;
  readonly path: string;
  readonly mode?: number;
  readonly isStarted?: true;
  readonly config?: Parameters<typeof configOf>[0];
  readonly want: Whose;
}[] = [
  {
    name: 'npm: what the image starts, known by a package.json alone',
    things: { [`${bcrypt}/package.json`]: manifest },
    path: addon,
    isStarted: true,
    want: 'yours',
  },
  {
    name: 'npm: what the image starts, which is in the list',
    things: { [`${bcrypt}/package.json`]: manifest, ...lock({ version: '6.0.0' }) },
    path: addon,
    isStarted: true,
    want: 'dependency',
  },
  {
    name: 'npm: setuid, whatever lists it',
    things: { [`${bcrypt}/package.json`]: manifest, ...lock({ version: '6.0.0' }) },
    path: addon,
    mode: 0o4755,
    want: 'yours',
  },
  {
    name: 'Python: what the image starts, in RECORD without a digest',
    things: wheel('numpy/core/_umath.so,,\n'),
    path: extension,
    isStarted: true,
    want: 'yours',
  },
  {
    name: 'Python: what the image starts, in RECORD with its digest',
    things: wheel(listed),
    path: extension,
    isStarted: true,
    want: 'dependency',
  },
  {
    name: 'Python: setuid, with its digest',
    things: wheel(listed),
    path: extension,
    mode: 0o4755,
    want: 'yours',
  },
  {
    name: 'conda: what the image starts, without a digest',
    things: conda({ sha256: undefined }),
    path: '/opt/conda/lib/libblas.so',
    isStarted: true,
    want: 'yours',
  },
  {
    name: 'conda: what the image starts, with its digest',
    things: conda({}),
    path: '/opt/conda/lib/libblas.so',
    isStarted: true,
    want: 'dependency',
  },
  {
    name: 'gem: what the image starts',
    things: { [`${gems}/specifications/bcrypt-3.1.20.gemspec`]: text('') },
    path: `${gems}/gems/bcrypt-3.1.20/lib/bcrypt_ext.so`,
    isStarted: true,
    want: 'yours',
  },
  ...reachedByName.map(([name, config, more]) => ({
    name: `npm: known by a package.json alone, ${name}`,
    things: { [`${bcrypt}/package.json`]: manifest, '/bin/sh': elf({}), ...more },
    path: addon,
    config,
    want: 'yours' as const,
  })),
  {
    name: 'gem: what a script of the image starts',
    things: {
      [`${gems}/specifications/bcrypt-3.1.20.gemspec`]: text(''),
      '/run.sh': script(`${gems}/gems/bcrypt-3.1.20/lib/bcrypt_ext.so`),
    },
    path: `${gems}/gems/bcrypt-3.1.20/lib/bcrypt_ext.so`,
    config: { cmd: ['/run.sh'] },
    want: 'yours',
  },
  {
    name: 'npm: what a script of the image starts, which is in the list',
    things: {
      [`${bcrypt}/package.json`]: manifest,
      ...lock({ version: '6.0.0' }),
      '/run.sh': script(addon),
    },
    path: addon,
    config: { cmd: ['/run.sh'] },
    want: 'dependency',
  },
];

describe('a list that anyone can write', () => {
  const deep = `${'['.repeat(1000)}${']'.repeat(1000)}`;
  it('a list of npm that is nested deeper than any, and is JSON, vouches for nothing', () => {
    const bytes = `{"packages":{"node_modules/bcrypt":{"version":"6.0.0"}},"x":${deep}}`;
    const root = buildRoot({
      [`${bcrypt}/package.json`]: manifest,
      '/app/node_modules/.package-lock.json': text(bytes),
      [addon]: tool,
    });
    const [facts] = findRootFacts(
      image,
      root,
      findBinaries(root, () => false),
    );
    assert.ok(facts?.ownership.known);
    assert.equal(facts.ownership.value.whose, 'yours');
  });

  for (const { name, things, path, mode = 0o755, isStarted, config: given, want } of madeOwn) {
    it(`${name}: ${want}`, () => {
      const root = buildRoot({ ...things, [path]: elf({}, { mode }) });
      const config = configOf(given ?? { cmd: isStarted ? [path] : [] });
      const binaries = findBinaries(root, () => false);
      const at = binaries.findIndex(({ entry }) => entry.path === path);
      const facts = findRootFacts({ ...image, config }, root, binaries)[at];
      assert.ok(facts?.ownership.known);
      assert.equal(facts.ownership.value.whose, want, facts.ownership.value.because);
    });
  }
});

describe('whose a binary is', () => {
  for (const { name, things, path, target: of = image, want, component } of cases) {
    it(name, () => {
      const root = buildRoot({ ...things, [path]: tool });
      const binaries = findBinaries(root, () => false);
      assert.equal(binaries.length, 1);
      const [facts] = findRootFacts(of, root, binaries);
      assert.ok(facts?.ownership.known);
      const { whose, component: found } = facts.ownership.value;
      assert.equal(whose, want, facts.ownership.value.because);
      assert.equal(found?.purl ?? null, component);
    });
  }

  it('a report of an older version says nothing of it: then it is yours', () => {
    const judged = binary({ path: '/a', facts: factsWith({}) });
    assert.equal(whoseOf({ target: target({}), judged }), 'yours');
  });
});
