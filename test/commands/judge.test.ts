import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { repositoryRoot } from '../support/repository.ts';

const archive = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');
const root = join(repositoryRoot, 'samples/images/root-cases.tar');
const folder = mkdtempSync(join(tmpdir(), 'hullcheck-judge-'));
const run = hullcheckIn(folder);
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

before(() => {
  for (const [name, text] of Object.entries({
    'loose.yaml': 'gate: {fail-on: none}',
    'strict.yaml': 'gate: {fail-on: low, coverage: {relro: 100}}',
    'off.yaml': 'profile: default\nrules: {pie: off, stack-protector: low}\nyours: [busybox]',
    'without.yaml': "exclude: ['/usr/bin/mixed']",
  }))
    writeFileSync(join(folder, name), text);
  assert.equal(run([archive, '--config', 'loose.yaml', '-o', 'json=loose.json']).status, 0);
  assert.equal(run([archive, '--config', 'off.yaml', '-o', 'json=off.json']).status, 1);
  assert.equal(run([archive, '--rule', 'pie', '-o', 'json=pie.json']).status, 1);
  assert.equal(run([root, '--config', 'without.yaml', '-o', 'json=root.json']).status, 1);
});

test('a saved report is judged by a new policy as its image is, whatever judged it before', () => {
  for (const saved of ['loose.json', 'off.json'])
    for (const config of ['loose.yaml', 'strict.yaml', 'off.yaml']) {
      const direct = run([archive, '--config', config, '-o', 'json=scan.json']);
      const again = run(['judge', saved, '--config', config, '-o', 'json=again.json']);
      assert.equal(again.status, direct.status, `${saved} by ${config}`);
      assert.equal(again.stderr, direct.stderr);
      assert.equal(read('again.json'), read('scan.json'), `${saved} by ${config}`);
    }
});

test('judge prints every format, and several reports as one run', () => {
  const { status, stdout } = run(['judge', 'loose.json', 'root.json', '--config', 'strict.yaml']);
  assert.match(stdout, /GATE/);
  assert.ok(status === 1 || status === 3, stdout);
  assert.match(run(['judge', 'loose.json', '-o', 'sarif']).stdout, /"version": ?"2\.1\.0"/);
});

test('a report whose verdicts were edited is refused', () => {
  type Saved = { readonly outcome: string };
  type Edit = (verdict: Saved) => object;
  const write = (edit: Edit, more: object = {}) => {
    const made = JSON.parse(read('loose.json')) as { targets: { binaries: object[] }[] };
    for (const { binaries } of made.targets)
      for (const each of binaries as { verdicts: Saved[] }[])
        each.verdicts = each.verdicts.map((one) =>
          one.outcome === 'fail' ? { ...one, ...edit(one) } : one,
        );
    writeFileSync(join(folder, 'edited.json'), JSON.stringify({ ...made, ...more }));
  };
  for (const [claim, edit, more, want] of [
    ['findings that pass', () => ({ outcome: 'pass' }), {}, /the counts of .* are not those/],
    [
      'findings that passed before',
      () => ({ unweighed: { outcome: 'pass' } }),
      {},
      /no policy changes so/,
    ],
    ['fewer rules', () => ({}), { rules: ['build-id'] }, /does not name them as asked/],
  ] as const satisfies readonly (readonly [string, Edit, object, RegExp])[]) {
    write(edit, more);
    const { status, stderr } = run(['judge', 'edited.json', '--config', 'strict.yaml']);
    assert.equal(status, 2, claim);
    assert.match(stderr, want, claim);
  }
});

test('a report of some rules is refused where a policy locks the gate, as --rule is', () => {
  writeFileSync(join(folder, 'locked.yaml'), 'gate: {fail-on: critical}\nlocked: [gate]');
  const { status, stderr } = run(['judge', 'pie.json', '--extends', 'locked.yaml']);
  assert.equal(status, 2);
  assert.match(stderr, /pie\.json: \d+ rules not asked: gate is locked by locked\.yaml:2/);
});

test('a report of a scan with --base is refused where a policy locks what that decides, as --base is', () => {
  run([archive, '--base', '3', '-q', '-o', 'json=based.json']);
  for (const [locked, argv] of [
    ['gate', ['judge', 'loose.json', 'based.json']],
    ['waivers', ['diff', 'loose.json', 'based.json']],
  ] as const) {
    writeFileSync(join(folder, 'locked.yaml'), `locked: [${locked}]`);
    const { status, stderr } = run([...argv, '--extends', 'locked.yaml']);
    assert.equal(status, 2, locked);
    assert.match(stderr, /based\.json was scanned with --base: \w+ is locked by locked\.yaml:1/);
  }
  for (const yaml of ['locked: [exclude]', 'accept: [named-base]\nlocked: [gate]']) {
    writeFileSync(join(folder, 'locked.yaml'), yaml);
    assert.equal(run(['judge', 'based.json', '--extends', 'locked.yaml']).status, 1, yaml);
  }
});

test('what needs the image is refused with the reason', () => {
  const old = JSON.parse(read('loose.json')) as Record<string, unknown>;
  const { rules, ...older } = old;
  assert.ok(Array.isArray(rules));
  writeFileSync(join(folder, 'older.json'), JSON.stringify(older));
  for (const [name, argv, want] of [
    ['platform', ['loose.json', '--platform', 'linux/arm64'], /--platform .* was read already/],
    ['base', ['loose.json', '--base', '2'], /--base .* was read already/],
    ['an older version', ['older.json'], /older\.json was written by an older version .* scan/],
    ['a rule of images', ['pie.json', '--rule', 'entrypoint-starts'], /needs a scan: pie\.json/],
    ['facts', ['pie.json', '--rule', 'relro'], /relro needs --facts or a scan: pie\.json/],
    [
      'whole facts',
      ['pie.json', '--rule', 'build-id'],
      /build-id needs --facts or a scan: pie\.json/,
    ],
    [
      'a condition of a rule that it was not asked',
      ['pie.json', '--config', 'strict.yaml'],
      /coverage of relro .* pie\.json leaves relro out/,
    ],
    ['another document', ['strict.yaml'], /strict\.yaml: not a report of hullcheck/],
  ] as const) {
    const { status, stderr } = run(['judge', ...argv]);
    assert.equal(status, 2, name);
    assert.match(stderr, want, name);
  }
});

test('a rule that a report was not asked is asked of its facts, where it has all of them', () => {
  run([archive, '--rule', 'pie', '--facts', '-q', '-o', 'json=facts.json']);
  run([archive, '--rule', 'build-id', '--rule', 'pie', '-q', '-o', 'json=direct.json']);
  const argv = ['judge', 'facts.json', '--rule', 'build-id', '--rule', 'pie'];
  const { stderr } = run([...argv, '-q', '-o', 'json=asked.json']);
  assert.equal(stderr, '');
  assert.equal(read('asked.json'), read('direct.json'));
});

test('what was not asked of a saved report is a warning in every format', () => {
  const warnings = (...argv: readonly string[]): readonly string[] => {
    run(['judge', ...argv, '-q', '-o', 'json=said.json']);
    return (JSON.parse(read('said.json')) as { policy: { warnings: string[] } }).policy.warnings;
  };
  const [rules = '', ...others] = warnings('pie.json');
  assert.match(rules, /^bind-now, .* and \d+ more rules were not asked of pie\.json: name them/);
  assert.deepEqual(others, []);
  assert.match(
    run(['judge', 'pie.json']).stdout.replace(/\s+/g, ' '),
    /were not asked of pie\.json/,
  );
  assert.deepEqual(warnings('pie.json', '--rule', 'pie'), []);
  assert.deepEqual(warnings('loose.json'), []);

  writeFileSync(join(folder, 'limits.yaml'), 'limits:\n  max-nesting: 1\n  jobs: 2\n');
  assert.deepEqual(warnings('loose.json', '--config', 'limits.yaml'), [
    'limits.max-nesting 1 (limits.yaml:2:3) has no effect on loose.json, which was read by other limits: scan the image again',
  ]);
  // By the same limits a scan says the same.
  run([archive, '--config', 'limits.yaml', '-q', '-o', 'json=limited.json']);
  run(['judge', 'limited.json', '--config', 'limits.yaml', '-q', '-o', 'json=again.json']);
  assert.equal(read('again.json'), read('limited.json'));
});

test('a rule that only one of two reports was asked is refused, and --rule names those of both', () => {
  const both = run(['judge', 'loose.json', 'pie.json']);
  assert.equal(both.status, 2);
  assert.match(both.stderr, /pie\.json was not asked/);
  assert.equal(run(['judge', 'loose.json', 'pie.json', '--rule', 'pie']).status, 1);
});

test('what a policy excludes is left out of a saved report, and what it does not exclude any more was not judged', () => {
  const direct = run([root, '--exclude', '/usr/bin/mixed', '-q', '-o', 'json=scan.json']);
  run([root, '-q', '-o', 'json=all.json']);
  const again = run(['judge', 'all.json', '--exclude', '/usr/bin/mixed', '-o', 'json=x.json']);
  assert.equal(again.status, direct.status);
  // Facts stay as they were found: a file that is left out may have been what needs another one.
  assert.equal(withoutFacts(read('x.json')), withoutFacts(read('scan.json')));
  const gone = run(['judge', 'root.json']);
  assert.equal(gone.status, 3);
  assert.match(
    gone.stdout.replace(/\s+/g, ' '),
    /leaves out 1 file by it, and this policy does not/,
  );
});

test('a diff of one image by two policies says that the policies differ, and what its gate becomes', () => {
  run([archive, '--config', 'strict.yaml', '-o', 'json=strict.json']);
  const { status, stdout } = run(['diff', 'loose.json', 'strict.json']);
  assert.equal(status, 0);
  assert.match(
    stdout.replace(/\s+/g, ' '),
    /NOTHING WORSE: .*the policies differ: the gate of the old one holds, of the new one is broken/,
  );
});

function withoutFacts(report: string): string {
  return JSON.stringify(JSON.parse(report, (key, value) => (key === 'facts' ? {} : value)));
}
