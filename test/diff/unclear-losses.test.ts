import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known } from '../../src/base/fact.ts';
import { compareReleases, releaseAgainst } from '../../src/diff/compare-releases.ts';
import { applyPolicy } from '../../src/policy/apply-policy.ts';
import { type GateConditions, type Policy, plainPolicy } from '../../src/policy/policy.ts';
import type { BinaryReport, JudgedVerdict, Report } from '../../src/report/report.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';

type How = 'pass' | 'not-applicable' | JudgedVerdict['severity'];

interface Given {
  readonly relro?: How;
  readonly pie?: How;
  readonly aliases?: readonly string[];
  readonly kind?: string;
  readonly soname?: string;
  readonly whose?: 'yours' | 'dependency' | 'distribution';
  readonly brought?: string;
  /** Of the package that the image's database says it is of. */
  readonly version?: string;
  readonly reached?: string;
}

let made = 0;

/** A file that is like no other. */
function file(path: string, given: Given = {}): BinaryReport {
  const { relro = 'pass', pie, aliases = [] } = given;
  const { kind = 'executable', soname, whose = 'yours', brought = null } = given;
  const { version, reached } = given;
  const said = (rule: string, how: How): JudgedVerdict =>
    how === 'pass' || how === 'not-applicable'
      ? verdict({ rule, outcome: how, severity: 'medium' })
      : verdict({ rule, outcome: 'fail', severity: how });
  made += 1;
  return binary({
    path,
    aliases,
    sha256: String(made).padStart(64, '0'),
    verdicts: [said('relro', relro), ...(pie === undefined ? [] : [said('pie', pie)])],
    facts: factsWith({
      kind: known({ kind, evidence: [] } as never),
      ...(soname === undefined ? {} : { soname: known(soname) }),
      ...(version === undefined ? {} : { package: known({ name: brought, version } as never) }),
      ...(reached === undefined
        ? {}
        : { exposure: known({ privileged: false, reached: { how: reached, by: '/' } } as never) }),
      ownership: known({
        whose,
        component:
          brought === null
            ? null
            : { ecosystem: 'deb', group: brought, name: brought, version, purl: '' },
        because: 'so',
      } as never),
    }),
  });
}

const keep = file('/keep');
const release = (...binaries: readonly BinaryReport[]) =>
  report([target({ binaries: [keep, ...binaries] })]);
const waivers = [
  { rules: ['relro'], where: {}, causes: [], reason: 'so', expires: null, origin: 'c:1' },
];
const rules = { known: ['relro', 'pie'], chosen: undefined };
const weak = { relro: 'medium' } as const;
const ofDistribution = { whose: 'distribution', brought: 'coreutils' } as const;
const ofOther = { whose: 'dependency', kind: 'shared-library' } as const;

interface Row {
  readonly claim: string;
  readonly before: Report;
  readonly after: Report;
  readonly gate?: Partial<GateConditions>;
  readonly waivers?: Policy['waivers'];
  readonly want: 'holds' | 'broken' | 'undecided';
}

/** Of two old files that could be the new one, one did not pass: nothing says which it is. */
const two = release(file('/x/svc'), file('/y/svc', weak));

/** Found again by its content. */
const moved = file('/svc');

const rows: readonly Row[] = [
  {
    claim: 'a file of the same name in another folder',
    before: two,
    after: release(file('/z/svc', weak)),
    want: 'undecided',
  },
  {
    claim: 'the same that passes',
    before: two,
    after: release(file('/z/svc')),
    want: 'holds',
  },
  {
    claim: 'what is lost weighs less than the gate asks',
    before: two,
    after: release(file('/z/svc', weak)),
    gate: { worseThan: 'high' },
    want: 'holds',
  },
  {
    claim: 'the policy accepts what the new one lacks',
    before: two,
    after: release(file('/z/svc', weak)),
    waivers,
    want: 'holds',
  },
  {
    claim: 'a gate that is broken anyway stays broken',
    before: release(file('/x/svc'), file('/y/svc', weak), file('/tool')),
    after: release(file('/z/svc', weak), file('/tool', weak)),
    want: 'broken',
  },
  {
    claim: 'another name in place of a strong and a weak one',
    before: two,
    after: release(file('/z/other', weak)),
    want: 'undecided',
  },
  {
    claim: 'other names in place of a strong and a weak one, of which as many are strong',
    before: two,
    after: release(file('/z/other', weak), file('/z/third')),
    want: 'holds',
  },
  {
    claim: 'another name of another kind',
    before: two,
    after: release(file('/z/other.so', { ...weak, kind: 'shared-library' })),
    want: 'holds',
  },
  {
    claim: 'another name, in a new package of the distribution',
    before: release(file('/svc')),
    after: release(
      file('/usr/bin/acmed', { ...weak, whose: 'distribution', brought: 'acme', version: '1' }),
    ),
    want: 'holds',
  },
  {
    claim:
      'another name, in a package of the distribution that had no such file in the same version',
    before: release(file('/svc'), file('/bin/ls', { ...ofDistribution, version: '9.1' })),
    after: release(
      file('/bin/ls', { ...ofDistribution, version: '9.1' }),
      file('/bin/acmed', { ...weak, ...ofDistribution, version: '9.1' }),
    ),
    want: 'undecided',
  },
  {
    claim: 'the same in another version of the package',
    before: release(file('/svc'), file('/bin/ls', { ...ofDistribution, version: '9.1' })),
    after: release(
      file('/bin/ls', { ...ofDistribution, version: '9.2' }),
      file('/bin/acmed', { ...weak, ...ofDistribution, version: '9.2' }),
    ),
    want: 'holds',
  },
  {
    claim: 'another name, of the distribution, which is started where a file of yours was',
    before: release(file('/svc', { reached: 'entrypoint' })),
    after: release(
      file('/bin/acmed', {
        ...weak,
        ...ofDistribution,
        version: '9.2',
        reached: 'entrypoint',
      }),
    ),
    want: 'undecided',
  },
  {
    claim: 'the name in another package of others, whose files the gate is of',
    before: release(file('/a/x.so', { ...ofOther, brought: 'acme' })),
    after: release(file('/b/x.so', { ...ofOther, ...weak, brought: 'ng' })),
    gate: { of: 'dependencies' },
    want: 'undecided',
  },
  {
    claim: 'the same where the gate is of yours',
    before: release(file('/a/x.so', { ...ofOther, brought: 'acme' })),
    after: release(file('/b/x.so', { ...ofOther, ...weak, brought: 'ng' })),
    want: 'holds',
  },
  {
    claim: 'another version of the name',
    before: release(file('/x/svc-1.0'), file('/y/svc-2.0', weak)),
    after: release(file('/z/svc-3.0', weak)),
    want: 'undecided',
  },
  {
    claim: 'one soname',
    before: release(
      file('/x/a', { kind: 'shared-library', soname: 'libx.so.1' }),
      file('/x/b', { ...weak, kind: 'shared-library', soname: 'libx.so.1' }),
    ),
    after: release(file('/y/c', { ...weak, kind: 'shared-library', soname: 'libx.so.2' })),
    want: 'undecided',
  },
  {
    claim: 'one package',
    before: release(file('/x/a', { brought: 'acme1' }), file('/x/b', weak)),
    after: release(file('/y/c', { ...weak, brought: 'acme2' })),
    want: 'undecided',
  },
  {
    claim: 'a file of the distribution that has the name',
    before: two,
    after: release(file('/usr/bin/svc', { ...weak, whose: 'distribution' })),
    want: 'undecided',
  },
  {
    claim: 'old files of the distribution',
    before: release(
      file('/x/svc', { whose: 'distribution' }),
      file('/y/svc', { whose: 'distribution', ...weak }),
    ),
    after: release(file('/z/svc', weak)),
    want: 'holds',
  },
  {
    claim: 'the name became a link to a file that was as weak before',
    before: release(file('/svc'), file('/tool', weak)),
    after: release(file('/tool', { ...weak, aliases: ['/svc'] })),
    want: 'undecided',
  },
  {
    claim: 'a link became a file of its own',
    before: release(file('/svc', { aliases: ['/tool'] })),
    after: release(file('/svc'), file('/tool', weak)),
    want: 'undecided',
  },
  {
    claim: 'the name became a link to a weak file of both releases, and the file went aside',
    before: release(moved, file('/tool', weak)),
    after: release({ ...moved, path: '/svc.orig' }, file('/tool', { ...weak, aliases: ['/svc'] })),
    want: 'undecided',
  },
  {
    claim: 'a link leads to a weak file of both releases now',
    before: release(file('/strong', { aliases: ['/svc'] }), file('/weak', weak)),
    after: release(file('/strong'), file('/weak', { ...weak, aliases: ['/svc'] })),
    want: 'undecided',
  },
  {
    claim: 'a link leads to a new weak file now, next to the old one',
    before: release(file('/svc-1.0', { aliases: ['/svc'] })),
    after: release(file('/svc-1.0'), file('/svc-2.0', { ...weak, aliases: ['/svc'] })),
    want: 'undecided',
  },
  {
    claim: 'a link leads to a stronger file of both releases now',
    before: release(file('/strong'), file('/weak', { ...weak, aliases: ['/svc'] })),
    after: release(file('/strong', { aliases: ['/svc'] }), file('/weak', weak)),
    want: 'holds',
  },
  {
    claim: 'a link leads to a file of which the rule is not asked',
    before: release(
      file('/strong', { aliases: ['/svc'] }),
      file('/go', { relro: 'not-applicable' }),
    ),
    after: release(file('/strong'), file('/go', { relro: 'not-applicable', aliases: ['/svc'] })),
    want: 'holds',
  },
  {
    claim: 'an object in place of a program',
    before: release(file('/svc', { pie: 'pass' })),
    after: release(file('/svc', { kind: 'object', pie: 'not-applicable' })),
    want: 'undecided',
  },
  {
    claim: 'an object next to a program that is gone',
    before: release(file('/svc', { pie: 'pass' })),
    after: release(file('/svc.o', { kind: 'object', pie: 'not-applicable' })),
    want: 'undecided',
  },
  {
    claim: 'a library in place of a program',
    before: release(file('/svc', { pie: 'pass' })),
    after: release(file('/svc', { kind: 'shared-library', pie: 'not-applicable' })),
    want: 'holds',
  },
];

for (const { claim, before, after, gate, waivers = [], want } of rows)
  test(`files that nothing pairs: ${claim}`, () => {
    const policy = { ...plainPolicy({ of: 'yours', ...gate }), waivers };
    const judged = report(after.targets, 'high', policy);
    const { compared, targets } = releaseAgainst([before, judged], policy, { rules, locked: null });
    assert.equal(compared.gate.state, want, compared.gate.because);
    const scanned = applyPolicy(targets, policy).gate;
    assert.equal(scanned.state, want, scanned.because);
  });

test('the sentence says which file, which may be the old ones, what is lacking and what helps', () => {
  const after = release(file('/z/svc', { ...weak, pie: 'high' }));
  const before = release(file('/x/svc', { pie: 'pass' }), file('/y/svc', { pie: 'low', ...weak }));
  const { gate } = compareReleases([before, after], plainPolicy({ of: 'yours' }), rules);
  assert.match(gate.because, /^1 finding in new files/);
  assert.match(
    gate.because,
    /; \/z\/svc may be the old \/x\/svc and does not show what passed there \(pie and relro\): build it with that, keep its name, or compare the two files by themselves$/,
  );
});

test('the sentence says which name leads to another file now', () => {
  const before = release(file('/strong', { aliases: ['/svc'] }), file('/weak', weak));
  const after = release(file('/strong'), file('/weak', { ...weak, aliases: ['/svc'] }));
  const { gate } = compareReleases([before, after], plainPolicy({ of: 'yours' }), rules);
  assert.match(
    gate.because,
    /^\/svc was \/strong and is \/weak now, which fails what passed there \(relro\): build it with that, or compare/,
  );
});

test('files that only the first release had weigh the same however many there are', () => {
  const many = Array.from({ length: 800 }, (_, at) => file(`/x${at}/svc`, { brought: 'acme' }));
  const news = many.map((_, at) => file(`/y${at}/svc`, { ...weak, brought: 'acme' }));
  const start = performance.now();
  const before = release(...many, file('/old', weak));
  const { gate } = compareReleases([before, release(...news)], plainPolicy({ of: 'yours' }), rules);
  assert.equal(gate.state, 'undecided');
  assert.match(gate.because, /797 more files may be old ones that passed more/);
  assert.ok(performance.now() - start < 10_000);
});
