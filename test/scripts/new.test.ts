import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it, test } from 'node:test';
import { rules } from '../../rules/index.ts';
import skeletonReporter from '../../scripts/new/skeletons/reporter/reporter.ts';
import skeletonRule from '../../scripts/new/skeletons/rule/rule.ts';
import skeletonSource from '../../scripts/new/skeletons/source/source.ts';
import { reporters } from '../../src/reporters/index.ts';
import { allSources } from '../../src/sources/input/all-sources.ts';
import { repositoryRoot } from '../support/repository.ts';

/** A copy of what is compiled. */
const copy = mkdtempSync(join(tmpdir(), 'hullcheck-new-'));
after(() => rmSync(copy, { recursive: true }));
const { include } = JSON.parse(readFileSync(join(repositoryRoot, 'tsconfig.json'), 'utf8'));
for (const name of [...include, 'tsconfig.json', 'package.json', 'biome.json', '.gitignore'])
  cpSync(join(repositoryRoot, name), join(copy, name), { recursive: true });
for (const name of ['node_modules', 'samples', 'docs', 'README.md'])
  symlinkSync(join(repositoryRoot, name), join(copy, name));

/** Tests that are run by a test are runs of their own. */
const { NODE_TEST_CONTEXT: _, ...env } = process.env;

function run(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: copy,
    encoding: 'utf8',
    env,
  });
  return { status, said: stdout + stderr };
}

function make(...words: readonly string[]) {
  return run('scripts/new/new.mjs', ...words);
}

interface Made {
  readonly kind: string;
  readonly test: string;
  readonly registry: string;
  readonly others?: readonly string[];
}

/** `others`: tests of the house that what is new must pass as it is. */
const made: readonly Made[] = [
  { kind: 'rule', test: 'rules/brand-new/rule.test', registry: 'rules/index.ts' },
  { kind: 'fact', test: 'test/facts/brand-new.test', registry: 'src/facts/index.ts' },
  { kind: 'source', test: 'test/sources/brand-new.test', registry: 'src/sources/index.ts' },
  {
    kind: 'reporter',
    test: 'test/reporters/brand-new.test',
    registry: 'src/reporters/index.ts',
    others: ['test/reporters/hostile-names.test'],
  },
];

describe('what npm run new makes', { timeout: 600_000 }, () => {
  const said = new Map(made.map(({ kind }) => [kind, make(kind, 'brand-new')]));
  const compiled = run('node_modules/typescript/bin/tsc', '-p', '.');

  it('compiles', () => assert.equal(compiled.status, 0, compiled.said));

  it('is formatted as all code', () => {
    const places = made.flatMap(({ test, registry }) => [`${test}.ts`, registry]);
    const { status, stdout, stderr } = spawnSync('node_modules/.bin/biome', ['check', ...places], {
      cwd: copy,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stdout + stderr);
  });

  for (const { kind, test, registry, others = [] } of made) {
    it(`a ${kind} is registered, passes its own test, and says what comes next`, () => {
      const { status, said: text = '' } = said.get(kind) ?? {};
      assert.equal(status, 0, text);
      assert.match(text, new RegExp(`^written: ${test}\\.ts$`, 'm'));
      assert.match(text, /^npm run t -- /m);
      assert.match(readFileSync(join(copy, registry), 'utf8'), /brand-new/);
      for (const words of [
        [test],
        ...others.map((name) => [name, '--test-name-pattern=brand-new']),
      ]) {
        const [name, ...pattern] = words;
        const { status: passed, said: why } = run('--test', ...pattern, `dist/${name}.js`);
        assert.equal(passed, 0, why);
        assert.match(why, /^# pass [1-9]|^ℹ pass [1-9]/m);
      }
    });
  }

  for (const words of [
    ['rule', 'brand-new'],
    ['rule'],
    ['rule', 'Brand'],
    ['rule', '../brand'],
    ['rule', 'one', 'two'],
    ['verdict', 'brand-new'],
    ['constructor', 'brand-new'],
    [],
  ]) {
    it(`refuses "${words.join(' ')}" and writes nothing`, () => {
      assert.equal(make(...words).status, 2);
      assert.ok(!existsSync(join(copy, 'rules/Brand')) && !existsSync(join(copy, 'brand')));
    });
  }
});

test('nothing keeps the words of its skeleton', async () => {
  const { title, rationale, evidence, references } = skeletonRule;
  const texts = [
    title,
    rationale,
    evidence,
    ...references,
    ...Object.values(skeletonRule.remediation),
  ];
  const ofRules = rules.flatMap((rule) => [
    ...[rule.title, rule.rationale, rule.evidence, ...rule.references],
    ...Object.values(rule.remediation),
  ]);
  const ofSources = (await allSources()).map(({ summary }) => summary);
  const ofReporters = await Promise.all(
    Object.values(reporters).map(async (load) => (await load()).summary),
  );
  const kept = [...ofRules, ...ofSources, ...ofReporters].filter((text) =>
    [...texts, skeletonSource.summary, skeletonReporter.summary].includes(text),
  );
  assert.deepEqual(kept, []);
});
