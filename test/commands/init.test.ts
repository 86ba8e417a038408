import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { repositoryRoot } from '../support/repository.ts';

const bad = 'x86_64-glibc-gcc-nopie-bare';
const good = 'x86_64-glibc-gcc-pie-hardened';

/** A folder to run in, and a root beside it that has these samples at these paths. */
function rootOf(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'hullcheck-init-'));
  const [work, root] = [join(folder, 'work'), join(folder, 'root')];
  mkdirSync(work);
  mkdirSync(join(root, 'etc'), { recursive: true });
  writeFileSync(join(root, 'etc/os-release'), 'ID=debian\nVERSION_ID=12\n');
  for (const [path, sample] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    copyFileSync(join(repositoryRoot, 'samples/elf', sample), join(root, path));
  }
  const run = hullcheckIn(work);
  return {
    run,
    folder,
    root: `rootfs:${root}`,
    config: () => readFileSync(join(work, 'hullcheck.yaml'), 'utf8'),
  };
}

interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Of the file. */
  readonly says: readonly RegExp[];
  readonly saysNot?: readonly RegExp[];
  /** Owners under that configuration. */
  readonly want: Readonly<Record<string, string>>;
}

const table: readonly Case[] = [
  {
    name: 'a runtime that was unpacked is a dependency, and what stands beside it is yours',
    files: { 'usr/local/bin/node': bad, 'usr/local/bin/app': bad },
    says: [/^dependencies:\n {2}- name: node\n {4}path:\n {6}- \/usr\/local\/bin\/node$/m],
    want: { '/usr/local/bin/node': 'dependency', '/usr/local/bin/app': 'yours' },
  },
  {
    name: 'a JDK is its own files, not the folder that it lies in',
    files: {
      'opt/java/lib/server/libjvm.so': good,
      'opt/java/bin/java': good,
      'opt/java/bin/app': bad,
    },
    says: [/- name: openjdk/],
    want: {
      '/opt/java/lib/server/libjvm.so': 'dependency',
      '/opt/java/bin/java': 'dependency',
      '/opt/java/bin/app': 'yours',
    },
  },
  {
    name: 'a sign that lies in a folder of yours makes nothing else a dependency',
    files: { 'app/chrome_crashpad_handler': good, 'app/server': bad },
    says: [/- name: chromium/],
    want: { '/app/chrome_crashpad_handler': 'dependency', '/app/server': 'yours' },
  },
  {
    name: 'a path with signs of globs is that path alone',
    files: { 'opt/[ab]{1}/bin/node': bad, 'opt/a1/bin/app': bad },
    says: [/- name: node/],
    want: { '/opt/[ab]{1}/bin/node': 'dependency', '/opt/a1/bin/app': 'yours' },
  },
  {
    name: 'yours is never waived, and what breaks the gate is named',
    files: { 'usr/local/bin/app': bad },
    says: [
      /^# With it|^# Written for .*the gate is broken/m,
      /^# {3}\/usr\/local\/bin\/app: .*pie/m,
    ],
    saysNot: [/^waivers:/m, /^dependencies:/m],
    want: { '/usr/local/bin/app': 'yours' },
  },
];

describe('hullcheck init IMAGE', () => {
  for (const { name, files, says, saysNot = [], want } of table)
    it(`${name}`, () => {
      const { run, root, config } = rootOf(files);
      const { status, stdout, stderr } = run(['init', root]);
      assert.equal(status, 0, stderr);
      for (const each of says) assert.match(config(), each);
      for (const each of saysNot) assert.doesNotMatch(config(), each);
      const { targets, policy, gate } = JSON.parse(run([root, '-o', 'json']).stdout);
      const owners = targets[0].binaries.map((each: Record<string, unknown>) => [
        each['path'],
        (each['facts'] as { ownership: { value: { whose: string } } }).ownership.value.whose,
      ]);
      assert.deepEqual(Object.fromEntries(owners), want);
      assert.deepEqual(policy.notices, [], 'every entry matches');
      assert.ok(stdout.includes(gate.because), `${stdout}\n${gate.because}`);
    });

  for (const profile of ['strict', 'openssf'])
    it(`the gate of ${profile} is the one that a scan then has`, () => {
      const { run, root } = rootOf({
        'usr/local/bin/app': 'x86_64-musl-gcc-staticpie-strong-stripped',
      });
      const { status, stdout, stderr } = run(['init', root, '--profile', profile]);
      assert.equal(status, 0, stderr);
      const { gate } = JSON.parse(run([root, '-o', 'json']).stdout);
      assert.ok(stdout.includes(gate.because), `${stdout}\n${gate.because}`);
    });

  it('writes a name that would be more than a string of YAML as that string', () => {
    const { run, root, config } = rootOf({ "opt/a: # 'b\n- c/bin/node": bad });
    assert.equal(run(['init', root]).status, 0);
    assert.equal(run(['config']).status, 0, config());
    const isDependency = run([root, '-o', 'json']).stdout.includes('"whose":"dependency"');
    assert.ok(isDependency, config());
  });

  it('waives for a while what only the makers of a dependency can fix, and not that it does not start', () => {
    const { run, root, folder, config } = rootOf({
      'app/node_modules/fast/build/fast': 'x86_64-glibc-gcc-pie-execstack',
    });
    writeFileSync(
      join(folder, 'root/app/node_modules/fast/package.json'),
      '{"name": "fast", "version": "1.0.0"}',
    );
    assert.equal(run(['init', root]).status, 0);
    const waived = [...config().matchAll(/^ {2}- rule: (.*)\n {4}package: fast$/gm)];
    assert.deepEqual(
      waived.map(([, rule]) => rule),
      ['non-executable-stack'],
    );
    const { counts, policy, gate } = JSON.parse(run([root, '-o', 'json']).stdout);
    assert.deepEqual([counts.waived, policy.notices], [1, []]);
    // It has no loader here, which nobody waives unseen.
    assert.equal(gate.state, 'broken');
  });

  it('needs an image that is there, and overwrites nothing', () => {
    const { run, root } = rootOf({ 'usr/local/bin/app': bad });
    assert.equal(run(['init', 'nowhere.tar']).status, 2);
    assert.equal(run(['init', root]).status, 0);
    assert.match(run(['init', root]).stderr, /there is a hullcheck\.yaml here already/);
  });

  it('is what --explain-gate then explains, which no other format does', () => {
    const { run, root } = rootOf({ 'usr/local/bin/app': bad });
    const { status, stdout } = run([root, '--explain-gate']);
    assert.equal(status, 1);
    assert.match(stdout, /^GATE BROKEN/);
    assert.match(stdout, /yours: \/usr\/local\/bin\/app: /);
    const other = run([root, '--explain-gate', '-o', 'json']);
    assert.equal(other.status, 2);
    assert.match(other.stderr, /--explain-gate is shown by -o text/);
  });
});
