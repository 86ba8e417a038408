import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { repositoryRoot } from '../support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'hullcheck-config-diff-'));
const run = hullcheckIn(folder);
const reports = ['app.json', 'root.json'];

const configurations = {
  'old.yaml': 'gate: {fail-on: none}\nrules: {pie: off}\n',
  'same.yaml': '# other words\nrules:\n  pie: off\ngate:\n  fail-on: none\n',
  'strict.yaml': 'gate:\n  fail-on: low\n  coverage: {relro: 100}\nrules: {pie: high}\n',
  'waived.yaml':
    'gate: {fail-on: none}\nrules: {pie: off}\nwaivers:\n  - {rule: stack-protector, reason: known}\n',
  'less.yaml': "gate: {fail-on: none}\nrules: {pie: off}\nexclude: ['/usr/bin/mixed']\n",
};

before(() => {
  for (const [name, text] of Object.entries(configurations))
    writeFileSync(join(folder, name), text);
  for (const [image, report] of [
    ['alpine-app.docker.tar', 'app.json'],
    ['root-cases.tar', 'root.json'],
  ] as const) {
    const archive = join(repositoryRoot, 'samples/images', image);
    assert.ok([0, 1].includes(run([archive, '-q', '-o', `json=${report}`]).status ?? 70));
  }
});

interface Document {
  readonly settings: readonly {
    readonly name: string;
    readonly before: { readonly place: string } | null;
    readonly after: { readonly place: string; readonly value: unknown } | null;
  }[];
  readonly images: readonly {
    readonly name: string;
    readonly turns: string | null;
    readonly changes: readonly {
      readonly kind: string;
      readonly rule: string;
      readonly breaking: number;
      readonly files: readonly string[];
    }[];
  }[];
  readonly totals: { readonly breaks: number; readonly holds: number };
}

function differ(old: string, fresh: string): { status: number | null; found: Document } {
  const { status, stdout } = run(['config', 'diff', old, fresh, ...reports, '-o', 'json']);
  return { status, found: JSON.parse(stdout) as Document };
}

test('a stricter configuration exits with 1 and names images, rules and files that would break', () => {
  const { status, found } = differ('old.yaml', 'strict.yaml');
  assert.equal(status, 1);
  assert.equal(found.totals.breaks, 2);
  assert.deepEqual(
    found.images.map(({ turns }) => turns),
    ['breaks', 'breaks'],
  );
  const [app] = found.images;
  const required = app?.changes.find(({ kind, rule }) => kind === 'required' && rule === 'pie');
  assert.ok(required !== undefined && required.breaking > 0, JSON.stringify(app?.changes));
  assert.match(required.files[0] ?? '', /^\//);
  assert.ok(app?.changes.some(({ kind, breaking }) => kind === 'counts' && breaking > 0));
});

test('the other way round the images would hold, and the exit code is 0', () => {
  const { status, found } = differ('strict.yaml', 'old.yaml');
  assert.equal(status, 0);
  assert.equal(found.totals.holds, 2);
  const kinds = found.images.flatMap(({ changes }) => changes.map(({ kind }) => kind));
  assert.ok(kinds.includes('switched off') && kinds.includes('counts no more'), kinds.join());
});

test('settings that differ are listed with their places, whatever the words around them are', () => {
  const { found } = differ('old.yaml', 'strict.yaml');
  const places = found.settings.map(({ name, before, after }) => [
    name,
    before?.place ?? null,
    after?.place ?? null,
  ]);
  assert.deepEqual(places, [
    ['gate.coverage.relro', null, 'strict.yaml:3:14'],
    ['gate.fail-on', 'old.yaml:1:8', 'strict.yaml:2:3'],
    ['rules.pie', 'old.yaml:2:9', 'strict.yaml:4:9'],
  ]);
  const same = differ('old.yaml', 'same.yaml');
  assert.deepEqual([same.status, same.found.settings], [0, []]);
  assert.ok(same.found.images.every(({ turns, changes }) => !turns && changes.length === 0));
});

test('what would be waived and what would be excluded are two kinds', () => {
  const waived = differ('old.yaml', 'waived.yaml').found;
  assert.deepEqual(
    [...new Set(waived.images.flatMap(({ changes }) => changes.map(({ kind }) => kind)))],
    ['waived'],
  );
  assert.deepEqual(
    waived.settings.map(({ name, after }) => [name, after?.place]),
    [['waivers', 'waived.yaml:4:5']],
  );
  const less = differ('old.yaml', 'less.yaml').found;
  const kinds = new Set(less.images.flatMap(({ changes }) => changes.map(({ kind }) => kind)));
  assert.deepEqual([...kinds], ['excluded']);
});

test('text and Markdown have the answer, the images and the totals', () => {
  for (const format of ['text', 'markdown']) {
    const argv = ['config', 'diff', 'old.yaml', 'strict.yaml', ...reports, '-o', format];
    const { status, stdout } = run(argv);
    assert.equal(status, 1);
    const said = stdout.replaceAll('\\', '').replace(/\s+/g, ' ');
    assert.match(said, /2 of 2 images would break/);
    assert.match(said, /alpine-app/);
    assert.match(said, /In total/);
    assert.match(said, /required: pie \d+ \(\d+ breaks? the gate\)/);
  }
});

test('a reason is whole in text and Markdown, however long it is', () => {
  const reason = `${'because the vendor builds it so '.repeat(12)}until the end`;
  writeFileSync(
    join(folder, 'reasoned.yaml'),
    `waivers:\n  - {rule: pie, path: /a, reason: ${JSON.stringify(reason)}}\n`,
  );
  for (const format of ['text', 'markdown']) {
    const { stdout } = run([
      'config',
      'diff',
      'old.yaml',
      'reasoned.yaml',
      ...reports,
      '-o',
      format,
    ]);
    assert.ok(stdout.replace(/\s+/g, ' ').includes(reason), stdout);
  }
});

test('options and variables win over both files, and --config is refused', () => {
  const argv = ['config', 'diff', 'old.yaml', 'strict.yaml', ...reports];
  const { stdout } = run([...argv, '--fail-on', 'none', '-o', 'json']);
  const { settings } = JSON.parse(stdout) as Document;
  assert.ok(!settings.some(({ name }) => name === 'gate.fail-on'), stdout.slice(0, 500));
  const { status, stderr } = run([...argv, '--config', 'old.yaml']);
  assert.equal(status, 2);
  assert.match(stderr, /--config does not go with config diff/);
});

test('config still prints the settings, and a mistake in either file is an error of usage', () => {
  assert.match(run(['config', '--config', 'strict.yaml']).stdout, /gate\.coverage\.relro: 100/);
  writeFileSync(join(folder, 'wrong.yaml'), 'profil: x\n');
  const { status, stderr } = run(['config', 'diff', 'old.yaml', 'wrong.yaml', 'app.json']);
  assert.equal(status, 2);
  assert.match(stderr, /wrong\.yaml:1:1/);
});

test('a policy that refuses each run by --strict-policy refuses judge and config diff too', () => {
  const ended =
    'gate: {fail-on: none, strict-policy: true}\nwaivers:\n  - {rule: pie, path: /a, reason: x, expires: 2020-01-01}\n';
  writeFileSync(join(folder, 'ended.yaml'), ended);
  const archive = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');
  for (const argv of [
    [archive, '--config', 'ended.yaml'],
    ['judge', 'app.json', '--config', 'ended.yaml'],
    ['config', 'diff', 'old.yaml', 'ended.yaml', 'app.json'],
  ]) {
    const { status, stderr } = run(argv);
    assert.equal(status, 2, argv.join(' '));
    assert.match(stderr, /the waiver of pie expired on 2020-01-01 \(--strict-policy\)/);
  }
  assert.equal(run(['config', 'diff', 'ended.yaml', 'old.yaml', 'app.json']).status, 0);
});

test('a report that other files judged, a baseline too, says that they are left out', () => {
  const archive = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');
  run(['baseline', 'app.json', '--to', 'known.json']);
  writeFileSync(join(folder, 'own.yaml'), 'baseline: known.json\n');
  run([archive, '-q', '--config', 'own.yaml', '-o', 'json=own.json']);
  const of = (...files: string[]) => run(['config', 'diff', ...files]).stdout;
  const left = /own\.json was judged by own\.yaml and the baseline known\.json, which this/;
  const argv = ['old.yaml', 'waived.yaml', 'own.json', 'app.json'] as const;
  assert.match(of(...argv).replace(/\s+/g, ' '), left);
  assert.match(of(...argv).replace(/\s+/g, ' '), /before are left out ?$/);
  assert.match(of(...argv, '-o', 'markdown'), left);
  const { leftOut } = JSON.parse(of(...argv, '-o', 'json')) as { leftOut: string[] };
  assert.match(leftOut.join('\n'), left);
  assert.match(leftOut.join('\n'), /two files that extend it .* have it on both sides/);
  assert.doesNotMatch(of('own.yaml', 'own.yaml', 'own.json'), /left out/i);
  for (const name of ['old', 'waived'])
    writeFileSync(join(folder, `${name}-own.yaml`), `extends: [${name}.yaml, own.yaml]\n`);
  assert.doesNotMatch(of('old-own.yaml', 'waived-own.yaml', 'own.json'), /left out/i);
});
