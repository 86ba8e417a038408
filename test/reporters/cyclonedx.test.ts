import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { known } from '../../src/base/fact.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import type { Report } from '../../src/report/report.ts';
import { cyclonedxRefuses } from '../support/reports/cyclonedx-schema.ts';
import { hostileNames } from '../support/reports/hostile-names.ts';
import { render } from '../support/reports/render.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';
import { sampleReport } from '../support/reports/sample-report.ts';

interface Component {
  readonly type: string;
  readonly name: string;
  readonly 'bom-ref': string;
  readonly purl?: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly properties: readonly { readonly name: string; readonly value: string }[];
  readonly components?: readonly Component[];
}

const component = {
  ecosystem: 'deb',
  name: 'coreutils',
  version: '9.1-1',
  purl: 'pkg:deb/debian/coreutils@9.1-1',
  group: 'coreutils',
} as const;
const packaged = (path: string, ...verdicts: Parameters<typeof binary>[0]['verdicts'] & object[]) =>
  binary({
    path,
    facts: factsWith({ ownership: known({ whose: 'distribution', component, because: 'so' }) }),
    verdicts,
  });
const fail = verdict({ rule: 'pie', message: 'is not' });
const pass = verdict({ rule: 'relro', outcome: 'pass' });
const none = verdict({ rule: 'zeal', outcome: 'not-applicable' });
const unknown = verdict({ rule: 'pie', outcome: 'unknown', message: 'cannot be seen' });

async function billOf(given: Report, options = {}) {
  const text = await render('cyclonedx', given, options);
  return { text, bill: JSON.parse(text) };
}

function flat(components: readonly Component[]): readonly Component[] {
  return components.flatMap((each) => [each, ...flat(each.components ?? [])]);
}

const reports: Readonly<Record<string, Report>> = {
  sample: sampleReport,
  empty: report([]),
  'without binaries': report([target({})]),
  'several images': report([
    target({ binaries: [packaged('/bin/a', fail)] }),
    target({ name: 'b:2', platform: 'linux/arm64', binaries: [packaged('/bin/a', pass)] }),
  ]),
  files: report([
    target({ kind: 'file', name: 'a', binaries: [binary({ path: 'a', verdicts: [fail] })] }),
    target({ kind: 'file', name: 'b', binaries: [binary({ path: 'b', verdicts: [pass] })] }),
  ]),
  undecided: report([
    target({ problems: [{ kind: 'unreadable', where: '/x', message: 'was not read' }] }),
  ]),
  'with a day': { ...report([target({})], 'high', plainPolicy()), date: '2026-11-30' },
  hostile: report([
    target({
      name: Object.values(hostileNames).join(' '),
      binaries: Object.values(hostileNames).map((path) =>
        packaged(path, verdict({ rule: 'pie', message: path })),
      ),
    }),
  ]),
};

describe('a bill of materials', () => {
  for (const [name, given] of Object.entries(reports))
    for (const all of [false, true])
      it(`of the report ${name}${all ? ' with --all' : ''} is valid, and its references are its own`, async () => {
        const { bill } = await billOf(given, { all });
        assert.deepEqual(cyclonedxRefuses(bill), []);
        const components = flat([
          ...bill.components,
          ...(bill.metadata.component === undefined ? [] : [bill.metadata.component]),
        ]);
        const refs = components.map((each) => each['bom-ref']);
        assert.equal(new Set(refs).size, refs.length);
        const files = components.filter(({ type }) => type === 'file');
        const binaries = given.targets.flatMap((each) => each.binaries);
        assert.equal(files.length, binaries.length);
        for (const claim of bill.declarations.claims) assert.ok(refs.includes(claim.target));
        const claims = bill.declarations.claims.map((each: Component) => each['bom-ref']);
        const mapped = bill.declarations.attestations.flatMap(
          ({ map }: { map: readonly { claims: readonly string[] }[] }) =>
            map.flatMap((each) => each.claims),
        );
        assert.deepEqual(mapped, claims);
      });

  it('has each file in its package, with its digest and its verdicts', async () => {
    const { bill } = await billOf(
      report([
        target({
          binaries: [
            packaged('/bin/a', fail, pass, none),
            binary({ path: '/b', verdicts: [unknown] }),
          ],
        }),
      ]),
    );
    const [coreutils, own] = bill.components as readonly Component[];
    assert.equal(coreutils?.purl, component.purl);
    const [file] = coreutils?.components ?? [];
    assert.equal(file?.name, '/bin/a');
    assert.match(file?.hashes?.[0]?.content ?? '', /^[0-9a-f]{64}$/);
    const said = (each: Component | undefined) =>
      Object.fromEntries(each?.properties.map(({ name, value }) => [name, value]) ?? []);
    assert.deepEqual(said(file), {
      'hullcheck:whose': 'distribution',
      'hullcheck:pie': 'fail',
      'hullcheck:pie:severity': 'high',
      'hullcheck:pie:message': 'is not',
      'hullcheck:relro': 'pass',
    });
    assert.equal(said(own)['hullcheck:pie'], 'unknown');
    assert.equal(bill.metadata.component.type, 'container');
  });

  it('attests that the gate holds or is broken, and claims no conformance where it is undecided', async () => {
    const conformanceOf = async (given: Report) =>
      (await billOf(given)).bill.declarations.attestations[0].map[0].conformance?.score;
    assert.equal(await conformanceOf(report([target({ binaries: [packaged('/a', pass)] })])), 1);
    const broken = report([target({ binaries: [binary({ path: '/a', verdicts: [fail] })] })]);
    assert.equal(await conformanceOf(broken), 0);
    assert.equal(await conformanceOf(reports['undecided'] ?? report([])), undefined);
  });
});
