import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { known } from '../../src/base/fact.ts';
import type { BinaryReport } from '../../src/report/report.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { editedReport, passing } from '../support/reports/edited-report.ts';
import { repositoryRoot } from '../support/repository.ts';

const archive = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');

function freshFolder(files: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'hullcheck-policy-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return {
    folder,
    run: hullcheckIn(folder),
    read: (name: string) => readFileSync(join(folder, name), 'utf8'),
  };
}

test('config says where each value comes from, the strongest first: option, variable, file, profile, default', () => {
  const { run } = freshFolder({
    'hullcheck.yaml': 'profile: strict\ngate:\n  coverage: {pie: 90}\n  fail-on-unknown: false\n',
  });
  const lines = run(['config', '--maximum', 'low=3'], { HULLCHECK_FAIL_ON: 'medium, pie' }).stdout;
  for (const [name, value, from] of [
    ['gate.allow-empty', 'false', 'default'],
    ['gate.fail-on', 'medium, pie', 'HULLCHECK_FAIL_ON'],
    ['gate.fail-on-unknown', 'false', 'hullcheck.yaml'],
    ['gate.coverage.pie', '90', 'hullcheck.yaml'],
    ['gate.maximum.low', '3', '--maximum'],
    ['profile', 'strict', 'hullcheck.yaml'],
  ])
    assert.match(lines, new RegExp(`^${name}: ${value} +# ${from}$`, 'm'), lines);
  assert.match(
    freshFolder().run(['config', '--profile', 'strict']).stdout,
    /^gate\.fail-on: low +# profile strict$/m,
  );
});

test('a configuration is found upwards, up to the repository, in one of three files', () => {
  const table: readonly {
    readonly name: string;
    readonly files: Readonly<Record<string, string>>;
    readonly want: RegExp;
  }[] = [
    { name: 'here', files: { 'here/hullcheck.yaml': 'profile: alpine' }, want: /profile: alpine/ },
    {
      name: 'above',
      files: { 'hullcheck.json': '{"profile": "alpine"}', 'here/x': '' },
      want: /profile: alpine/,
    },
    {
      name: 'package.json',
      files: { 'package.json': '{"hullcheck": {"profile": "alpine"}}', 'here/x': '' },
      want: /profile: alpine/,
    },
    {
      name: 'a package.json of others',
      files: {
        'hullcheck.yaml': 'profile: alpine',
        'here/package.json': '{"devDependencies": {"hullcheck": "1"}}',
      },
      want: /profile: alpine/,
    },
    {
      name: 'a broken package.json',
      files: { 'hullcheck.yaml': 'profile: alpine', 'here/package.json': '{' },
      want: /profile: alpine/,
    },
    {
      name: 'beyond the repository',
      files: { 'hullcheck.yaml': 'profile: alpine', 'here/.git/HEAD': '' },
      want: /profile: auto/,
    },
    {
      name: 'nearest first',
      files: { 'hullcheck.yaml': 'profile: alpine', 'here/hullcheck.yaml': 'profile: debian' },
      want: /profile: debian/,
    },
  ];
  for (const { name, files, want } of table) {
    const { folder } = freshFolder(files);
    assert.match(hullcheckIn(join(folder, 'here'))(['config']).stdout, want, name);
  }
  const { run } = freshFolder({ 'hullcheck.yaml': '', 'hullcheck.json': '{}' });
  assert.equal(run(['config']).status, 2);
});

test('mistakes end with exit code 2 and their place', () => {
  const table = [
    {
      files: { 'hullcheck.yaml': 'rules:\n  pi: off\n' },
      argv: [archive],
      want: /^hullcheck: hullcheck\.yaml:2:3: "pi" is not a rule; did you mean pie\?$/m,
    },
    {
      files: { 'package.json': '{\n "hullcheck": {\n  "gat": 1}}' },
      argv: [archive],
      want: /package\.json:3:3: there is no setting "gat"/,
    },
    {
      files: {},
      argv: [archive, '--profile', 'alpin'],
      want: /--profile: "alpin" is not a profile; did you mean alpine\?/,
    },
    {
      files: {},
      argv: [archive, '--coverage', 'pie'],
      want: /--coverage is pie, expected NAME=NUMBER/,
    },
    {
      files: {},
      argv: [archive, '--coverage', 'pie=x'],
      want: /--coverage: "x" is not allowed here, expected a number from 0 to 100/,
    },
    {
      files: {},
      argv: [archive, '--exclude', '+(a|+(b))'],
      want: /--exclude: .* has a group in parentheses/,
    },
    {
      files: {},
      argv: [archive, '--baseline', 'no.json'],
      want: /cannot read the baseline no\.json: .*; --update-baseline creates it \(unless gate or baseline is locked\), or hullcheck baseline REPORT --to no\.json/,
    },
    {
      files: { 'b.json': '{}' },
      argv: [archive, '--baseline', 'b.json'],
      want: /b\.json: type is missing/,
    },
    {
      files: {},
      argv: [archive, '--update-baseline'],
      want: /--update-baseline requires --baseline FILE/,
    },
    {
      files: {},
      argv: [archive, '--config', 'no.yaml'],
      want: /there is no configuration file no\.yaml/,
    },
    { files: {}, argv: ['profiles', 'alpin'], want: /there is no profile alpin/ },
    {
      files: { 'hullcheck.yaml': '' },
      argv: ['init'],
      want: /hullcheck\.yaml already exists in this folder/,
    },
    {
      files: {},
      argv: ['waive', 'pi', '--reason', 'x', '--everywhere'],
      want: /"pi" is not a rule; did you mean pie\?/,
    },
    {
      files: {},
      argv: ['waive', 'pie', '--reason', 'x', '--path', '/x', '--expires', 'soon'],
      want: /--expires is soon/,
    },
  ];
  for (const { files, argv, want } of table) {
    const { status, stderr } = freshFolder(files).run(argv);
    assert.equal(status, 2, `${argv.join(' ')}: ${stderr}`);
    assert.match(stderr, want);
    assert.doesNotMatch(stderr, /^ {4}at /m);
  }
});

test('what init and waive write is in force at once, and nothing else changes', () => {
  const { run, read } = freshFolder();
  assert.equal(run(['init', '--profile', 'alpine']).status, 0);
  const before = read('hullcheck.yaml');
  for (const path of ['/usr/local/bin/import', '/usr/local/bin/[e]xport'])
    assert.equal(
      run(['waive', 'pie', '--path', path, '--reason', 'a: b # c', '--expires', '90d']).status,
      0,
    );
  assert.ok(read('hullcheck.yaml').startsWith(before));
  const { stdout } = run([archive, '-o', 'json', '--rule', 'pie']);
  const { counts, policy } = JSON.parse(stdout);
  assert.deepEqual([counts.waived, counts.outcomes.fail, policy.profile], [1, 0, 'alpine']);
  assert.match(policy.notices[0], /^the waiver of pie at hullcheck\.yaml:\d+ accepts nothing here/);
});

test('waive adds to every kind of file', () => {
  const table = [
    { 'hullcheck.json': '{"profile": "alpine"}' },
    { 'package.json': '{"name": "x", "hullcheck": {"profile": "alpine"}}' },
    {
      'hullcheck.yaml':
        'waivers:\n  - rule: relro # first\n    reason: x # here\nprofile: alpine # last\n',
    },
    { 'hullcheck.yaml': 'profile: alpine' },
    { 'hullcheck.yaml': 'profile: alpine\nwaivers:\n- rule: relro\n  reason: x' },
  ];
  for (const files of table) {
    const { run, read } = freshFolder(files);
    const { status, stderr } = run(['waive', 'pie', '--package', 'x', '--reason', 'y']);
    assert.equal(status, 0, stderr);
    const [name = ''] = Object.keys(files);
    for (const comment of Object.values(files)[0]?.match(/# \w+/g) ?? [])
      assert.ok(read(name).includes(comment));
    const { stdout } = run(['config']);
    assert.match(stdout, /waivers: .*"rule":"pie","package":\["x"\],"reason":"y"/);
    assert.match(stdout, /profile: alpine/);
  }
});

test('a baseline from a saved report is one from a scan', () => {
  const { run, read } = freshFolder();
  run([archive, '-o', 'json=a.json']);
  assert.equal(run(['baseline', 'a.json', '--to', 'b.json']).status, 0);
  run([archive, '--baseline', 'c.json', '--update-baseline']);
  assert.equal(read('b.json'), read('c.json'));
  assert.equal(run([archive, '--baseline', 'b.json', '--fail-on', 'note']).status, 0);
  assert.equal(run([archive, '--baseline', 'a.json', '--fail-on', 'note']).status, 0);
});

test('a scan that did not see everything updates no baseline', () => {
  const { folder, run, read } = freshFolder({
    'b.json': '{"type":"hullcheck-baseline","version":"1","findings":[]}',
  });
  writeFileSync(join(folder, 'cut.tar'), readFileSync(archive).subarray(0, 40_000));
  assert.equal(run(['cut.tar', '--baseline', 'b.json', '--update-baseline']).status, 3);
  assert.match(read('b.json'), /"findings":\[\]/);
});

test('an attestation names image, report and answer, and verify-report holds it to them', () => {
  const { run, read, folder } = freshFolder();
  run([archive, '-o', 'json=a.json']);
  assert.equal(run(['attest', 'a.json', '--to', 's.json']).status, 0);
  const statement = JSON.parse(read('s.json'));
  const report = JSON.parse(read('a.json'));
  assert.equal(statement._type, 'https://in-toto.io/Statement/v1');
  assert.deepEqual(statement.subject, [
    { name: 'sample/alpine-app:1.0', digest: { sha256: report.targets[0].digest.slice(7) } },
  ]);
  assert.equal(statement.predicate.gate.state, 'broken');
  const digest = createHash('sha256').update(read('a.json')).digest('hex');
  assert.equal(statement.predicate.report.digest.sha256, digest);
  assert.deepEqual(
    JSON.parse(run(['attest', 'a.json', '--predicate-only']).stdout),
    statement.predicate,
  );

  assert.equal(run(['verify-report', 'a.json', archive, '--statement', 's.json']).status, 0);
  writeFileSync(
    join(folder, 'forged.json'),
    read('a.json').replace('"state":"broken"', '"state":"holds"'),
  );
  assert.equal(run(['verify-report', 'forged.json', archive, '--statement', 's.json']).status, 1);
  writeFileSync(
    join(folder, 'other.json'),
    read('a.json').replaceAll(report.targets[0].digest, `sha256:${'0'.repeat(64)}`),
  );
  assert.equal(run(['verify-report', 'other.json', archive]).status, 1);
  const shorter = JSON.parse(read('a.json'));
  const [taken] = shorter.targets[0].binaries.splice(2, 1);
  writeFileSync(join(folder, 'shorter.json'), JSON.stringify(shorter));
  const hidden = run(['verify-report', 'shorter.json', archive]);
  assert.equal(hidden.status, 1);
  assert.ok(hidden.stdout.includes(`1 binary of the image is not in the report: ${taken.path}`));
  writeFileSync(join(folder, 'cut.tar'), readFileSync(archive).subarray(0, 40_000));
  assert.equal(run(['verify-report', 'a.json', 'cut.tar']).status, 3);
  const file = join(repositoryRoot, 'samples/elf/x86_64-musl-gcc-nopie-bare');
  run([file, `rootfs:${dirname(file)}`, '-o', 'json=root.json']);
  assert.equal(run(['attest', 'root.json']).status, 2);
});

test('an attestation of files names each by its own digest', () => {
  const { run } = freshFolder();
  const files = ['x86_64-musl-gcc-nopie-bare', 'x86_64-glibc-gcc-pie-hardened'].map((name) =>
    join(repositoryRoot, 'samples/elf', name),
  );
  run([...files, '-o', 'json=f.json']);
  const { status, stdout, stderr } = run(['attest', 'f.json']);
  assert.equal(status, 0, stderr);
  assert.deepEqual(
    JSON.parse(stdout).subject,
    files.map((name) => ({
      name,
      digest: { sha256: createHash('sha256').update(readFileSync(name)).digest('hex') },
    })),
  );
});

test('as a test result, a gate that does not hold has failed, and each rule is in one list', () => {
  const { run, folder } = freshFolder();
  const file = join(repositoryRoot, 'samples/elf/x86_64-musl-gcc-nopie-bare');
  const cut = join(folder, 'cut');
  cpSync(join(repositoryRoot, 'samples/images/alpine-app.oci'), cut, { recursive: true });
  const blobs = readdirSync(join(cut, 'blobs/sha256')).map((name) =>
    join(cut, 'blobs/sha256', name),
  );
  const [largest = ''] = blobs.sort((a, b) => statSync(b).size - statSync(a).size);
  truncateSync(largest, 1000);
  const table: readonly (readonly [words: readonly string[], want: string, failed: RegExp])[] = [
    [[archive], 'FAILED', /pie/],
    [[archive, '--fail-on', 'none'], 'WARNED', /^$/],
    [[archive, '--rule', 'well-formed'], 'PASSED', /^$/],
    [[file, '--rule', 'pie'], 'FAILED', /^pie$/],
    // Nothing was broken, but not all was seen.
    [['cut', '--fail-on', 'none'], 'FAILED', /^$/],
  ];
  for (const [words, want, failed] of table) {
    run([...words, '-o', 'json=r.json']);
    const { stdout, stderr } = run(['attest', 'r.json', '--type', 'test-result']);
    const { predicateType, predicate } = JSON.parse(stdout || '{}');
    assert.equal(predicateType, 'https://in-toto.io/attestation/test-result/v0.1', stderr);
    assert.equal(predicate.result, want, words.join(' '));
    assert.match(predicate.failedTests.join(' '), failed);
    const all = ['passedTests', 'warnedTests', 'failedTests'].flatMap((name) => predicate[name]);
    assert.equal(new Set(all).size, all.length);
    assert.ok(all.length > 0);
    assert.equal(predicate.configuration[0].name, 'hullcheck');
  }
});

test('diff reports what became worse, from images and from saved reports', async () => {
  const { run, read, folder } = freshFolder();
  run([archive, '-o', 'json=new.json']);
  const old = await editedReport(read('new.json'), (binary) => passing(binary, 'pie'));
  writeFileSync(join(folder, 'old.json'), old);
  const table = [
    { argv: ['new.json', 'new.json'], want: 0, says: /NOTHING WORSE: no verdict got worse/ },
    { argv: ['new.json', archive], want: 0, says: /NOTHING WORSE/ },
    {
      argv: ['old.json', archive],
      want: 1,
      says: / {2}high {6}pie: -pie was lost: .*\n {12}\/usr\/local\/bin\/import\n/,
    },
    { argv: ['old.json', 'new.json', '--worse-than', 'critical'], want: 0, says: /Worse \(1\)/ },
    {
      argv: ['old.json', 'new.json', '--worse-than', 'none', '--fail-on', 'pie'],
      want: 1,
      says: /WORSE: 1 verdict/,
    },
    { argv: ['new.json', 'old.json'], want: 0, says: /Better \(1\)/ },
    {
      argv: ['old.json', 'new.json', '-o', 'markdown'],
      want: 1,
      says: /## hullcheck diff: ❌ Worse/,
    },
    { argv: ['old.json', './missing.json'], want: 2, says: /^$/ },
  ];
  for (const { argv, want, says } of table) {
    const { status, stdout, stderr } = run(['diff', ...argv]);
    assert.equal(status, want, `${argv.join(' ')}: ${stdout}${stderr}`);
    assert.match(stdout, says);
  }
  const files = ['html=d.html', 'json=d.json'].flatMap((output) => ['-o', output]);
  assert.equal(run(['diff', 'old.json', 'new.json', ...files]).status, 1);
  assert.match(read('d.html'), /^<!doctype html>[\s\S]*"gate":\{"state":"broken"/);
  assert.equal(JSON.parse(read('d.json')).worse.length, 1);
  assert.match(run(['diff', 'a', 'b', '-o', 'htm']).stderr, /no format htm; did you mean html\?/);
  assert.match(run(['diff', 'a', 'b', '--coverage', 'pie=1']).stderr, /no option .* coverage/);
  const { worse, gate } = JSON.parse(run(['diff', 'old.json', 'new.json', '-o', 'json']).stdout);
  assert.deepEqual(
    [worse.length, worse[0].rule, worse[0].before, worse[0].after, gate.state],
    [1, 'pie', 'pass', 'high', 'broken'],
  );
});

test('diff counts what is claimed as yours in saved reports too', () => {
  const { run, folder } = freshFolder();
  const rule = ['--rule', 'stack-protector'];
  const files = { bad: 'x86_64-glibc-gcc-lib-bare', good: 'x86_64-glibc-gcc-lib-hardened' };
  for (const [name, sample] of Object.entries(files)) {
    const module = join(folder, name, 'node_modules/fast');
    mkdirSync(module, { recursive: true });
    copyFileSync(join(repositoryRoot, 'samples/elf', sample), join(module, 'fast.node'));
    writeFileSync(join(module, 'package.json'), '{"name": "fast", "version": "1.0.0"}');
    run([name, ...rule, '-o', `json=${name}.json`]);
  }
  const table = [
    {
      claim: [],
      want: 0,
      says: /WORSE, BUT THE GATE HOLDS: 1 verdict got worse, and it does not count: 1 of dependencies/,
    },
    { claim: ['--yours', 'fast'], want: 1, says: /got worse \(of severity low or above\)$/m },
    { claim: ['--yours', 'fsat'], want: 0, says: /fsat \(--yours\) matches no file: did you mean/ },
  ];
  for (const { claim, want, says } of table)
    for (const fresh of ['bad.json', 'bad']) {
      const { status, stdout } = run(['diff', 'good.json', fresh, ...rule, ...claim]);
      assert.equal(status, want, `${fresh} ${claim.join(' ')}: ${stdout}`);
      assert.match(stdout.replaceAll(/\s+/g, ' '), new RegExp(says.source.replace('$', ' ?$')));
    }
});

test('a claim of what a saved report judged by promises is refused, and not made half', async () => {
  const { run, read, folder } = freshFolder();
  run([archive, '-o', 'json=new.json']);
  const value = { whose: 'distribution' as const, component: null, because: '' };
  const ofDistribution = (binary: BinaryReport): BinaryReport => ({
    ...binary,
    facts: { ...binary.facts, ownership: known(value) },
  });
  const write = async (name: string, profile: string) =>
    writeFileSync(
      join(folder, name),
      await editedReport(read('new.json'), ofDistribution, { profile }),
    );
  await write('stock.json', 'auto');
  const { targets } = JSON.parse(read('stock.json'));
  const claim = ['--yours', targets[0].binaries[0].path];
  const refused = run(['diff', 'stock.json', 'stock.json', ...claim]);
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /by what its distribution promises: to claim it, name the image/);
  await write('plain.json', 'default');
  assert.equal(run(['diff', 'plain.json', 'plain.json', ...claim]).status, 0);
});
