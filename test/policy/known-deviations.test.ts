import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { known } from '../../src/base/fact.ts';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { policyOf } from '../../src/policy/config/policy-of.ts';
import type { GateConditions } from '../../src/policy/policy.ts';
import { profiles } from '../../src/policy/profiles/index.ts';
import { debianDeviations } from '../../src/policy/profiles/promises/known-deviations.ts';
import type { Facts } from '../../src/root/root-facts.ts';
import { binary, target, verdict } from '../support/reports/report-builder.ts';
import { repositoryRoot } from '../support/repository.ts';

/** A file of one of Debian's packages; facts are read as a table. */
function packaged(
  path: string,
  name: string,
  reached: boolean,
  { rule = 'stack-protector', how = 'started', is = {} }: Partial<Case> = {},
) {
  const deviation = verdict({ rule });
  const facts = {
    ...Object.fromEntries(Object.entries(is).map(([fact, value]) => [fact, known(value)])),
    ownership: known({ whose: 'distribution', component: null, because: 'the test says so' }),
    package: known({ name, version: '1' }),
    exposure: known({
      privileged: false,
      reached: reached ? { how, by: path } : null,
    }),
  };
  return binary({ path, facts: facts as unknown as Facts, verdicts: [deviation] });
}

interface Case {
  readonly name: string;
  readonly path: string;
  readonly package: string;
  readonly release?: string;
  readonly reached?: boolean;
  readonly profile?: string;
  readonly of?: GateConditions['of'];
  readonly rule?: string;
  readonly how?: string;
  /** Facts of the file. */
  readonly is?: Readonly<Record<string, object>>;
  readonly want: 'holds' | 'broken';
}

const libgcc = '/usr/lib/x86_64-linux-gnu/libgcc_s.so.1';
/** What the releases have: an older release than its C library is not believed. */
const libcOf: Readonly<Record<string, string>> = { '11': '2.31-13', '13': '2.41-1' };

const fixed = { loadAddress: { chosenBy: 'linker' } };
const programOfGo = { ...fixed, go: { table: true, cgo: true }, kind: { kind: 'executable' } };
const linkedStatic = { ...fixed, kind: { kind: 'static-executable' } };
const lateSlots = { ...linkedStatic, relro: { idle: true } };
const unreadService = { how: 'installed', reached: true };
const stock = [
  { path: '/usr/bin/python3.9', package: 'python3.9-minimal', release: '11', rule: 'pie' },
  { path: '/usr/bin/python3.13', package: 'python3.13-minimal', release: '13', rule: 'pie' },
  { path: '/usr/lib/x86_64-linux-gnu/libnode.so.108', package: 'libnode108' },
  { path: '/usr/bin/tini', package: 'tini', release: '11' },
  { path: '/usr/bin/tini', package: 'tini', release: '13' },
  { path: '/usr/bin/dumb-init', package: 'dumb-init' },
  {
    path: '/usr/lib/jvm/java-21-openjdk-amd64/lib/libjli.so',
    package: 'openjdk-21-jre-headless',
    release: '13',
  },
  { path: '/usr/bin/etcd', package: 'etcd-server', rule: 'pie', is: programOfGo },
  { path: '/usr/bin/caddy', package: 'caddy', is: programOfGo },
  { path: '/usr/lib/go/bin/go', package: 'golang', rule: 'relro', is: programOfGo },
  { path: '/bin/busybox', package: 'busybox-static', rule: 'pie', is: linkedStatic },
  { path: '/usr/bin/sash', package: 'sash', rule: 'relro', is: lateSlots },
  { path: '/usr/bin/catatonit', package: 'catatonit', release: '13', rule: 'relro', is: lateSlots },
  {
    path: '/usr/lib/erlang/erts-11.1.8/bin/beam.smp',
    package: 'erlang-base',
    release: '11',
  },
  { path: '/usr/bin/x86_64-linux-gnu-gcc-9', package: 'gcc-9', release: '11', rule: 'pie' },
  { path: '/usr/bin/x86_64-linux-gnu-gcc-11', package: 'gcc-11', rule: 'pie' },
  {
    path: '/usr/libexec/gcc/x86_64-linux-gnu/14/cc1',
    package: 'cpp-14-x86-64-linux-gnu',
    release: '13',
    rule: 'pie',
  },
  { path: '/usr/bin/eprover', package: 'eprover', release: '13' },
  { path: '/bin/eprover', package: 'eprover' },
].map((each) => ({
  ...each,
  name: `holds in stock ${each.path}, ${each.rule ?? 'stack-protector'}`,
  reached: true,
  want: 'holds' as const,
}));
const table: readonly Case[] = [
  ...stock,
  ...stock.map((each) => ({ ...each, name: `${each.name}, of all`, of: 'all' as const })),
  {
    name: 'breaks in a program at a fixed address that is neither static nor of Go',
    path: '/usr/bin/etcd',
    package: 'etcd-server',
    rule: 'pie',
    reached: true,
    is: { ...fixed, kind: { kind: 'executable' } },
    want: 'broken',
  },
  {
    name: 'breaks in a static program without PT_GNU_RELRO',
    path: '/usr/bin/sash',
    package: 'sash',
    rule: 'relro',
    reached: true,
    is: { ...linkedStatic, relro: { idle: false } },
    want: 'broken',
  },
  {
    name: 'breaks in a program with a loader whose RELRO has no slots',
    path: '/usr/bin/sash',
    package: 'sash',
    rule: 'relro',
    reached: true,
    is: { ...lateSlots, kind: { kind: 'executable' } },
    want: 'broken',
  },
  {
    name: 'breaks in a static program without canaries',
    path: '/bin/busybox',
    package: 'busybox-static',
    reached: true,
    is: linkedStatic,
    want: 'broken',
  },
  {
    name: 'holds where only a unit names the program, and no init runs',
    path: '/usr/bin/daemon',
    package: 'legacyd',
    ...unreadService,
    want: 'holds',
  },
  {
    name: 'breaks where a unit names the program, and an init runs',
    path: '/usr/bin/daemon',
    package: 'legacyd',
    ...unreadService,
    how: 'service',
    want: 'broken',
  },
  { name: 'holds where it is known', path: libgcc, package: 'libgcc-s1', want: 'holds' },
  { name: 'holds in all', path: libgcc, package: 'libgcc-s1', of: 'all', want: 'holds' },
  {
    name: 'breaks all under the profile strict',
    path: libgcc,
    package: 'libgcc-s1',
    of: 'all',
    profile: 'strict',
    want: 'broken',
  },
  {
    name: 'breaks in a program under the name of one of Go that is not of Go',
    path: '/usr/sbin/runc',
    package: 'runc',
    reached: true,
    want: 'broken',
  },
  {
    name: 'breaks in a program of Go with C of a package that was not looked at',
    path: '/usr/bin/tool',
    package: 'tool',
    reached: true,
    is: programOfGo,
    want: 'broken',
  },
  {
    name: 'breaks in another program of Go with C in a package that was',
    path: '/usr/bin/tool',
    package: 'runc',
    reached: true,
    is: programOfGo,
    want: 'broken',
  },
  {
    name: 'holds in the program that is started',
    path: '/usr/bin/python3.11',
    package: 'python3.11-minimal',
    reached: true,
    want: 'holds',
  },
  {
    name: 'is not known of another release',
    path: '/usr/bin/python3.11',
    package: 'python3.11-minimal',
    release: '13',
    reached: true,
    want: 'broken',
  },
  {
    name: 'is not known of another file of that package',
    path: '/usr/bin/daemon',
    package: 'python3.11-minimal',
    reached: true,
    want: 'broken',
  },
  {
    name: 'is not known of a package that the database was made to claim',
    path: '/usr/bin/python3.11',
    package: 'legacyd',
    reached: true,
    want: 'broken',
  },
  {
    name: 'that is not known breaks nothing where the program is not reached',
    path: '/usr/bin/daemon',
    package: 'legacyd',
    want: 'holds',
  },
  {
    name: 'that is not known breaks all',
    path: '/usr/bin/daemon',
    package: 'legacyd',
    of: 'all',
    want: 'broken',
  },
];

const unnamed = { release: '', of: 'all' } as const;
const ofUnnamed: readonly Case[] = [
  {
    ...unnamed,
    name: 'reaches to the newest release, so that a package that names none matches it',
    path: '/usr/bin/skopeo',
    package: 'skopeo',
    is: programOfGo,
    want: 'holds',
  },
  {
    ...unnamed,
    name: 'of an older release does not match a package that names none',
    path: '/usr/bin/jack-stdin',
    package: 'jack-stdio',
    want: 'broken',
  },
];

describe('a deviation of the distribution', () => {
  for (const { name, path, package: owner, want, ...more } of [...table, ...ofUnnamed])
    it(`${name}`, () => {
      const { release = '12', reached = false, profile = 'auto', of = 'yours' } = more;
      const chosen = profiles.find((each) => each.name === profile);
      assert.ok(chosen !== undefined);
      const image = target({
        os: { id: 'debian', versionId: release, prettyName: `Debian ${release}` },
        binaries: [
          packaged(path, owner, reached, more),
          packaged('/lib/libc.so.6', 'libc6', false),
        ].map((each, index) => (index === 0 ? each : { ...each, verdicts: [] })),
      });
      const facts = {
        package: known({ name: 'libc6', version: libcOf[release] ?? '2.36-9' }),
      };
      const binaries = image.binaries.map((each) =>
        each.path === '/lib/libc.so.6'
          ? { ...each, facts: { ...each.facts, ...facts } as unknown as Facts }
          : each,
      );
      const policy = policyOf({ gate: { of, 'fail-on': ['high'] } }, chosen, {
        today: '2026-11-29',
        baseline: null,
      });
      const { gate } = applyPolicy([{ ...image, binaries }], policy);
      assert.equal(gate.state, want, gate.because);
    });

  it('is marked with why, and is a note', () => {
    const auto = profiles.find((each) => each.name === 'auto');
    assert.ok(auto !== undefined);
    const policy = policyOf({}, auto, { today: '2026-11-29', baseline: null });
    const image = target({
      os: { id: 'debian', versionId: '', prettyName: 'Debian' },
      binaries: [packaged(libgcc, 'libgcc-s1', false)],
    });
    const [judged] = applyPolicy([image], policy).targets[0]?.binaries[0]?.verdicts ?? [];
    assert.equal(judged?.severity, 'note');
    assert.match(judged?.knownDeviation ?? '', /^the libraries of GCC/);
  });
});

describe('the table of known deviations', () => {
  const docs = readFileSync(join(repositoryRoot, 'docs/policy.md'), 'utf8');
  for (const { packages, because, rules, seen } of debianDeviations)
    it(`is dated and stands in docs/policy.md: ${packages.join(', ')}`, () => {
      assert.match(seen.on, /^\d{4}-\d{2}-\d{2}$/);
      const row = [packages, rules].map((names) => names.map((each) => `\`${each}\``).join(', '));
      const line = docs
        .split('\n')
        .find((each) => each.startsWith(`| ${row[0]} |`) && each.includes(`| ${row[1]} |`));
      assert.ok(line !== undefined, 'there is no such line');
      for (const part of [because, seen.on, seen.version, seen.by])
        assert.ok(line.includes(part), part);
    });
});
