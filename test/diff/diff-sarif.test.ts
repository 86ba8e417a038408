import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Log, Result } from 'sarif';
import { releaseAgainst } from '../../src/diff/compare-releases.ts';
import { plainPolicy } from '../../src/policy/policy.ts';
import type { Report } from '../../src/report/report.ts';
import { hostileNames } from '../support/reports/hostile-names.ts';
import { render } from '../support/reports/render.ts';
import { compared, renderDiff } from '../support/reports/render-diff.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';

type Given = Parameters<typeof verdict>[0];

const release = (version: string, files: Readonly<Record<string, readonly Given[]>>): Report =>
  report([
    target({
      name: `svc-${version}.tar.gz`,
      kind: 'root-filesystem',
      scheme: 'rootfs',
      digest: null,
      layers: [],
      binaries: Object.entries(files).map(([path, verdicts]) =>
        binary({
          path: path.replace('VERSION', version),
          sha256: createHash('sha256').update(`${path} ${version}`).digest('hex'),
          verdicts: verdicts.map(verdict),
        }),
      ),
    }),
  ]);

const old = release('1.0', {
  '/svc-VERSION/same': [{ rule: 'pie' }, { rule: 'relro', outcome: 'pass' }],
  '/svc-VERSION/worse': [{ rule: 'pie', outcome: 'pass' }],
  '/svc-VERSION/heavier': [{ rule: 'relro', severity: 'low' }],
  '/svc-VERSION/lost': [{ rule: 'stack-protector', outcome: 'pass', severity: 'medium' }],
  '/svc-VERSION/fixed': [{ rule: 'pie' }],
  '/svc-VERSION/undecided': [{ rule: 'pie' }],
  '/svc-VERSION/removed': [{ rule: 'pie' }],
});
const fresh = release('1.1', {
  '/svc-VERSION/same': [{ rule: 'pie' }, { rule: 'relro', outcome: 'pass' }],
  '/svc-VERSION/worse': [{ rule: 'pie' }],
  '/svc-VERSION/heavier': [{ rule: 'relro', severity: 'high' }],
  '/svc-VERSION/lost': [{ rule: 'stack-protector', outcome: 'unknown', severity: 'medium' }],
  '/svc-VERSION/fixed': [{ rule: 'pie', outcome: 'pass' }],
  '/svc-VERSION/undecided': [{ rule: 'pie', outcome: 'unknown' }],
  '/svc-VERSION/new': [{ rule: 'pie' }],
});

async function sarif(
  before: Report,
  after: Report,
  look: Parameters<typeof renderDiff>[2] = {},
): Promise<Log> {
  return JSON.parse(await renderDiff('sarif', compared(before, after), look));
}

const resultsOf = ({ runs }: Log) => runs.flatMap(({ results = [] }) => results);

function byFile(log: Log): Readonly<Record<string, Result>> {
  return Object.fromEntries(
    resultsOf(log).map((result) => {
      const [place] = result.locations ?? [];
      const uri = place?.physicalLocation?.artifactLocation?.uri ?? '';
      return [`${uri.split('/').at(-1)} ${result.ruleId}`, result];
    }),
  );
}

const fingerprintOf = ({ partialFingerprints }: Result) =>
  partialFingerprints?.['primaryLocationLineHash'];

describe('a result of a comparison has the state', async () => {
  const found = byFile(await sarif(old, fresh, { absent: true }));
  const table = {
    'same pie': 'unchanged',
    'worse pie': 'new',
    'heavier relro': 'updated',
    'lost stack-protector': 'new',
    'fixed pie': 'absent',
    'removed pie': 'absent',
    'new pie': 'new',
  };
  for (const [name, state] of Object.entries(table))
    it(`${state} of ${name}`, () => {
      assert.equal(found[name]?.baselineState, state);
    });
  it('and what is not decided any more is not absent', () => {
    assert.equal(found['undecided pie']?.baselineState, undefined);
    assert.deepEqual(Object.keys(found).toSorted(), Object.keys(table).toSorted());
  });
});

/** An image whose command starts this file. */
const starting = (path: string, others: Readonly<Record<string, readonly Given[]>> = {}): Report =>
  report([
    target({
      image: { path, verdicts: [verdict({ rule: 'entrypoint-starts', outcome: 'pass' })] },
      binaries: Object.entries({ ...others, [path]: others[path] ?? [{ rule: 'pie' }] }).map(
        ([at, verdicts]) =>
          binary({
            path: at,
            sha256: createHash('sha256').update(at).digest('hex'),
            verdicts: verdicts.map(verdict),
          }),
      ),
    }),
  ]);

describe('the file that an image starts has the path of the image as a whole', () => {
  it('and its finding is unchanged in an image against itself', async () => {
    const found = resultsOf(await sarif(starting('/app'), starting('/app')));
    assert.deepEqual(
      found.map(({ ruleId, baselineState }) => [ruleId, baselineState]),
      [['pie', 'unchanged']],
    );
  });
  it('and its finding is gone where it was seen to be fixed', async () => {
    const fixed = starting('/app', { '/app': [{ rule: 'pie', outcome: 'pass' }] });
    const found = resultsOf(await sarif(starting('/app'), fixed, { absent: true }));
    assert.deepEqual(
      found.map(({ ruleId, baselineState }) => [ruleId, baselineState]),
      [['pie', 'absent']],
    );
  });
  it('and a new one is not as before for the old image having started another', () => {
    const other = { '/old': [{ rule: 'pie' }] } as const;
    const sides = [starting('/old'), starting('/new/other', other)] as const;
    const none = { of: 'all', failOn: 'high' } as const;
    const { targets } = releaseAgainst(sides, plainPolicy(none), {
      rules: { known: ['pie', 'entrypoint-starts'], chosen: undefined },
      locked: null,
    });
    const found = targets.flatMap(({ binaries }) =>
      binaries.map(({ path, verdicts }) => [path, verdicts[0]?.stands?.is]),
    );
    assert.deepEqual(Object.fromEntries(found), { '/new/other': undefined, '/old': 'as before' });
  });
});

it('what is gone is a result only with an option', async () => {
  const states = resultsOf(await sarif(old, fresh)).map(({ baselineState }) => baselineState);
  assert.ok(!states.includes('absent'));
});

it('what could not be read is not absent', async () => {
  const problems = [{ kind: 'damaged', where: '/svc-1.1/removed', message: 'cut' }] as const;
  const partial = { ...fresh, targets: fresh.targets.map((each) => ({ ...each, problems })) };
  const found = byFile(await sarif(old, partial, { absent: true }));
  assert.equal(found['removed pie'], undefined);
  assert.equal(found['fixed pie']?.baselineState, 'absent');
});

it('what became worse is a failure of the severity that it has, whatever it is now', async () => {
  const lost = byFile(await sarif(old, fresh))['lost stack-protector'];
  assert.equal(lost?.kind, 'fail');
  assert.equal(lost?.level, 'warning');
  assert.match(lost?.message.text ?? '', /It became worse\. Before, it was pass: /);
});

it('what became worse comes first', async () => {
  const states = resultsOf(await sarif(old, fresh)).map(({ baselineState }) => baselineState);
  assert.equal(states.at(-1), 'unchanged');
});

it('the findings have the fingerprints that scans of both sides give them', async () => {
  const [scanOld, scanNew] = await Promise.all(
    [old, fresh].map(async (each): Promise<Log> => JSON.parse(await render('sarif', each))),
  );
  const all = resultsOf(await sarif(old, fresh, { absent: true }));
  const ofScan = (log: Log | undefined) =>
    log === undefined ? [] : resultsOf(log).map(fingerprintOf).toSorted();
  const failing = all.filter(({ ruleId }) => ruleId !== 'stack-protector');
  const there = failing.filter(({ baselineState }) => baselineState !== 'absent');
  assert.deepEqual(there.map(fingerprintOf).toSorted(), ofScan(scanNew));
  const gone = all.filter(({ baselineState }) => baselineState === 'absent');
  for (const result of gone) assert.ok(ofScan(scanOld).includes(fingerprintOf(result)));
});

it('an unchanged finding of 1.0 has the same fingerprint in 1.1', async () => {
  const inOld = byFile(JSON.parse(await render('sarif', old)))['same pie'];
  const inNew = byFile(await sarif(old, fresh))['same pie'];
  assert.equal(inOld === undefined ? null : fingerprintOf(inOld), fingerprintOf(inNew as Result));
});

it('a release has the category of the next one, so that its alerts are closed when they are fixed', async () => {
  const categories = await Promise.all(
    [old, fresh].map(async (each) => {
      const log: Log = JSON.parse(await render('sarif', each));
      return log.runs.map(({ automationDetails }) => automationDetails?.id);
    }),
  );
  assert.deepEqual(categories[0], ['hullcheck/svc/linux/amd64/']);
  assert.deepEqual(categories[1], categories[0]);
});

describe('a comparison as sarif is valid by the schema', () => {
  const multitool = dirname(
    createRequire(import.meta.url).resolve('@microsoft/sarif-multitool-ts'),
  );
  const schema = join(multitool, '../assets/sarif-2.1.0.schema.json');
  const ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')));
  const hostile = (outcome: 'pass' | 'fail') =>
    report(
      [
        target({
          binaries: Object.values(hostileNames).map((name) =>
            binary({ path: name, verdicts: [verdict({ rule: 'pie', outcome, message: name })] }),
          ),
        }),
      ],
      'high',
      plainPolicy({ of: 'all' }),
    );
  const pairs = {
    'of two releases': [old, fresh],
    'of hostile names that became worse': [hostile('pass'), hostile('fail')],
    'of hostile names that are gone': [hostile('fail'), hostile('pass')],
    'of nothing': [report([]), report([])],
    'with nothing': [old, report([])],
  } as const;
  for (const [name, [before, after]] of Object.entries(pairs))
    it(name, async () => {
      for (const all of [false, true]) {
        validate(await sarif(before, after, { all, absent: true }));
        assert.deepEqual(validate.errors ?? [], []);
      }
    });
});
