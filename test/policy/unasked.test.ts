import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { UsageError } from '../../src/base/errors.ts';
import { readSettings } from '../../src/commands/settings/settings.ts';
import { refuseUnasked } from '../../src/policy/config/unasked.ts';
import { type GateConditions, plainPolicy } from '../../src/policy/policy.ts';
import type { Report } from '../../src/report/report.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { render } from '../support/reports/render.ts';
import { binary, report, target, verdict } from '../support/reports/report-builder.ts';
import { repositoryRoot } from '../support/repository.ts';

type Options = Readonly<Record<string, unknown>>;

/** The message for this configuration, options and environment; null: it is accepted. */
async function refusalOf(yaml: string, options: Options = {}, env: Record<string, string> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'hullcheck-unasked-'));
  if (yaml !== '') writeFileSync(join(cwd, 'hullcheck.yaml'), yaml);
  const surroundings = { cwd, env, today: '2026-01-01' } as Parameters<typeof readSettings>[1];
  const { policy, layers } = await readSettings(options, surroundings);
  try {
    refuseUnasked(policy, layers);
    return null;
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return error.message;
  }
}

interface Case {
  readonly name: string;
  readonly yaml?: string;
  readonly options?: Options;
  readonly env?: Record<string, string>;
  readonly want: RegExp | null;
}

const off = 'rules: {relro: off}\n';
const cases: readonly Case[] = [
  {
    name: 'fail-on of a rule that is off',
    yaml: `${off}gate: {fail-on: [none, relro]}`,
    want: /^hullcheck\.yaml\S* sets fail-on relro, but hullcheck\.yaml\S* switches relro off, so it would hold unasked: give relro a level, take the condition out or give --fail-on none for this run$/,
  },
  {
    name: 'a rule whose setting is not there',
    yaml: 'gate: {fail-on: [none, runs-on]}',
    want: /sets fail-on runs-on, but no system is named, so it would hold unasked: name one at runs-on, take/,
  },
  {
    name: 'a rule whose setting is there',
    yaml: 'gate: {fail-on: [none, runs-on]}\nruns-on: {glibc: 2.30}',
    want: null,
  },
  {
    name: 'a rule whose lists are not there',
    yaml: 'gate: {fail-on: [none, own-lists]}',
    want: /sets fail-on own-lists, but no list is set, so it would hold unasked: set one at allow or deny, take/,
  },
  {
    name: 'a rule whose lists are there',
    yaml: 'gate: {fail-on: [none, own-lists]}\ndeny: {imports: [gets]}',
    want: null,
  },
  {
    name: 'coverage of a rule that is off',
    yaml: `${off}gate: {coverage: {relro: 100}}`,
    want: /sets coverage of relro at least 100 %, but .* switches relro off.* give --coverage relro=0 for this run$/,
  },
  {
    name: 'a maximum of a rule that is off',
    yaml: `${off}gate: {maximum: {relro: 0}}`,
    want: /sets at most 0 relro, but .* switches relro off/,
  },
  {
    name: 'a rule that is required and off',
    yaml: `${off}gate: {required: [relro]}`,
    want: /sets required relro, but .* switches relro off/,
  },
  {
    name: 'an option over a file that switches the rule off',
    yaml: off,
    options: { coverage: ['relro=90'] },
    want: /^--coverage sets coverage of relro at least 90 %, but hullcheck\.yaml\S* switches/,
  },
  {
    name: 'a variable over a file that switches the rule off',
    yaml: off,
    env: { HULLCHECK_FAIL_ON: 'high,relro' },
    want: /^HULLCHECK_FAIL_ON sets fail-on relro, but hullcheck\.yaml/,
  },
  {
    name: 'a rule that an override without a selector switches off',
    yaml: 'overrides: [{rules: {relro: off}}]\ngate: {coverage: {relro: 1}}',
    want: /but hullcheck\.yaml\S* switches relro off/,
  },
  {
    name: 'a condition on a rule that --rule leaves out',
    yaml: 'gate: {coverage: {relro: 100}}',
    options: { rule: ['build-id'] },
    want: /^hullcheck\.yaml\S* sets coverage of relro .*, but --rule leaves relro out, .*: add --rule relro, /,
  },
  {
    name: 'several conditions, of which the first is named',
    yaml: 'gate: {fail-on: [high, pie], coverage: {relro: 100, pie: 100}, maximum: {relro: 0}}',
    options: { rule: ['build-id'] },
    want: /sets fail-on pie, .*; and 3 more like it$/,
  },
  { name: 'a rule that is on', yaml: 'gate: {coverage: {relro: 100}}', want: null },
  {
    name: 'a rule that is off for some files',
    yaml: 'overrides: [{path: /opt/**, rules: {relro: off}}]\ngate: {coverage: {relro: 100}}',
    want: null,
  },
  {
    name: 'a rule that is off but for some files',
    yaml: `${off}overrides: [{path: /opt/**, rules: {relro: high}}]\ngate: {coverage: {relro: 100}}`,
    want: null,
  },
  {
    name: 'a coverage of nothing, which is not a condition',
    yaml: `${off}gate: {coverage: {relro: 0}}`,
    want: null,
  },
  {
    name: 'the built-in gate and severities, whatever rules are asked',
    yaml: 'gate: {fail-on: low, fail-on-unknown: true, maximum: {medium: 0}}',
    options: { rule: ['build-id'] },
    want: null,
  },
  {
    name: 'a condition on one of the rules that are asked',
    yaml: 'gate: {coverage: {build-id: 100}}',
    options: { rule: ['build-id', 'pie'] },
    want: null,
  },
];

describe('a condition that would not be asked is refused before the scan', () => {
  for (const { name, yaml = '', options, env, want } of cases)
    it(`${want === null ? 'not ' : ''}${name}`, async () => {
      const message = await refusalOf(yaml, options, env);
      if (want === null) assert.equal(message, null);
      else assert.match(message ?? 'accepted', want);
    });

  it('by scan, diff and config, with exit code 2', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hullcheck-unasked-'));
    writeFileSync(join(folder, 'hullcheck.yaml'), `${off}gate: {coverage: {relro: 100}}`);
    const run = hullcheckIn(folder);
    const image = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');
    for (const words of [[image], ['diff', image, image], ['config']]) {
      const { status, stderr } = run(words);
      assert.equal(status, 2, words[0]);
      assert.match(stderr, /so it would hold unasked/);
    }
  });
});

const applied = [verdict({ rule: 'pie', outcome: 'pass' })];
const left = [verdict({ rule: 'pie', outcome: 'not-applicable' })];

function judged(verdicts: typeof applied, gate: Partial<GateConditions>, more = {}): Report {
  const image = target({ binaries: [binary({ path: '/a', verdicts })] });
  const policy = { ...plainPolicy({ failOn: 'none', ...gate }), ...more };
  return report([image], 'none', policy);
}

const named: readonly (readonly [string, Partial<GateConditions>, string])[] = [
  ['coverage', { coverage: { pie: 100 } }, 'coverage of pie at least 100 %'],
  ['a maximum', { maximum: { pie: 0 } }, 'at most 0 pie'],
  ['fail-on', { failOnRules: ['pie'] }, 'fail-on pie'],
];

describe('a condition of a rule that applied to nothing says so', () => {
  for (const [what, gate, condition] of named) {
    it(`${what}: in the line of the gate and in JSON`, async () => {
      const found = judged(left, gate);
      assert.equal(found.gate.state, 'holds');
      assert.equal(
        found.gate.because,
        `no condition applied to anything in 1 binary; applied to nothing: ${condition}`,
      );
      const { held } = JSON.parse(await render('json', found)).targets[0].gate;
      assert.deepEqual(held, [
        { condition, because: 'pie applied to nothing', state: 'applied to nothing' },
      ]);
      assert.match(
        await render('text', found, { explainGate: true }),
        new RegExp(`holds +${condition}: pie applied to nothing`),
      );
    });

    for (const required of [true, ['pie']])
      it(`${what}: breaks where it is required (${required})`, () => {
        const found = judged(left, { ...gate, required });
        assert.equal(found.gate.state, 'broken');
        assert.equal(
          found.gate.because,
          'pie applied to nothing, and gate.required expects that it does',
        );
        assert.equal(judged(applied, { ...gate, required }).gate.state, 'holds');
      });

    it(`${what}: holds where another rule is required`, () =>
      assert.equal(judged(left, { ...gate, required: ['relro'] }).gate.failed.length, 1));
  }

  it('where an override takes the rule from every file that it would pass', () => {
    const levels = [
      { rule: 'pie', level: 'off', because: 'x', where: { path: ['/**'] }, by: 'configuration' },
    ];
    const found = judged(applied, { coverage: { pie: 100 }, required: true }, { levels });
    assert.equal(found.gate.state, 'broken', found.gate.because);
  });

  it('where only files count that the gate is not of', () => {
    const ownership = { known: true, value: { whose: 'distribution', component: null } };
    const file = binary({ path: '/a', verdicts: applied, facts: { ownership } as never });
    const policy = plainPolicy({ of: 'yours', failOn: 'none', coverage: { pie: 100 } });
    const found = report([target({ binaries: [file] })], 'none', policy);
    assert.match(found.gate.because, /applied to nothing: coverage of pie/);
  });

  it('a rule that is required alone breaks where it applied to nothing', () => {
    assert.equal(judged(left, { required: ['pie'] }).gate.failed[0]?.condition, 'required pie');
    assert.equal(judged(applied, { required: ['pie'] }).gate.state, 'holds');
  });

  it('an image without it is named among others', () => {
    const with_ = target({ name: 'a', binaries: [binary({ path: '/a', verdicts: applied })] });
    const without = target({ name: 'b', binaries: [binary({ path: '/a', verdicts: left })] });
    const policy = plainPolicy({ failOn: 'none', coverage: { pie: 100 } });
    const found = report([with_, without], 'none', policy);
    assert.equal(
      found.gate.because,
      'every condition holds in 2 binaries, in each of 2 images; a condition applied to nothing in b',
    );
  });
});

describe('the line of the gate says what a run was narrowed to', () => {
  it('one rule, whatever the state', () => {
    const asked = ['pie'];
    const because = (outcome: 'pass' | 'fail') =>
      judged([verdict({ rule: 'pie', outcome })], { failOn: 'high' }, { asked }).gate.because;
    assert.equal(
      because('pass'),
      'no finding of severity high or above in 1 binary, of 1 rule asked',
    );
    assert.equal(
      because('fail'),
      '1 finding of severity high or above in 1 of 1 binary, of 1 rule asked',
    );
  });

  it('and that exclusions leave nothing', () => {
    const empty = target({ excluded: 12 });
    assert.equal(
      report([empty]).gate.because,
      'nothing is left to scan: 12 ELF files excluded; 12 files excluded',
    );
  });
});
