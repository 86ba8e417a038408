import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known } from '../../src/base/fact.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import type { JudgedVerdict, Report } from '../../src/report/report.ts';
import type { Whose } from '../../src/root/ownership/ownership.ts';
import { hostileNames } from '../support/reports/hostile-names.ts';
import { jenkinsRefuses } from '../support/reports/jenkins-junit.ts';
import { render } from '../support/reports/render.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';
import { sampleReport } from '../support/reports/sample-report.ts';

function owned(path: string, whose: Whose, group: string, ...verdicts: JudgedVerdict[]) {
  const component = { ecosystem: 'deb', name: group, version: '1.0', purl: '', group } as const;
  const ownership = known({ whose, component, because: 'the test says so' });
  return binary({ path, facts: factsWith({ ownership }), verdicts });
}

const high = verdict({ rule: 'pie' });
const low = verdict({ rule: 'pie', severity: 'low' });
const pass = verdict({ rule: 'pie', outcome: 'pass' });
const unknown = verdict({ rule: 'pie', outcome: 'unknown' });
const none = verdict({ rule: 'pie', outcome: 'not-applicable' });
const critical = verdict({ rule: 'pie', severity: 'critical', message: 'is worse' });

/** Of files of one package. */
const packaged = (...verdicts: readonly JudgedVerdict[]) =>
  verdicts.map((each, at) => owned(`/bin/${at}`, 'distribution', 'coreutils', each));

async function casesOf(given: Report, options = {}): Promise<readonly string[]> {
  const xml = await render('junit', given, options);
  return (xml.match(/<testcase [^>]*?(?:\/>|>.*?<\/testcase>)/gs) ?? []).map((each) => each);
}

function ofAll(binaries: Parameters<typeof target>[0]['binaries']): Report {
  return report([target({ binaries: binaries ?? [] })], 'high', plainPolicy({ of: 'all' }));
}

const endings = [
  {
    name: 'fails when one of its files breaks the gate',
    verdicts: [pass, high, low],
    want: '><failure type="high" message="1 of 3 files: pie says so">- /bin/1: pie says so\nfix: update the package or the base image, or accept it: hullcheck waive</failure>',
  },
  {
    name: 'fails in the words of the worst file',
    verdicts: [high, critical],
    want: '><failure type="critical" message="2 files: is worse">- /bin/1: is worse\n- /bin/0: pie says so\nfix: update the package or the base image, or accept it: hullcheck waive</failure>',
  },
  {
    name: 'passes with its findings where the gate holds over them',
    verdicts: [low, pass, low],
    want: '><system-out>low: 2 of 3 files: pie says so\n- /bin/0: pie says so\n- /bin/2: pie says so</system-out>',
  },
  {
    name: 'is skipped where a file was not decided',
    verdicts: [pass, unknown],
    want: '><skipped message="1 of 2 files: pie says so"/>',
  },
  {
    name: 'passes where the rule applies to some files and all of them are well',
    verdicts: [none, pass],
    want: '/>',
  },
  {
    name: 'is skipped where the rule applies to none',
    verdicts: [none, none],
    want: '><skipped message="2 files: pie says so"/>',
  },
] as const;

describe('the test case of a package and rule', () => {
  const head = '<testcase classname="deb coreutils" name="pie"';
  for (const { name, verdicts, want } of endings)
    it(name, async () => {
      const end = want === '/>' ? want : `${want}</testcase>`;
      assert.deepEqual(await casesOf(ofAll(packaged(...verdicts))), [`${head}${end}`]);
    });

  it('lists twenty files, and counts the others', async () => {
    const many = packaged(...Array.from({ length: 23 }, () => high));
    const [only = ''] = await casesOf(ofAll(many));
    assert.equal(only.match(/^.*- \/bin\//gm)?.length, 20);
    assert.match(only, /\nand 3 more files\n/);
  });

  it('is one of each package, of dependencies too; what is yours has one for each file, and comes first', async () => {
    const given = ofAll([
      owned('/a', 'distribution', 'coreutils', pass),
      owned('/b', 'dependency', 'acme', pass),
      owned('/c', 'dependency', 'acme', pass),
      owned('/d', 'distribution', 'bash', pass),
      owned('/e', 'distribution', 'coreutils', pass),
      owned('/f', 'yours', 'mine', pass),
      owned('/g', 'yours', 'mine', pass),
    ]);
    const classes = (cases: readonly string[]) =>
      cases.map((each) => /classname="([^"]*)"/.exec(each)?.[1]);
    assert.deepEqual(classes(await casesOf(given)), [
      '/f',
      '/g',
      'deb acme',
      'deb coreutils',
      'deb bash',
    ]);
    assert.deepEqual(classes(await casesOf(given, { all: true })), [
      ...['/f', '/g', '/b', '/c', '/a', '/d', '/e'],
    ]);
  });
});

describe('two targets with one path', () => {
  const binaries = [binary({ path: '/bin/app', verdicts: [high] })];
  const folder = (name: string) =>
    target({ name, scheme: 'dir', kind: 'root-filesystem', platform: null, binaries });
  for (const [what, targets, want] of [
    ['folders', [folder('build-a/'), folder('build-b/')], ['build-a', 'build-b']],
    ['images', [target({ binaries }), target({ name: 'b:2', binaries })], ['app', 'b']],
    [
      'tags of one image',
      [target({ binaries }), target({ name: 'app:2.0', binaries })],
      ['app:1.0', 'app:2.0'],
    ],
  ] as const)
    it(`are two test cases: ${what}`, async () => {
      const cases = await casesOf(report(targets));
      assert.deepEqual(
        cases.map((each) => /classname="([^"]*)"/.exec(each)?.[1]),
        want.map((name) => `/bin/app (${name})`),
      );
    });
});

describe('what Jenkins takes', () => {
  const reports: Readonly<Record<string, Report>> = {
    sample: sampleReport,
    empty: report([]),
    'without binaries': report([target({})]),
    platforms: report([target({ otherPlatforms: ['linux/arm64'] })]),
    endings: ofAll(endings.flatMap(({ verdicts }) => packaged(...verdicts))),
    warned: report([target({})], 'high', plainPolicy({ coverage: { pie: 1 } })),
    hostile: report([
      target({
        binaries: Object.values(hostileNames).map((name) =>
          owned(name, 'distribution', name, verdict({ rule: name, message: name })),
        ),
      }),
    ]),
  };
  for (const [name, given] of Object.entries(reports))
    for (const all of [false, true])
      it(`the report of ${name}${all ? ' with --all' : ''}, and its counts are those of its cases`, async () => {
        assert.deepEqual(jenkinsRefuses(await render('junit', given, { all })), []);
      });

  for (const [what, xml] of [
    ['an attribute', '<testsuites skipped="1"></testsuites>'],
    ['an element', '<testsuites><testcase name="a"/></testsuites>'],
    ['a text', '<testsuites>a</testsuites>'],
    ['a missing attribute', '<testsuites><testsuite name="a"/></testsuites>'],
    [
      'a count',
      '<testsuites tests="0"><testsuite name="a" tests="1" failures="0" errors="0"/></testsuites>',
    ],
  ] as const)
    it(`${what} that is not of the format is noticed`, () => {
      assert.equal(jenkinsRefuses(xml).length > 0, true);
    });
});
