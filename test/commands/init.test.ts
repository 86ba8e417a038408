import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { repositoryRoot } from '../support/repository.ts';

const bad = 'x86_64-glibc-gcc-nopie-bare';
const good = 'x86_64-glibc-gcc-pie-hardened';

/** A folder to run in, and a root next to it that has these samples at these paths. */
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

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ');

/** A path, an address and what an editor reads keep their line. */
const tooLong = (text: string) =>
  text
    .split('\n')
    .filter(
      (line) =>
        line.length > 80 &&
        line.replace(/^#? +/, '').split(' ').length > 2 &&
        !line.includes('$schema='),
    );

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
    name: 'a runtime that was unpacked is proposed in a comment: its name vouches for nothing',
    files: { 'usr/local/bin/node': bad, 'usr/local/bin/app': bad },
    says: [/^# dependencies:\n# {3}- name: node\n# {5}path:\n# {7}- \/usr\/local\/bin\/node$/m],
    saysNot: [/^dependencies:/m],
    want: { '/usr/local/bin/node': 'yours', '/usr/local/bin/app': 'yours' },
  },
  {
    name: 'a JDK is proposed by its own files, not by the folder that it lies in',
    files: {
      'opt/java/lib/server/libjvm.so': good,
      'opt/java/bin/java': good,
      'opt/java/bin/app': bad,
    },
    says: [/^# {3}- name: openjdk/m, /^# {7}- "\/opt\/java\/bin\/\{java/m],
    saysNot: [/^dependencies:/m],
    want: {
      '/opt/java/lib/server/libjvm.so': 'yours',
      '/opt/java/bin/java': 'yours',
      '/opt/java/bin/app': 'yours',
    },
  },
  {
    name: 'a sign that lies in a folder of yours makes nothing a dependency',
    files: { 'app/chrome_crashpad_handler': good, 'app/server': bad },
    says: [/^# {3}- name: chromium/m],
    saysNot: [/^dependencies:/m],
    want: { '/app/chrome_crashpad_handler': 'yours', '/app/server': 'yours' },
  },
  {
    name: 'a path with signs of globs is that path alone',
    files: { 'opt/[ab]{1}/bin/node': bad, 'opt/a1/bin/app': bad },
    says: [/^# {3}- name: node/m],
    want: { '/opt/[ab]{1}/bin/node': 'yours', '/opt/a1/bin/app': 'yours' },
  },
  {
    name: 'yours is never waived, and what breaks the gate is named',
    files: { 'usr/local/bin/app': bad },
    says: [
      /^# Written for [^:]+:[^:]+the\s(?:# )?gate\s(?:# )?is\s(?:# )?broken/m,
      /^# {3}\/usr\/local\/bin\/app: .*pie/m,
    ],
    saysNot: [/^waivers:/m, /^dependencies:/m],
    want: { '/usr/local/bin/app': 'yours' },
  },
];

const lib = 'x86_64-glibc-gcc-lib-bare';
const pip = (name: string, tag: string) => {
  const info = `usr/lib/python3.11/site-packages/${name}-1.2.0.dist-info`;
  return {
    [`${info}/RECORD`]: `${name}/_core.so,,\n`,
    [`${info}/INSTALLER`]: 'pip\n',
    [`${info}/WHEEL`]: `Wheel-Version: 1.0\nTag: cp311-cp311-${tag}\n`,
  };
};
const npm = (resolved: string) => ({
  'app/node_modules/@acme/native/package.json': '{"name": "@acme/native", "version": "2.0.0"}',
  'app/node_modules/.package-lock.json': JSON.stringify({
    packages: { 'node_modules/@acme/native': { version: '2.0.0', resolved } },
  }),
});
const conda = (url: string) => ({
  'opt/env/conda-meta/fast-1.0-0.json': JSON.stringify({
    name: 'fast',
    version: '1.0',
    url,
    files: ['lib/fast.so'],
  }),
});

/** Own packages that languages' managers brought, as whose the configuration of `init` has them. */
const claimed = [
  {
    name: 'a wheel that was built for one system is proposed as yours: no public index takes it',
    path: 'usr/lib/python3.11/site-packages/acme_fast/_core.so',
    texts: pip('acme_fast', 'linux_x86_64'),
    whose: 'yours',
    says: /^yours:\n {2}- package: acme-fast\n {4}reason: "its wheel was built for one system/m,
  },
  {
    name: 'a wheel that was built to run everywhere is named as one that may be yours',
    path: 'usr/lib/python3.11/site-packages/acme_fast/_core.so',
    texts: pip('acme_fast', 'manylinux_2_17_x86_64'),
    whose: 'dependency',
    says: /^# These count as dependencies, .*\n(?:# .*\n)*# .*acme-fast$/m,
  },
  {
    name: 'a module of a registry of your own is proposed as yours',
    path: 'app/node_modules/@acme/native/prebuilds/linux-x64/native.node',
    texts: npm('https://npm.acme.example/@acme/native/-/native-2.0.0.tgz'),
    whose: 'yours',
    says: /^yours:\n {2}- package: "@acme\/native"\n {4}reason: "npm got it from npm\.acme\.example/m,
  },
  {
    name: 'a module of a repository of sources is proposed as yours',
    path: 'app/node_modules/@acme/native/build/Release/native.node',
    texts: npm('git+ssh://git@git.acme.example/acme/native.git#0123456'),
    whose: 'yours',
    says: /^yours:\n {2}- package: "@acme\/native"$/m,
  },
  {
    name: 'a module of the public registry stays a dependency',
    path: 'app/node_modules/@acme/native/prebuilds/linux-x64/native.node',
    texts: npm('https://registry.npmjs.org/@acme/native/-/native-2.0.0.tgz'),
    whose: 'dependency',
    says: /@acme\/native$/m,
  },
  {
    name: 'a package of a channel of your own is proposed as yours',
    path: 'opt/env/lib/fast.so',
    texts: conda('https://conda.acme.example/linux-64/fast-1.0-0.conda'),
    whose: 'yours',
    says: /^yours:\n {2}- package: fast\n {4}reason: "conda got it from conda\.acme\.example/m,
  },
  {
    name: 'a package of the public channel stays a dependency',
    path: 'opt/env/lib/fast.so',
    texts: conda('https://conda.anaconda.org/conda-forge/linux-64/fast-1.0-0.conda'),
    whose: 'dependency',
    says: /: fast$/m,
  },
];

describe('hullcheck init IMAGE', () => {
  for (const { name, path, texts, whose, says } of claimed)
    it(name, () => {
      const { run, root, folder, config } = rootOf({ [path]: lib });
      for (const [file, text] of Object.entries(texts)) {
        mkdirSync(join(folder, 'root', dirname(file)), { recursive: true });
        writeFileSync(join(folder, 'root', file), text);
      }
      const before = JSON.parse(run([root, '-o', 'json']).stdout).targets[0].binaries[0];
      assert.equal(before.facts.ownership.value.whose, 'dependency');
      const { stdout } = run(['init', root]);
      assert.match(config(), says);
      assert.deepEqual(tooLong(`${stdout}${config()}`), []);
      const after = run([root, '-o', 'json', '--fail-on', 'stack-protector']);
      const [binary] = JSON.parse(after.stdout).targets[0].binaries;
      assert.equal(binary.facts.ownership.value.whose, whose);
      assert.equal(after.status, whose === 'yours' ? 1 : 0, 'the gate counts what is yours');
    });

  for (const { name, files, says, saysNot = [], want } of table)
    it(`${name}`, () => {
      const { run, root, config } = rootOf(files);
      const { status, stdout, stderr } = run(['init', root]);
      assert.equal(status, 0, stderr);
      assert.deepEqual(tooLong(`${stdout}${config()}`), []);
      for (const each of says) assert.match(config(), each);
      for (const each of saysNot) assert.doesNotMatch(config(), each);
      const { targets, policy, gate } = JSON.parse(run([root, '-o', 'json']).stdout);
      const owners = targets[0].binaries.map((each: Record<string, unknown>) => [
        each['path'],
        (each['facts'] as { ownership: { value: { whose: string } } }).ownership.value.whose,
      ]);
      assert.deepEqual(Object.fromEntries(owners), want);
      assert.deepEqual(policy.notices, [], 'every entry matches');
      assert.ok(oneLine(stdout).includes(gate.because), `${stdout}\n${gate.because}`);
    });

  for (const profile of ['strict', 'openssf'])
    it(`the gate of ${profile} is the one that a scan then has`, () => {
      const { run, root } = rootOf({
        'usr/local/bin/app': 'x86_64-musl-gcc-staticpie-strong-stripped',
      });
      const { status, stdout, stderr } = run(['init', root, '--profile', profile]);
      assert.equal(status, 0, stderr);
      const { gate } = JSON.parse(run([root, '-o', 'json']).stdout);
      assert.ok(oneLine(stdout).includes(gate.because), `${stdout}\n${gate.because}`);
    });

  it('writes a name that would be more than a string of YAML as that string', () => {
    const { run, root, folder, config } = rootOf({ "opt/a: # 'b\n- c/bin/node": bad });
    const isDependency = () => run([root, '-o', 'json']).stdout.includes('"whose":"dependency"');
    assert.equal(run(['init', root]).status, 0);
    assert.equal(run(['config']).status, 0, config());
    assert.ok(!isDependency(), config());
    const [before = '', proposed = ''] = config().split(
      'Uncomment only those that others built.\n',
    );
    const [block = '', after = ''] = proposed.split('\n# What you build');
    const taken = `${before}\n${block.replace(/^# /gm, '')}\n# What you build${after}`;
    writeFileSync(join(folder, 'work/hullcheck.yaml'), taken);
    assert.ok(isDependency(), config());
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
    assert.equal(counts.waived, 1);
    assert.match(
      policy.notices.join('\n'),
      /^the waiver of \S+ at \S+ rests on lists of package managers of languages[^\n]*$/,
    );
    // It has no loader here, and that is never waived unseen.
    assert.equal(gate.state, 'broken');
  });

  it('proposes as yours what no distribution and no known vendor packaged', () => {
    const { run, root, folder, config } = rootOf({
      'usr/sbin/acmed': bad,
      'usr/bin/docker': bad,
      'bin/sh': good,
    });
    const md5 = (path: string) =>
      createHash('md5')
        .update(readFileSync(join(folder, 'root', path)))
        .digest('hex');
    const info = join(folder, 'root/var/lib/dpkg/info');
    mkdirSync(info, { recursive: true });
    const stanzas = [
      ['acmed', 'usr/sbin/acmed', '1.0', 'me <me@acme.example>'],
      ['docker', 'usr/bin/docker', '5:27.0.3-1~bookworm', 'Docker <support@docker.com>'],
      ['dash', 'bin/sh', '0.5-1', 'Andrej <andrewsh@debian.org>'],
    ].map(([name, path = '', version, maintainer]) => {
      writeFileSync(join(info, `${name}.list`), `/${path}\n`);
      writeFileSync(join(info, `${name}.md5sums`), `${md5(path)}  ${path}\n`);
      return `Package: ${name}\nStatus: install ok installed\nMaintainer: ${maintainer}\nArchitecture: amd64\nVersion: ${version}\n`;
    });
    writeFileSync(join(folder, 'root/var/lib/dpkg/status'), stanzas.join('\n'));
    const { stdout } = run(['init', root]);
    assert.match(stdout, /1 package proposed as yours \(acmed\)/);
    assert.match(config(), /^yours:\n {2}- package: acmed\n {4}reason: /m);
    assert.doesNotMatch(config(), /- package: (?:docker|dash)/);
    const { gate, targets } = JSON.parse(run([root, '-o', 'json']).stdout);
    const owners = targets[0].binaries.map(
      (each: { path: string; facts: { ownership: { value: { whose: string } } } }) =>
        `${each.path} ${each.facts.ownership.value.whose}`,
    );
    assert.deepEqual(owners, [
      '/bin/sh distribution',
      '/usr/bin/docker dependency',
      '/usr/sbin/acmed yours',
    ]);
    assert.ok(oneLine(stdout).includes(gate.because), stdout);
  });

  it('--yours says the same on the command line', () => {
    const { run, root, folder } = rootOf({
      'app/node_modules/fast/build/fast.node': 'x86_64-glibc-gcc-lib-bare',
    });
    writeFileSync(
      join(folder, 'root/app/node_modules/fast/package.json'),
      '{"name": "fast", "version": "1.0.0"}',
    );
    const scan = (...more: readonly string[]) =>
      run([root, '--fail-on', 'stack-protector', ...more]);
    assert.equal(scan().status, 0);
    for (const word of ['fast', 'pkg:npm/fast', '/app/**'])
      assert.equal(scan('--yours', word).status, 1, word);
    const { status, stdout } = scan('--yours', 'fsat');
    assert.equal(status, 0);
    assert.match(
      stdout.replaceAll(/\s+/g, ' '),
      /package fsat, which --yours says is yours, matches no file/,
    );
    assert.match(run(['config', '--yours', 'fast']).stdout, /^yours: fast +# --yours$/m);
  });

  it('needs an image that is there, and overwrites nothing', () => {
    const { run, root } = rootOf({ 'usr/local/bin/app': bad });
    assert.equal(run(['init', 'nowhere.tar']).status, 2);
    assert.equal(run(['init', root]).status, 0);
    assert.match(run(['init', root]).stderr, /hullcheck\.yaml already exists in this folder/);
  });

  it('is what --explain-gate then explains, which no other format does', () => {
    const { run, root } = rootOf({ 'usr/local/bin/app': bad });
    const { status, stdout } = run([root, '--explain-gate']);
    assert.equal(status, 1);
    assert.match(stdout, /^GATE BROKEN/);
    assert.match(stdout, /yours: \/usr\/local\/bin\/app: /);
    const other = run([root, '--explain-gate', '-o', 'json']);
    assert.equal(other.status, 2);
    assert.match(other.stderr, /--explain-gate requires the text format/);
  });
});
