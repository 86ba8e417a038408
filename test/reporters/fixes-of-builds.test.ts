import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { rules } from '../../rules/index.ts';
import { known } from '../../src/base/fact.ts';
import type { JudgedVerdict, TargetReport } from '../../src/report/report.ts';
import { fixText } from '../../src/reporters/remedies/fix.ts';
import { fixesOf } from '../../src/reporters/remedies/fixes-of.ts';
import type { ToolchainName } from '../../src/reporters/remedies/toolchain.ts';
import { binary, factsWith, target, verdict } from '../support/reports/report-builder.ts';

const because = 'a test says so';
const owned = (whose: string, ecosystem = '', name = 'acmed', more = {}) => ({
  ownership: known({
    whose,
    component:
      ecosystem === '' ? null : { ecosystem, name, version: '1', purl: '', group: name, ...more },
    because,
  }),
});
const comment = { compilers: known([{ name: 'gcc', version: '12.2.0', text: 'GCC: 12.2.0' }]) };
const library = { kind: known({ kind: 'shared-library' }) };
const others = { package: known({ name: 'acmed', maker: { by: 'others', because } }) };
const vendor = { package: known({ name: 'acmed', maker: { by: 'vendor', because } }) };

interface Given {
  readonly facts: object;
  readonly verdicts?: readonly JudgedVerdict[];
  readonly others?: readonly object[];
  readonly around?: Partial<Pick<TargetReport, 'kind' | 'scheme'>>;
  readonly toolchain?: ToolchainName;
}

function fixes({ facts, verdicts, others = [], around = {}, toolchain }: Given): readonly string[] {
  const failed = verdicts ?? [verdict({ rule: 'pie' })];
  const judged = binary({ path: '/a', facts: factsWith(facts as never), verdicts: failed });
  const more = others.map((each, at) =>
    binary({ path: `/lib${at}.so`, facts: factsWith(each as never) }),
  );
  const root = target({ binaries: [judged, ...more], ...around });
  const [first, ...rest] = failed
    .filter(({ outcome }) => outcome === 'fail')
    .map((each) => ({ target: root, judged, verdict: each }));
  assert.ok(first !== undefined);
  return fixesOf([first, ...rest], { rules, toolchain: toolchain ?? null }).map(fixText);
}

describe('flags of programs are said to be for programs, where libraries lie next to one', () => {
  const only = /^-fPIE and -pie are for programs: no library links with them$/m;
  const yours = owned('yours');
  const addon = owned('dependency', 'pypi', 'numpy');
  for (const [name, given, isSaid] of [
    ['one of yours', { facts: yours, others: [{ ...yours, ...library }] }, true],
    ['not with a library of others', { facts: yours, others: [{ ...addon, ...library }] }, false],
    ['one of the same component', { facts: addon, others: [{ ...addon, ...library }] }, true],
    ['not with programs alone', { facts: yours, others: [yours] }, false],
    [
      'not with a system that distinguishes the two',
      { facts: yours, others: [{ ...yours, ...library }], toolchain: 'debian' },
      false,
    ],
  ] as const satisfies readonly (readonly [string, Given, boolean])[])
    it(name, () => assert.equal(only.test(fixes(given).join('\n')), isSaid));
  it('explain says it too', () =>
    assert.match(rules.find(({ id }) => id === 'pie')?.remediation.gcc ?? '', /programs only/));
});

it('make links a library without the flags that are for programs, and not with them', {
  skip: process.platform === 'linux' ? false : 'gcc of Linux',
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'only-'));
  try {
    writeFileSync(join(folder, 'one.c'), 'int one(int *a) { return *a; }\n');
    writeFileSync(
      join(folder, 'main.c'),
      'int one(int *); int main() { int a = 0; return one(&a); }\n',
    );
    writeFileSync(
      join(folder, 'Makefile'),
      'all: main\nlibone.so: one.c\n\tgcc $(CFLAGS) -fPIC -shared $(LDFLAGS) one.c -o $@\nmain: main.c libone.so\n\tgcc $(CFLAGS) main.c $(LDFLAGS) $(PROGRAM) -L. -lone -o $@\n',
    );
    const facts = owned('yours');
    const [line = ''] = fixes({ facts, others: [{ ...facts, ...library }] });
    const make = (command: string) =>
      execFileSync('bash', ['-ec', `${command}; make -B`], { cwd: folder, stdio: 'pipe' });
    assert.throws(() => make(line), /undefined reference to `main'/);
    make(`${line.replace('-fPIE', '').replace('-pie', '')} PROGRAM="-fPIE -pie"`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('a package of Debian is fixed where it was built', () => {
  const around = { kind: 'package', scheme: 'deb' } as const;
  const own = owned('yours', 'deb');
  const dependency = owned('dependency', 'deb');
  for (const [name, given, wanted] of [
    ['by debian/rules, where debhelper took .comment out', { facts: own, around }, /debian\/rules/],
    [
      'by the compiler, where .comment is there',
      { facts: { ...own, ...comment }, around },
      /^export CFLAGS=/,
    ],
    [
      'so among dependencies',
      { facts: { ...dependency, ...others, ...comment } },
      /^export CFLAGS=/m,
    ],
    ['with debhelper among dependencies', { facts: { ...dependency, ...others } }, /debian\/rules/],
    [
      'by what --toolchain names among dependencies',
      { facts: { ...dependency, ...others }, toolchain: 'cmake' },
      /^cmake -B/m,
    ],
    [
      'by an upgrade, where a repository has it',
      { facts: { ...dependency, ...vendor } },
      /--only-upgrade acmed/,
    ],
    [
      'by its makers, where none has it',
      { facts: { ...dependency, ...others } },
      /^no known repository has acmed/,
    ],
  ] as const satisfies readonly (readonly [string, Given, RegExp])[])
    it(name, () => {
      const said = fixes(given).join('\n');
      assert.match(said, wanted);
      assert.equal(/--only-upgrade/.test(said), name.startsWith('by an upgrade'));
      assert.equal(/debian\/rules/.test(said), /debhelper|an upgrade|its makers/.test(name));
    });
});

it('a module of npm is built again only where it can be', () => {
  const said = (more: object) =>
    fixes({ facts: owned('dependency', 'npm', '@acme/a', more) })[0] ?? '';
  assert.match(said({}), /npm rebuild @acme\/a --build-from-source$/);
  assert.match(said({ isPrebuilt: true }), /has nothing to build: take another version, ask/);
});

it('a crate gets flags for C only where C of its own may be in it', () => {
  const language = (...names: readonly string[]) =>
    known(names.map((name) => ({ name, version: null, evidence: [] })));
  const open = verdict({ rule: 'stack-protector', outcome: 'unknown' });
  const said = (...names: readonly string[]) =>
    fixes({
      facts: { ...owned('yours'), language: language(...names) },
      verdicts: [verdict({ rule: 'relro' }), open],
    }).join('\n');
  assert.match(said('rust', 'c'), / CFLAGS=/);
  assert.doesNotMatch(said('rust'), / CFLAGS=/);
});
