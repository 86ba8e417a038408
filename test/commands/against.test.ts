import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { repositoryRoot } from '../support/repository.ts';

const samples = {
  good: 'x86_64-glibc-gcc-pie-hardened',
  bare: 'x86_64-glibc-gcc-nopie-bare',
  noRelro: 'x86_64-glibc-gcc-pie-norelro',
  noCanary: 'x86_64-glibc-gcc-pie-ssp-none',
  enforced: 'x86_64-none-gcc-lib-cet',
  unenforced: 'x86_64-none-gcc-lib-cetnonote',
  cut: 'x86_64-glibc-gcc-pie-truncated',
} as const;

type Files = Readonly<Record<string, keyof typeof samples | null>>;

/** A folder with releases in it; null: an empty file. */
function releases(files: Files) {
  const folder = mkdtempSync(join(tmpdir(), 'hullcheck-against-'));
  for (const [path, sample] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    if (sample === null) writeFileSync(join(folder, path), '');
    else copyFileSync(join(repositoryRoot, 'samples/elf', samples[sample]), join(folder, path));
  }
  return {
    run: hullcheckIn(folder),
    read: (file: string) => readFileSync(join(folder, file), 'utf8'),
    write: (file: string, text: string) => writeFileSync(join(folder, file), text),
  };
}

interface Pair {
  readonly claim: string;
  readonly files: Files;
  readonly old: string;
  readonly fresh: string;
  readonly options?: readonly string[];
  readonly want: 0 | 1 | 3;
}

const pairs: readonly Pair[] = [
  {
    claim: 'findings that the old release has too hold',
    files: { 'svc-1.0/bin/svc': 'bare', 'svc-1.1/bin/svc': 'bare' },
    ...{ old: 'svc-1.0', fresh: 'svc-1.1', want: 0 },
  },
  {
    claim: 'a program that lost its protection breaks',
    files: { 'svc-1.0/bin/svc': 'good', 'svc-1.1/bin/svc': 'noCanary' },
    ...{ old: 'svc-1.0', fresh: 'svc-1.1', want: 1 },
  },
  {
    claim: 'a part of a protection that was lost breaks, though the verdict by itself is a note',
    files: { 'svc-1.0/bin/svc': 'enforced', 'svc-1.1/bin/svc': 'unenforced' },
    ...{ old: 'svc-1.0', fresh: 'svc-1.1', want: 1 },
  },
  {
    claim: 'the other way round is better and holds',
    files: { 'svc-1.0/bin/svc': 'bare', 'svc-1.1/bin/svc': 'good' },
    ...{ old: 'svc-1.0', fresh: 'svc-1.1', want: 0 },
  },
  {
    claim: 'one file is compared with one file whatever they are called',
    files: { 'build/first': 'good', 'out/second': 'bare' },
    ...{ old: 'build/first', fresh: 'out/second', want: 1 },
  },
  {
    claim: 'a file is compared with the folder that it is in now',
    files: { 'svc-1.0/svc': 'good', 'svc-1.1/bin/svc': 'bare' },
    ...{ old: 'svc-1.0/svc', fresh: 'svc-1.1', want: 1 },
  },
  {
    claim: 'a new program that fail-on fails breaks',
    files: { 'a/bin/svc': 'bare', 'b/bin/svc': 'bare', 'b/bin/tool': 'bare' },
    ...{ old: 'a', fresh: 'b', want: 1 },
  },
  {
    claim: 'a program under another name that lost what is below fail-on breaks',
    files: { 'a/keep': 'bare', 'a/svc': 'good', 'b/keep': 'bare', 'b/daemonx': 'noRelro' },
    ...{ old: 'a', fresh: 'b', want: 1, options: ['--fail-on', 'none'] },
  },
  {
    claim: 'a release that only adds a program holds over what fail-on leaves',
    files: { 'a/svc': 'good', 'b/svc': 'good', 'b/daemonx': 'noRelro' },
    ...{ old: 'a', fresh: 'b', want: 0, options: ['--fail-on', 'none'] },
  },
  {
    claim: '--fail-on none --worse-than none never breaks',
    files: { 'a/bin/svc': 'good', 'b/bin/svc': 'bare', 'b/bin/tool': 'bare' },
    ...{ old: 'a', fresh: 'b', want: 0, options: ['--fail-on', 'none', '--worse-than', 'none'] },
  },
  {
    claim: '--worse-than critical leaves what is less severe',
    files: { 'a/bin/svc': 'good', 'b/bin/svc': 'bare' },
    ...{ old: 'a', fresh: 'b', want: 0, options: ['--worse-than', 'critical'] },
  },
  {
    claim: 'a rule that fail-on names breaks without --worse-than',
    files: { 'a/bin/svc': 'good', 'b/bin/svc': 'noRelro' },
    ...{ old: 'a', fresh: 'b', want: 1, options: ['--worse-than', 'none', '--fail-on', 'relro'] },
  },
  {
    claim: 'a part of the new release that is not read leaves it undecided',
    files: { 'a/bin/svc': 'good', 'b/bin/svc': 'cut' },
    ...{ old: 'a', fresh: 'b', want: 3 },
  },
  {
    claim: 'a part of the old release that is not read leaves it undecided',
    files: { 'a/bin/svc': 'cut', 'b/bin/svc': 'good' },
    ...{ old: 'a', fresh: 'b', want: 3 },
  },
  {
    claim: 'releases without a file in common are undecided',
    files: {
      'a/bin/svc': 'good',
      'a/bin/tool': 'bare',
      'b/lib/x': 'noRelro',
      'b/lib/y': 'noCanary',
    },
    ...{ old: 'a', fresh: 'b', want: 3 },
  },
  {
    claim: 'an old release without a program is undecided',
    files: { 'a/readme': null, 'b/bin/svc': 'bare' },
    ...{ old: 'a', fresh: 'b', want: 3 },
  },
  {
    claim: 'a new release without a program is undecided',
    files: { 'a/bin/svc': 'bare', 'b/readme': null },
    ...{ old: 'a', fresh: 'b', want: 3 },
  },
];

for (const { claim, files, old, fresh, options = [], want } of pairs)
  test(`scan --against and diff agree: ${claim}`, () => {
    const { run } = releases(files);
    const diff = run(['diff', old, fresh, ...options]);
    const scan = run([fresh, '--against', old, ...options]);
    assert.deepEqual([diff.status, scan.status], [want, want], `${diff.stdout}${scan.stdout}`);
    run([old, '-o', 'json=old.json']);
    const saved = run([fresh, '--against', 'old.json', ...options]);
    assert.equal(saved.status, want, saved.stdout);
  });

const lost: Files = { 'svc-1.0/bin/svc': 'good', 'svc-1.1/bin/svc': 'noCanary' };

test('the report names the old release with its digest, and each finding how it stands to it', () => {
  const { run, read } = releases({
    'svc-1.0/bin/svc': 'noRelro',
    'svc-1.1/bin/svc': 'bare',
  });
  run(['svc-1.0', '-o', 'json=old.json']);
  assert.equal(run(['svc-1.1', '--against', 'old.json', '-o', 'json=new.json']).status, 1);
  const { against, targets } = JSON.parse(read('new.json'));
  assert.match(against.sha256, /^[0-9a-f]{64}$/);
  assert.deepEqual([against.given, against.targets[0].name], ['old.json', 'svc-1.0']);
  const [{ verdicts }] = targets[0].binaries;
  const stands = (rule: string) =>
    verdicts.find((each: { rule: string }) => each.rule === rule).stands;
  assert.deepEqual(stands('relro'), { is: 'as before' });
  assert.deepEqual(stands('pie'), { is: 'worse', was: 'pass', breaks: true });
  assert.equal(against.asBefore, targets[0].counts.asBefore);
});

test('all formats are written, and say what is as before', () => {
  const { run } = releases({ 'a/svc': 'noRelro', 'b/svc': 'bare' });
  const says: Readonly<Record<string, RegExp>> = {
    text: /GATE BROKEN: \d+ verdicts got worse than in a .*\d as before/s,
    markdown: /compared with a.*Not counted: \d as before/s,
    json: /"stands":\{"is":"as before"\}/,
    jsonl: /"stands":\{"is":"as before"\}/,
    sarif: /"baselineState":"unchanged"/,
    html: /got worse than in a/,
    junit: /got worse than in a/,
    csv: /svc/,
    github: /::/,
    gitlab: /\[/,
  };
  for (const [format, want] of Object.entries(says)) {
    const { status, stdout, stderr } = run(['b', '--against', 'a', '-o', format]);
    assert.equal(status, 1, stderr);
    assert.match(stdout, want, format);
  }
});

test('each format shows the option that was lost, the old and the new figures, and what brings it back', () => {
  const { run, read } = releases({ ...lost, 'svc-1.1/bin/tool': 'bare' });
  const fix = /export CFLAGS=(\\?"|&quot;|"|\\u0022)\$CFLAGS [^\n]*-fstack-protector-strong/;
  const formats = [
    'text',
    'markdown',
    'json',
    'jsonl',
    'sarif',
    'html',
    'junit',
    'github',
    'gitlab',
  ];
  const outputs = formats.flatMap((format) => ['-o', `${format}=new.${format}`]);
  assert.equal(run(['svc-1.1', '--against', 'svc-1.0', ...outputs]).status, 1);
  for (const format of formats) {
    const text = read(`new.${format}`);
    const flat = text.replaceAll('`', '').replaceAll(/\s+/g, ' ');
    assert.match(
      flat,
      /-fstack-protector-strong was lost: \d+ of \d+ functions had a canary, now 0 of/,
      format,
    );
    assert.match(text, fix, format);
  }
  assert.ok(read('new.markdown').trimEnd().split('\n').length <= 20);
  const list = /WORSE THAN IN svc-1\.0 {2}(\d+) verdicts\n/.exec(read('new.text'));
  const answer = /(\d+)\s+verdicts\s+got\s+worse/.exec(read('new.text'));
  assert.equal(list?.[1], answer?.[1]);
  assert.equal(read('new.github').match(/title=worse/g)?.length, 5);
  assert.match(run(['convert', 'new.json']).stdout, /stack-protector-strong was lost/);
});

test('a gate that holds says how many verdicts got worse without counting', () => {
  const { run } = releases(lost);
  const options = ['--against', 'svc-1.0', '--worse-than', 'none', '--rule', 'stack-protector'];
  const { status, stdout } = run(['svc-1.1', ...options]);
  assert.equal(status, 0);
  assert.match(
    stdout.replace(/\s+/g, ' '),
    /GATE HOLDS: no verdict that counts got worse than in svc-1.0, but 1 other did/,
  );
});

test('a report in which nothing got worse has no causes', () => {
  const { run, read } = releases({ 'a/svc': 'good', 'b/svc': 'good' });
  run(['b', '--against', 'a', '-o', 'json=same.json']);
  assert.equal(JSON.parse(read('same.json')).against.causes, undefined);
  assert.doesNotMatch(read('same.json'), /worseBy/);
});

test('causes of several reports that are judged together stay with their verdicts', () => {
  const { run } = releases({ ...lost, 'db-1.0/db': 'good', 'db-1.1/db': 'noRelro' });
  run(['svc-1.1', '--against', 'svc-1.0', '-o', 'json=svc.json']);
  run(['db-1.1', '--against', 'db-1.0', '-o', 'json=db.json']);
  run(['judge', 'svc.json', 'db.json', '-o', 'json=both.json']);
  const { stdout } = run(['convert', 'both.json', '-o', 'github']);
  assert.match(stdout, /title=worse%2C medium%3A relro::-Wl,-z,(now|relro) was lost/);
  assert.match(stdout, /title=worse%2C high%3A stack-protector::-fstack-protector-strong was lost/);
});

test('commands for saved reports follow: judge, convert, verify-report, diff and the next release', () => {
  const { run } = releases({ ...lost, 'svc-1.2/bin/svc': 'noCanary' });
  run(['svc-1.1', '--against', 'svc-1.0', '-o', 'json=new.json']);
  const table: readonly (readonly [argv: readonly string[], want: number])[] = [
    [['judge', 'new.json'], 1],
    [['judge', 'new.json', '--worse-than', 'critical'], 0],
    [['convert', 'new.json', '-o', 'sarif'], 0],
    [['verify-report', 'new.json', 'svc-1.1'], 0],
    [['diff', 'new.json', 'svc-1.2'], 0],
    [['svc-1.2', '--against', 'new.json'], 0],
    [['diff', 'svc-1.0', 'new.json'], 1],
  ];
  for (const [argv, want] of table) {
    const { status, stdout, stderr } = run(argv);
    assert.equal(status, want, `${argv.join(' ')}: ${stdout}${stderr}`);
  }
});

test('a report whose marks were edited contradicts itself', () => {
  const { run, read, write } = releases(lost);
  run(['svc-1.1', '--against', 'svc-1.0', '-o', 'json=new.json']);
  const edits: readonly (readonly [RegExp, string])[] = [
    [/,"breaks":true/g, ''],
    [/"is":"worse","was":"pass","breaks":true/g, '"is":"as before"'],
    [/"is":"worse","was":"pass","breaks":true/g, '"is":"neutral","was":"pass"'],
    [/"worseBy":\d+/g, '"worseBy":99'],
  ];
  for (const [from, to] of edits) {
    write('edited.json', read('new.json').replaceAll(from, to));
    const { status, stdout } = run(['verify-report', 'edited.json', 'svc-1.1']);
    assert.equal(status, 1, stdout);
    assert.match(stdout, /contradicts itself/);
  }
});

test('mistakes are usage errors, and say what to do', () => {
  const { run } = releases(lost);
  const table: readonly (readonly [argv: readonly string[], says: RegExp])[] = [
    [
      ['svc-1.1', '--against', './missing'],
      /--against \.\/missing: there is no such file or folder/,
    ],
    [['svc-1.1', '--against', 'missing.json'], /--against missing\.json: there is no such file/],
    [['svc-1.1', '--against', ''], /--against/],
    [['svc-1.1', '--worse-than', 'low'], /--worse-than requires --against OLD/],
    [
      ['svc-1.1', '--against', 'svc-1.0', '--baseline', 'x'],
      /two ways to know what is new|baseline/,
    ],
    [['svc-1.1', '--against', 'svc-1.0', '--base', 'x'], /--base/],
    [['svc-1.1', '--against', 'svc-1.0', '--worse-than', 'hgih'], /did you mean high\?/],
  ];
  for (const [argv, says] of table) {
    const { status, stderr } = run(argv);
    assert.equal(status, 2, argv.join(' '));
    assert.match(stderr, says);
  }
});

test('several images are compared by name, and what has no counterpart is said', () => {
  const { run } = releases({
    'app-1.0/bin/app': 'good',
    'db-1.0/bin/db': 'good',
    'app-1.1/bin/app': 'good',
    'db-1.1/bin/db': 'noCanary',
    'web-1.1/bin/web': 'good',
  });
  run(['app-1.0', 'db-1.0', '-o', 'json=old.json']);
  const broken = run(['app-1.1', 'db-1.1', '--against', 'old.json']);
  assert.equal(broken.status, 1);
  assert.match(
    broken.stdout.replaceAll(/\s+/g, ' '),
    /broken db-1\.1: 5 verdicts got worse than in db-1\.0/,
  );
  const holds = run(['app-1.1', 'web-1.1', '--against', 'old.json']);
  assert.equal(holds.status, 3, holds.stdout);
  assert.match(
    holds.stdout.replaceAll(/\s+/g, ' '),
    /db-1\.0 and web-1\.1 have no counterpart by name/,
  );
});

test('a locked condition is asked of everything, whatever the old release has', () => {
  const { run: plain, write } = releases({ 'a/svc': 'bare', 'b/svc': 'bare' });
  const run = (argv: readonly string[]) => plain([...argv, '--config', 'policy.yaml']);
  write('policy.yaml', '{}\n');
  assert.equal(run(['b', '--against', 'a']).status, 0);
  assert.equal(run(['b', '--against', 'a', '--fail-on', 'medium']).status, 0);
  write('policy.yaml', 'gate: {fail-on: medium}\n');
  assert.equal(run(['b', '--against', 'a']).status, 0);
  for (const locked of ['gate.fail-on', 'gate', 'all']) {
    write('policy.yaml', `locked: [${locked}]\ngate: {fail-on: high}\n`);
    assert.equal(run(['b', '--against', 'a']).status, 1, locked);
  }
  write('policy.yaml', 'locked: [gate.coverage]\ngate: {coverage: {pie: 100}}\n');
  assert.equal(run(['b', '--against', 'a']).status, 1);
  write('policy.yaml', 'gate: {coverage: {pie: 100}}\n');
  assert.equal(run(['b', '--against', 'a']).status, 0);
});

test('a policy that sets and locks worse-than wants each release to be compared', () => {
  const { run: plain, write } = releases(lost);
  const run = (argv: readonly string[]) => plain([...argv, '--config', 'policy.yaml']);
  plain(['svc-1.1', '-o', 'json=alone.json']);
  write('policy.yaml', 'locked: [gate.worse-than]\ngate: {worse-than: medium}\n');
  for (const argv of [['svc-1.1'], ['judge', 'alone.json']]) {
    const { status, stderr } = run(argv);
    assert.equal(status, 2);
    assert.match(stderr, /gate\.worse-than is set at policy\.yaml:2:\d+ and locked by .*--against/);
  }
  assert.equal(run(['svc-1.1', '--against', 'svc-1.0']).status, 1);
  assert.equal(run(['svc-1.1', '--against', 'svc-1.0', '--worse-than', 'none']).status, 2);
  write('policy.yaml', 'locked: [all]\n');
  assert.equal(run(['svc-1.1', '--worse-than', 'low']).status, 2);
  assert.notEqual(run(['svc-1.1']).status, 2);
});

test('a baseline of the configuration does not count when an older release is named, and the report says so', () => {
  const { run: plain, write, read } = releases({ 'a/svc': 'good', 'b/svc': 'bare' });
  const run = (argv: readonly string[]) => plain([...argv, '--config', 'policy.yaml']);
  plain(['b', '-o', 'json=b.json']);
  plain(['baseline', 'b.json', '--to', 'known.json']);
  write('policy.yaml', 'baseline: known.json\n');
  assert.equal(run(['b']).status, 0);
  assert.equal(run(['b', '--against', 'a', '-o', 'json=c.json']).status, 1);
  assert.match(read('c.json'), /the baseline of the configuration does not count/);
});
