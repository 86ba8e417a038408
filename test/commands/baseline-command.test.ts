import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { repositoryRoot } from '../support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'hullcheck-baseline-'));
const run = hullcheckIn(folder);
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const place = (release: string, name: string, sample: string) => {
  mkdirSync(join(folder, release), { recursive: true });
  copyFileSync(join(repositoryRoot, 'samples/elf', sample), join(folder, release, name));
};
place('svc-1.0', 'same', 'x86_64-glibc-gcc-nopie-bare');
place('svc-1.0', 'better', 'x86_64-glibc-gcc-lib-bare');
place('svc-1.1', 'same', 'x86_64-glibc-gcc-nopie-bare');
place('svc-1.1', 'better', 'x86_64-glibc-gcc-lib-hardened');
place('svc-1.1', 'new', 'x86_64-glibc-gcc-pie-execstack');

before(() => {
  for (const release of ['1.0', '1.1'])
    run([`svc-${release}`, '-o', `json=${release}.json`, '--fail-on', 'none']);
  run(['baseline', '1.0.json', '--to', 'known.json', '--owner', 'first']);
});

describe('baseline', () => {
  it('says what it accepts before anybody relies on it', () => {
    const { status, stderr, stdout } = run(['baseline', '1.0.json']);
    assert.equal(status, 0);
    assert.match(stderr, /^baseline: \d+ findings accepted\n/);
    assert.match(stderr, /\n {2}high {6}pie {2}\/same\n/);
    assert.ok(JSON.parse(stdout).findings.length > 5);
  });

  it('writes nothing with --dry-run, and shows all that it would accept and leave out', () => {
    const was = read('known.json');
    const { status, stdout } = run(['baseline', '1.1.json', '--to', 'known.json', '--dry-run']);
    assert.equal(status, 0);
    assert.match(stdout, /^known\.json: \d+ findings would be accepted, \d+ known before, /);
    const accepted = stdout.split('No longer there')[0] ?? '';
    assert.match(accepted, / {2}high {6}non-executable-stack {2}\/new\n/);
    assert.doesNotMatch(accepted, /\/same/);
    assert.match(stdout, /\nNo longer there \(\d+\):\n(?: {2}[\w-]+ {2}\/better \(fixed\)\n)+$/);
    assert.equal(read('known.json'), was);
    assert.equal(run(['baseline', '1.1.json', '--to', 'none.json', '--dry-run']).status, 0);
    assert.ok(!existsSync(join(folder, 'none.json')));
  });

  it('of the old release makes nothing new of what the next release has too', () => {
    const { stdout } = run(['svc-1.1', '--baseline', 'known.json', '-o', 'json']);
    const [{ binaries }] = JSON.parse(stdout).targets;
    for (const { path, verdicts } of binaries)
      for (const { rule, outcome, baselined } of verdicts)
        if (outcome === 'fail')
          assert.equal(baselined === true, path !== '/new', `${rule} ${path}`);
  });

  it('after a scan says the same', () => {
    writeFileSync(join(folder, 'scanned.json'), read('known.json'));
    const args = [
      'svc-1.1',
      '--baseline',
      'scanned.json',
      '--update-baseline',
      '--owner',
      'second',
    ];
    const { stderr } = run(args);
    assert.match(stderr, /^scanned\.json: \d+ findings accepted, \d+ known before, /m);
    assert.match(stderr, /\n {2}owner: second, without a reason \(--reason\)/);
    const owners = JSON.parse(read('scanned.json')).findings.map(
      ({ path, owner }: { path: string; owner: string }) => `${path} ${owner}`,
    );
    assert.deepEqual([...new Set(owners)], ['/better first', '/new second', '/same first']);
    assert.equal(run([...args, '--quiet']).stderr, '');
  });
});

describe('baseline update', () => {
  const config = (text: string) => writeFileSync(join(folder, 'hullcheck.yaml'), text);
  it('is of the baseline that the configuration names', () => {
    config('baseline: configured.json\n');
    const { status, stderr } = run(['baseline', 'update', '1.0.json']);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^configured\.json: /);
    assert.ok(existsSync(join(folder, 'configured.json')));
  });
  it('refuses entries that the configuration would not count', () => {
    config('baseline:\n  file: limited.json\n  owner: required\n');
    const { status, stderr } = run(['baseline', 'update', '1.0.json']);
    assert.equal(status, 2);
    assert.match(stderr, /a new entry would not count: it has no owner/);
    assert.ok(!existsSync(join(folder, 'limited.json')));
    assert.equal(run(['baseline', 'update', '1.0.json', '--owner', 'me']).status, 0);
  });
  it('nor does baseline without the word write what an organisation would not count', () => {
    config('profile: auto\n');
    writeFileSync(join(folder, 'org.yaml'), 'baseline: {expires: required, owner: required}\n');
    const env = { HULLCHECK_EXTENDS: 'org.yaml' };
    const argv = ['baseline', '1.0.json', '--to', 'bare.json'];
    const { status, stderr } = run(argv, env);
    assert.equal(status, 2);
    assert.match(
      stderr,
      /would not count: it has no end; it has no owner \(limits at org\.yaml:1\)/,
    );
    assert.ok(!existsSync(join(folder, 'bare.json')));
    assert.equal(run([...argv, '--owner', 'me', '--expires', '30d'], env).status, 0);
  });
  it('is the way under a lock of the gate, which a scan that accepts what it finds names', () => {
    rmSync(join(folder, 'hullcheck.yaml'));
    writeFileSync(join(folder, 'org.yaml'), 'locked: gate\n');
    const env = { HULLCHECK_EXTENDS: 'org.yaml' };
    const refused = run(['svc-1.0', '--baseline', 'k.json', '--update-baseline'], env);
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, /gate is locked by org\.yaml:1.*hullcheck baseline update REPORT/);
    const { status, stderr } = run(['baseline', 'update', '1.0.json', '--to', 'k.json'], env);
    assert.equal(status, 0, stderr);
    assert.equal(run(['svc-1.0', '--baseline', 'k.json'], env).status, 0);
  });
  it('is refused under a lock of the baseline', () => {
    config('profile: auto\n');
    writeFileSync(join(folder, 'org.yaml'), 'locked: baseline\n');
    const argv = ['baseline', 'update', '1.0.json', '--to', 'l.json'];
    const { status, stderr } = run(argv, { HULLCHECK_EXTENDS: 'org.yaml' });
    assert.equal(status, 2);
    assert.match(stderr, /^hullcheck: baseline update: baseline is locked by org\.yaml:1/);
  });
  it('without a baseline is a usage error', () => {
    config('profile: auto\n');
    const { status, stderr } = run(['baseline', 'update', '1.0.json']);
    assert.equal(status, 2);
    assert.match(stderr, /no configuration names a baseline; --to FILE does/);
  });
  it('with --prune takes out what no longer occurs, and accepts nothing', () => {
    run(['baseline', '1.0.json', '--to', 'pruned.json', '--owner', 'first']);
    const entries = (name: string) =>
      JSON.parse(read(name)).findings.map((entry: object) => JSON.stringify(entry));
    const was = entries('pruned.json');
    const argv = ['baseline', 'update', '1.1.json', '--to', 'pruned.json', '--prune'];
    const dry = run([...argv, '--dry-run']);
    assert.match(
      dry.stdout,
      /^pruned\.json: \d+ that no longer occur would be left out, \d+ stay, /,
    );
    assert.match(
      dry.stdout,
      /\nNo longer there \(\d+\):\n(?: {2}[\w-]+ {2}\/better \(fixed\)\n)+$/,
    );
    assert.deepEqual(entries('pruned.json'), was);
    const { status, stderr } = run(argv);
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^pruned\.json: \d+ that no longer occur left out, \d+ stay, /);
    assert.match(stderr, /^.*, \d+ findings of the report are not in it\nNo longer there /);
    const left = entries('pruned.json');
    assert.ok(left.length < was.length);
    assert.ok(left.every((entry: string) => was.includes(entry)));
    assert.ok(left.some((entry: string) => entry.includes('"/same"')));
    const out = [...dry.stdout.matchAll(/^ {2}(\S+) {2}(\S+) \(fixed\)$/gm)];
    assert.equal(was.length - left.length, out.length);
    for (const [, rule, path] of out)
      assert.ok(!left.some((entry: string) => entry.includes(`"rule":"${rule}","path":"${path}"`)));
  });
  it('with --prune keeps an entry that has ended while its finding is there', () => {
    run(['baseline', '1.0.json', '--to', 'ended.json', '--expires', '2030-01-01']);
    const ended = read('ended.json').replaceAll('2030-01-01', '2020-01-01');
    writeFileSync(join(folder, 'ended.json'), ended);
    run(['baseline', 'update', '1.0.json', '--to', 'ended.json', '--prune']);
    assert.equal(read('ended.json'), ended);
  });
  it('with --prune does not take what only new entries have', () => {
    const argv = ['baseline', 'update', '1.1.json', '--to', 'known.json', '--prune'];
    const { status, stderr } = run([...argv, '--owner', 'me']);
    assert.equal(status, 2);
    assert.match(stderr, /--prune accepts nothing, so --owner says nothing/);
    const { stderr: bare } = run(['baseline', '1.1.json', '--prune']);
    assert.match(bare, /--prune is of baseline update/);
    const none = run(['baseline', 'update', '1.1.json', '--to', 'nowhere.json', '--prune']);
    assert.equal(none.status, 2);
    assert.match(none.stderr, /nowhere\.json does not exist/);
  });
  it('with --prune works under limits that refuse new entries without an owner', () => {
    config('baseline:\n  file: limited.json\n  owner: required\n');
    const { status, stderr } = run(['baseline', 'update', '1.1.json', '--prune']);
    assert.equal(status, 0, stderr);
    config('profile: auto\n');
  });
  it('takes one report', () => {
    assert.equal(run(['baseline', '1.0.json', '1.1.json']).status, 2);
    assert.equal(run(['baseline', 'update', '1.0.json', '1.1.json']).status, 2);
  });
});
