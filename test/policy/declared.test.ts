import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '../../src/base/errors.ts';
import { known } from '../../src/base/fact.ts';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { configShape } from '../../src/policy/config/config-shape.ts';
import { readConfig } from '../../src/policy/config/document.ts';
import { policyOf } from '../../src/policy/config/policy-of.ts';
import { type Policy, plainPolicy, type Selector } from '../../src/policy/policy.ts';
import defaultProfile from '../../src/policy/profiles/default.ts';
import { whoseOf } from '../../src/policy/subject.ts';
import type { Ecosystem, Whose } from '../../src/root/ownership/ownership.ts';
import { somePackage } from '../support/archives/some-package.ts';
import { binary, factsWith, target, verdict } from '../support/reports/report-builder.ts';

const image = (whose: Whose, name = 'its-module') => {
  const component = { ecosystem: 'npm' as const, name, version: '1', purl: '', group: name };
  const ownership = known({ whose, component, because: 'a test says so' });
  const facts = factsWith({ ownership });
  return target({
    binaries: [
      binary({ path: '/opt/node', facts, verdicts: [verdict({ rule: 'pie', severity: 'high' })] }),
    ],
  });
};

const sha256 = '0123456789abcdef'.repeat(4);
const declares = (where: Selector): Partial<Policy> => ({
  dependencies: [
    { where, name: 'node', version: '22', reason: 'the build of nodejs.org', origin: 'c.yaml:3' },
  ],
});

const declared: readonly (readonly [name: string, Whose, Partial<Policy>, want: Whose])[] = [
  ['by path', 'yours', declares({ path: ['/opt/node'] }), 'dependency'],
  ['by digest', 'yours', declares({ digest: [sha256] }), 'dependency'],
  [
    'by path, of another content',
    'yours',
    declares({ path: ['/opt/*'], digest: ['00'.repeat(32)] }),
    'yours',
  ],
  ['by another path', 'yours', declares({ path: ['/opt/deno'] }), 'yours'],
  [
    'what is the distribution’s stays so',
    'distribution',
    declares({ path: ['/opt/node'] }),
    'distribution',
  ],
];

describe('a file that the configuration declares a dependency', () => {
  for (const [name, whose, policy, want] of declared) {
    it(name, () => {
      const { targets, policy: reported } = applyPolicy([image(whose)], {
        ...plainPolicy({ of: 'yours' }),
        ...policy,
      });
      const [found] = targets;
      const [judged] = found?.binaries ?? [];
      assert.ok(found !== undefined && judged !== undefined);
      assert.equal(whoseOf({ target: found, judged }), want);
      // One that matches nothing is reported, as a waiver is.
      assert.equal(reported.notices.length, want === 'dependency' ? 0 : 1);
    });
  }

  it('breaks no gate that is of yours, for what its user cannot change', () => {
    const policy = { ...plainPolicy({ of: 'yours' }), ...declares({ path: ['/opt/node'] }) };
    assert.equal(applyPolicy([image('yours')], policy).gate.state, 'holds');
    const bare = { ...policy, dependencies: [] };
    assert.equal(applyPolicy([image('yours')], bare).gate.state, 'broken');
  });

  it('needs a path, a digest or a package', () => {
    const shape = configShape(['pie'], ['default']);
    assert.throws(
      () => readConfig('dependencies: [{name: x, reason: y}]', 'c.yaml', shape),
      (error) =>
        error instanceof UsageError &&
        /c\.yaml:1:16: .* needs a path, a digest or a package/.test(error.message),
    );
  });
});

const shape = configShape(['pie'], ['default']);
const read = (text: string): Policy => {
  const config = readConfig(text, 'c.yaml', shape);
  assert.ok(config !== null);
  const profile = { name: 'default', ...defaultProfile };
  const given = { today: '2026-11-29', baseline: null };
  return policyOf(config, profile, given);
};

/** A file that a package brought; the package as the database has it. */
const packaged = (whose: Whose, purl = 'pkg:deb/debian/acmed@1.0-1?arch=amd64') => {
  const component = {
    ecosystem: 'deb' as const,
    name: 'acmed',
    version: '1.0-1',
    purl,
    group: 'acme',
  };
  const facts = factsWith({
    ownership: known({ whose, component, because: 'a test says so' }),
    package: known(
      somePackage({ name: 'acmed', purl, maintainer: 'Acme Packaging <build@acme.example>' }),
    ),
  });
  return target({
    binaries: [
      binary({
        path: '/opt/acme/acmed',
        facts,
        verdicts: [verdict({ rule: 'pie', severity: 'high' })],
      }),
    ],
  });
};

const wheel = packaged('dependency', 'pkg:npm/%40acme/native@1.2.3');
const debian = packaged(
  'dependency',
  'pkg:deb/debian/acmed@1%3A1.0%2Bb1-1?arch=amd64&distro=debian-12',
);
/** A file of a wheel, or of a package of another manager of languages. */
const listed = (whose: Whose, ecosystem: Ecosystem, name: string) => {
  const purl = `pkg:${ecosystem}/${name}@1.2.0`;
  const component = { ecosystem, name, version: '1.2.0', purl, group: name };
  const facts = factsWith({
    ownership: known({ whose, component, because: 'a test says so' }),
  });
  const verdicts = [verdict({ rule: 'pie', severity: 'high' })];
  return target({ binaries: [binary({ path: '/opt/x.so', facts, verdicts })] });
};
const python = listed('dependency', 'pypi', 'acme-fast');
const claims: readonly (readonly [
  name: string,
  file: ReturnType<typeof target>,
  yours: string,
  isYours: boolean,
])[] = [
  ['a package by its name', packaged('dependency'), 'acmed', true],
  ['one by a glob of names', packaged('dependency'), 'acme*', true],
  ['not one of another name', packaged('dependency'), 'acme', false],
  ['a package of the distribution', packaged('distribution'), 'acmed', true],
  ['a package by the address of its maintainer', packaged('dependency'), '"*@acme.example"', true],
  [
    'by the maintainer as the package writes it',
    packaged('dependency'),
    'Acme Packaging <*>',
    true,
  ],
  ['by the maintainer in other letters', packaged('dependency'), 'BUILD@ACME.example', true],
  ['not by a domain that only ends so', packaged('dependency'), '"*@me.example"', false],
  ['a package by its URL', packaged('dependency'), 'pkg:deb/debian/acmed@1.0-1?arch=amd64', true],
  ['by its URL without version', packaged('dependency'), 'pkg:deb/debian/acmed', true],
  ['by a URL of another type', packaged('dependency'), 'pkg:rpm/debian/acmed', false],
  ['all modules of a scope', wheel, 'pkg:npm/@acme/*', true],
  ['all modules of a scope, as its URL is encoded', wheel, 'pkg:npm/%40acme/*', true],
  ['not those of another scope', wheel, 'pkg:npm/@acm/*', false],
  ['a URL with version but no qualifiers', debian, 'pkg:deb/debian/acmed@1:1.0+b1-1', true],
  ['as it is encoded', debian, 'pkg:deb/debian/acmed@1%3A1.0%2Bb1-1', true],
  ['one of several qualifiers', debian, 'pkg:deb/debian/acmed?distro=debian-12', true],
  ['qualifiers in another order', debian, 'pkg:deb/debian/acmed?distro=debian-*&arch=amd64', true],
  ['not another qualifier', debian, 'pkg:deb/debian/acmed?arch=arm64', false],
  ['not one that it does not have', debian, 'pkg:deb/debian/acmed?epoch=1', false],
  ['not another version', debian, 'pkg:deb/debian/acmed@1.0', false],
  ['a question mark of a glob', debian, 'pkg:deb/debian/acme?', true],
  ['a package of Debian in other letters', packaged('dependency'), 'Acmed', true],
  ['a Python package by its import name', python, 'acme_fast', true],
  ['by any spelling that PEP 503 has as the same', python, 'Acme.Fast', true],
  ['with several signs', python, 'ACME-_.fast', true],
  ['by a glob in another spelling', python, 'acme_*', true],
  ['not without the sign', python, 'acmefast', false],
  ['by a URL in another spelling', python, 'pkg:pypi/Acme_Fast', true],
  ['with its version', python, 'pkg:pypi/acme.fast@1.2.0', true],
  ['not by a version in which another sign stands', python, 'pkg:pypi/acme_fast@1-2_0', false],
  ['by alternatives with versions', python, 'pkg:pypi/{acme_slow@1,acme_fast@1.2.0}', true],
  [
    'a module of npm not in another spelling',
    listed('dependency', 'npm', 'acme-fast'),
    'acme_fast',
    false,
  ],
  ['nor a gem', listed('dependency', 'gem', 'acme-fast'), 'acme_fast', false],
  [
    'nor a module of npm in other letters',
    listed('dependency', 'npm', 'JSONStream'),
    'jsonstream',
    false,
  ],
  ['a wheel that is yours already', listed('yours', 'pypi', 'acme-fast'), 'acme-fast', true],
  ['a path', packaged('dependency'), '/opt/acme/**', true],
  ['not another path', packaged('dependency'), '/opt/*', false],
  ['a digest', packaged('dependency'), sha256, true],
  ['all that one entry names', packaged('dependency'), '{package: acmed, path: /usr/**}', false],
];

describe('what the configuration says is yours', () => {
  for (const [name, image, yours, isYours] of claims)
    it(`${name}: ${isYours ? 'breaks the gate in full' : 'is reported as matching nothing'}`, () => {
      const text = yours.startsWith('{') || yours.startsWith('"') ? yours : JSON.stringify(yours);
      const { gate, policy, targets } = applyPolicy([image], read(`yours: [${text}]`));
      assert.equal(gate.state, isYours ? 'broken' : 'holds', gate.because);
      const [found] = targets;
      const [judged] = found?.binaries ?? [];
      assert.ok(found !== undefined && judged !== undefined);
      assert.equal(whoseOf({ target: found, judged }) === 'yours', isYours);
      assert.deepEqual(
        policy.notices.map((each) => /which c\.yaml:1 says is yours, matches no file/.test(each)),
        isYours ? [] : [true],
      );
    });

  it('wins over what it declares a dependency, which is then reported', () => {
    const { gate, policy } = applyPolicy(
      [packaged('dependency')],
      read('{yours: [acmed], dependencies: [{name: a, package: acmed, reason: x}]}'),
    );
    assert.equal(gate.state, 'broken');
    assert.match(policy.notices.join(), /the dependency a at c\.yaml:1 matches no file/);
  });

  it('is marked so where it was yours already, for the reasons that are known', () => {
    const { targets } = applyPolicy([listed('yours', 'pypi', 'acme')], read('yours: [acme]'));
    const ownership = targets[0]?.binaries[0]?.facts.ownership;
    assert.ok(ownership?.known === true);
    assert.equal(ownership.value.isDeclared, true);
    assert.equal(ownership.value.because, 'a test says so');
  });

  it('needs something that it names', () => {
    assert.throws(
      () => read('yours: [{reason: x}]'),
      (error) =>
        error instanceof UsageError && /c\.yaml:1:9: this needs a package/.test(error.message),
    );
  });
});

/** What is there: a dependency @acme/native, /opt/acme/acmed of the package acmed. */
const idle: readonly (readonly [name: string, words: readonly string[], alongside: RegExp])[] = [
  [
    'a misspelled name',
    ['@acme/ntive'],
    /@acme\/ntive \(--yours\) .*: did you mean @acme\/native\?/,
  ],
  ['one in other letters', ['@ACME/nativ'], /did you mean @acme\/native\?/],
  ['a misspelled package URL', ['pkg:npm/@acme/natve'], /did you mean pkg:npm\/@acme\/native/],
  ['a misspelled maintainer', ['build@acme.exmple'], /matches no file: dependencies here are/],
  ['a misspelled path', ['/opt/acme/acmd'], /did you mean \/opt\/acme\/acmed\?/],
  ['a path without its slash', ['opt/acme/**'], /did you mean \/opt\/acme\/\*\*\?/],
  [
    'a name of nothing like it',
    ['zzz'],
    /package zzz \(--yours\) .*: dependencies here are @acme\/native$/,
  ],
  ['the second of two', ['/opt/**', 'nativ'], /package nativ \(--yours\) matches no file/],
];

describe('a claim of the command line that matches nothing stands alongside the gate', () => {
  const component = {
    ecosystem: 'npm' as const,
    name: '@acme/native',
    version: '1',
    purl: 'pkg:npm/%40acme/native@1',
    group: '@acme/native',
  };
  const facts = factsWith({
    ownership: known({ whose: 'dependency', component, because: 'a test says so' }),
  });
  const image = target({ binaries: [binary({ path: '/opt/acme/acmed', facts })] });
  const claim = (words: readonly string[], origin: string) => ({
    ...plainPolicy({ of: 'yours' }),
    yours: read(`yours: ${JSON.stringify(words)}`).yours.map((each) => ({ ...each, origin })),
  });
  for (const [name, words, alongside] of idle)
    it(name, () => {
      const { gate, policy } = applyPolicy([image], claim(words, '--yours'));
      assert.match(gate.because, alongside);
      assert.equal(policy.notices.length, 1);
      assert.doesNotMatch(policy.notices.join(), /can be removed/);
    });

  it('one of the environment too', () => {
    const { gate } = applyPolicy([image], claim(['zzz'], 'HULLCHECK_YOURS'));
    assert.match(gate.because, /package zzz \(HULLCHECK_YOURS\) matches no file/);
  });

  it('one of a configuration, which may be for other images, only where it looks misspelled', () => {
    const far = applyPolicy([image], claim(['zzz'], 'c.yaml:1'));
    assert.doesNotMatch(far.gate.because, /zzz/);
    assert.match(
      far.policy.notices.join(),
      /zzz, which c.yaml:1 says is yours, matches no file: dep/,
    );
    const near = applyPolicy([image], claim(['@acme/ntive'], 'c.yaml:1'));
    assert.match(near.gate.because, /did you mean @acme\/native\?/);
  });

  it('one that matches is not there, nor a second one of the same file', () => {
    const { gate } = applyPolicy([image], claim(['@acme/native', '/opt/**'], '--yours'));
    assert.doesNotMatch(gate.because, /matches no file/);
  });
});

const selected: readonly (readonly [name: string, Whose, where: Selector, matches: boolean])[] = [
  ['yours', 'yours', { whose: ['yours'] }, true],
  ['a dependency as yours', 'dependency', { whose: ['yours'] }, false],
  ['one of two', 'dependency', { whose: ['distribution', 'dependency'] }, true],
  ['a dependency by its name', 'dependency', { package: ['its-*'] }, true],
  ['your own module is not a package', 'yours', { package: ['*'] }, false],
];

describe('whose a file is selects it', () => {
  for (const [name, whose, where, matches] of selected) {
    it(name, () => {
      const waiver = {
        rules: ['pie'],
        where,
        reason: 'x',
        expires: null,
        causes: [],
        origin: 'c.yaml:1',
      };
      const policy = { ...plainPolicy({ of: 'all' }), waivers: [waiver] };
      const { gate } = applyPolicy([image(whose)], policy);
      assert.equal(gate.state, matches ? 'holds' : 'broken');
    });
  }
});
