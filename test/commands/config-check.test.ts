import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { folderWith } from '../support/policy/folder-with.ts';
import { repositoryRoot } from '../support/repository.ts';

const image = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');

/** By the schema that SARIF's own tools have. */
const multitool = dirname(createRequire(import.meta.url).resolve('@microsoft/sarif-multitool-ts'));
const sarifSchema = readFileSync(join(multitool, '../assets/sarif-2.1.0.schema.json'), 'utf8');

function sarifProblems(document: unknown) {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(JSON.parse(sarifSchema));
  validate(document);
  return validate.errors ?? [];
}

interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly want: RegExp;
}

const cases: readonly Case[] = [
  {
    name: 'ends are past by the day that --date gives',
    files: {
      'hullcheck.yaml':
        'waivers: [{rule: pie, path: /a, reason: x, created: 2035-01-01, expires: 2035-03-01}]\n',
    },
    words: ['--date', '2035-04-01'],
    status: 1,
    want: /it ended on 2035-03-01 .*today is 2035-04-01/,
  },
  {
    name: 'what lies outside of the repository and has no digest is refused, as by a scan',
    files: {
      '.git/HEAD': '',
      'hullcheck.yaml': 'extends: ../outer.yaml\n',
      '../outer.yaml': 'profile: alpine\n',
    },
    status: 2,
    want: /error: \.\.\/outer\.yaml is in a folder above this folder.* not in a repository/,
  },
  {
    name: 'each setting that gives way to the policy of the job is listed with its place',
    files: {
      '.git/HEAD': '',
      'new.yaml': 'gate: {fail-on: medium, maximum: {low: 3}}\nlocked: gate\n',
      'old.yaml': 'gate: {fail-on: high, maximum: {low: 9}}\nlocked: gate\n',
      'hullcheck.yaml': 'extends: old.yaml\n',
    },
    env: { HULLCHECK_EXTENDS: 'new.yaml' },
    status: 1,
    want: /old\.yaml:1:8: warning: gate\.fail-on high .* gives way to it\n.*old\.yaml:1:\d+: warning: gate\.maximum\.low 9 /,
  },
  {
    name: 'a file without mistakes is 0',
    files: { 'hullcheck.yaml': 'profile: alpine\n' },
    status: 0,
    want: /^hullcheck\.yaml: nothing found\n$/,
  },
  {
    name: 'warnings alone are 1',
    files: { 'hullcheck.yaml': 'rules: {pie: off}\n' },
    status: 1,
    want: /^hullcheck\.yaml:1:14: warning: pie is off without a reason.*\nhullcheck\.yaml: 1 warning\n$/,
  },
  {
    name: 'errors are 2, with all of them',
    files: { 'hullcheck.yaml': 'rules: {PIE: of}\nwaivers: x\n' },
    status: 2,
    want: /1:9: error: .* pie\?\n.*1:14: error: .* off\?\n.*2:10: error: .*\nhullcheck\.yaml: 3 errors\n$/,
  },
  {
    name: 'a folder without a file checks nothing, which is an error',
    files: { '.git/x': '', 'organisation.yaml': 'profile: alpine\n' },
    status: 2,
    want: /^configuration: error: there is none for this folder, .*name the files.*\nno configuration file\n$/,
  },
  {
    name: 'a folder without a file checks what the environment extends',
    files: { '.git/x': '', 'organisation.yaml': 'profile: alpine\n' },
    env: { HULLCHECK_EXTENDS: 'organisation.yaml' },
    status: 0,
    want: /^organisation\.yaml: nothing found\n$/,
  },
  {
    name: 'what a named file extends and is not there is an error at its place',
    files: { 'a.yaml': 'extends: org.yaml\n' },
    words: ['a.yaml'],
    status: 2,
    want: /^a\.yaml:1:10: error: .*org\.yaml/,
  },
  {
    name: 'a lock of what a named file extends is an error at the place that breaks it',
    files: {
      'org.yaml': 'gate: {fail-on: low}\nlocked: gate\n',
      'a.yaml': 'extends: org.yaml\ngate: {fail-on: high}\n',
    },
    words: ['org.yaml', 'a.yaml'],
    status: 2,
    want: /^a\.yaml:2:8: error: gate\.fail-on is locked at low by org\.yaml:2:9\n2 files: 1 error\n$/,
  },
  {
    name: 'limits of what a named file extends hold for its waivers',
    files: {
      'org.yaml': 'waivers: {ticket: required}\n',
      'a.yaml': 'extends: org.yaml\nwaivers: [{rule: pie, path: /a, reason: x}]\n',
    },
    words: ['a.yaml'],
    status: 1,
    want: /^a\.yaml:2:11: warning: the waiver has no effect: it has no ticket/m,
  },
  {
    name: 'a condition of a rule that is off is an error at its place, as in a run',
    files: {
      'a.yaml': 'rules: {pie: {level: off, reason: x}}\ngate:\n  fail-on: [high, pie]\n',
    },
    words: ['a.yaml'],
    status: 2,
    want: /^a\.yaml:3:3: error: a\.yaml sets fail-on pie, but a\.yaml switches pie off/,
  },
  {
    name: 'an unreadable file hides no mistake of what another extends',
    files: { 'a.yaml': 'profil: x\n', 'b.yaml': 'extends: org.yaml\n' },
    words: ['a.yaml', 'b.yaml'],
    status: 2,
    want: /^a\.yaml:1:1: error: .*\nb\.yaml:1:10: error: .*org\.yaml/,
  },
  {
    name: 'a truth in other words is answered with the word for it',
    files: { 'a.yaml': 'gate: {required: yes}\n' },
    words: ['a.yaml'],
    status: 2,
    want: /^a\.yaml:1:18: error: "yes" is not allowed here, .*: write true\n/,
  },
  {
    name: 'a waiver that ends before it begins is a warning',
    files: {
      'a.yaml':
        'waivers: [{rule: pie, path: /a, reason: x, created: 2027-05-01, expires: 2027-01-01}]\n',
    },
    words: ['a.yaml'],
    status: 1,
    want: /warning: it ends on 2027-01-01, before it begins on 2027-05-01/,
  },
  {
    name: 'an image that is named as an address matches nothing',
    files: { 'a.yaml': 'images: [{image: "http://ghcr.io/acme/x", profile: alpine}]\n' },
    words: ['a.yaml'],
    status: 1,
    want: /^a\.yaml:1:18: warning: .* matches nothing: .*Did you mean ghcr\.io\/acme\/x\?/,
  },
  {
    name: 'all entries of a baseline of another form are named',
    files: {
      'a.yaml': 'baseline: k.json\n',
      'k.json':
        '{"type":"hullcheck-baseline","version":"1","findings":[{"rule":1,"path":"/a","package":null,"buildId":null},{"rule":"pie","path":2,"package":null,"buildId":null}]}\n',
    },
    words: ['a.yaml'],
    status: 2,
    want: /^a\.yaml:1:1: error: .*0.*rule.*\na\.yaml:1:1: error: .*1.*path/,
  },
  {
    name: 'every mistake of a baseline is at the place that names it',
    files: {
      'a.yaml': 'profile: auto\nbaseline: k.json\n',
      'k.json':
        '{"type":"hullcheck-baseline","version":"1","findings":[\n{"rule":"piee","path":"/a","package":null,"buildId":null},\n{"rule":"relroo","path":"/a","package":null,"buildId":null}\n]}\n',
    },
    words: ['a.yaml'],
    status: 2,
    want: /^a\.yaml:2:1: error: k\.json: line 2: "piee" .*\na\.yaml:2:1: error: k\.json: line 3: "relroo" /,
  },
  {
    name: 'a file that is named and is not there is an error',
    files: { '.git/x': '' },
    words: ['x.yaml'],
    status: 2,
    want: /^x\.yaml:1:1: error: there is no such file$/m,
  },
  {
    name: 'several files are checked in one run',
    files: { 'a.yaml': 'profil: x\n', 'b.json': '{"profile": "alpine",}\n' },
    words: ['a.yaml', 'b.json'],
    status: 2,
    want: /^a\.yaml:1:1: error: .*\nb\.json:1:21: error: .*\n2 files: 2 errors\n$/,
  },
  {
    name: 'the files of all folders in force are checked',
    files: {
      '.git/x': '',
      'hullcheck.yaml': 'rules: {pie: off}\n',
      'here/package.json': '{"hullcheck": {"profil": 1}}\n',
    },
    words: [],
    status: 2,
    want: /^\.\.\/hullcheck\.yaml:1:14: warning: .*\npackage\.json:1:16: error: /,
  },
  {
    name: 'a name that is not read is an error',
    files: { '.git/x': '', 'hullcheck.yml': 'profile: alpine\n' },
    status: 2,
    want: /error: hullcheck\.yml is not read: rename it to hullcheck\.yaml/,
  },
  {
    name: 'a file of TOML is not read, and is an error',
    files: { '.git/x': '', 'hullcheck.toml': 'profile = "alpine"\n' },
    status: 2,
    want: /^(?:\.\.\/)?hullcheck\.toml:1:1: error: TOML is not read: write the settings as YAML or JSON/,
  },
  {
    name: 'a lock that a nearer file breaks is an error',
    files: {
      '.git/x': '',
      'hullcheck.yaml': 'gate: {fail-on: low}\nlocked: gate\n',
      'here/hullcheck.yaml': 'gate: {fail-on: high}\n',
    },
    status: 2,
    want: /error: .*gate\.fail-on is locked at low/,
  },
  {
    name: 'a waiver beyond the limits of its file is a warning',
    files: {
      'a.yaml':
        'waivers:\n  owner: required\n  at-most: 30d\n  entries:\n    - {rule: pie, path: /a, reason: x, expires: 2031-01-01, created: 2026-11-01}\n    - {rule: pie, path: /b, reason: x, expires: 2026-11-30, created: 2026-11-01, owner: me}\n',
    },
    words: ['a.yaml'],
    status: 1,
    want: /^a\.yaml:5:7: warning: the waiver has no effect: .*it has no owner/m,
  },
  {
    name: 'a waiver beyond the limits of a file above is a warning',
    files: {
      '.git/x': '',
      'hullcheck.yaml': 'waivers: {ticket: required}\n',
      'here/hullcheck.yaml': 'waivers: [{rule: pie, path: /a, reason: x}]\n',
    },
    status: 1,
    want: /^hullcheck\.yaml:1:11: warning: the waiver has no effect: it has no ticket/m,
  },
  {
    name: 'what it extends and is not there is an error at its place',
    files: { 'hullcheck.yaml': 'extends: org.yaml\n' },
    status: 2,
    want: /hullcheck\.yaml:1:10: error: .*org\.yaml/,
  },
  {
    name: 'a baseline that is not there is one error at its place',
    files: { 'hullcheck.yaml': 'profile: auto\nbaseline: none.json\n' },
    words: ['hullcheck.yaml'],
    status: 2,
    want: /^hullcheck\.yaml:2:\d+: error: there is no baseline none\.json\nhullcheck\.yaml: 1 error\n$/,
  },
  {
    name: 'a baseline in force that is not there is one error at its place, and hides no lock',
    files: {
      '.git/x': '',
      'org.yaml': 'gate: {fail-on: low}\nlocked: gate\n',
      'hullcheck.yaml': 'extends: org.yaml\nbaseline: none.json\ngate: {fail-on: high}\n',
    },
    status: 2,
    want: /^hullcheck\.yaml:2:\d+: error: there is no baseline none\.json\nhullcheck\.yaml:3:8: error: gate.fail-on is locked .*\nhullcheck\.yaml: 2 errors\n$/,
  },
  {
    name: 'a file that is too large is an error, with the limits',
    files: { 'a.yaml': '#'.repeat(5_000_000) },
    words: ['a.yaml'],
    status: 2,
    want: /^a\.yaml:1:1: error: the file has 5,000,000 bytes; at most 2 MiB/,
  },
  {
    name: 'characters that change the direction are escaped',
    files: { 'hullcheck.yaml': '"\\u202eprofile": alpine\n' },
    status: 2,
    want: /there is no setting "\\u\{202e\}profile"/,
  },
];

describe('config --check reports all mistakes without a scan', () => {
  for (const { name, files, words = [], env = {}, status, want } of cases)
    it(name, () => {
      const folder = folderWith(files);
      const isBelow = Object.keys(files).some((file) => file.startsWith('here/'));
      const run = hullcheckIn(isBelow ? join(folder, 'here') : folder);
      const { stdout, stderr, ...ended } = run(['config', '--check', ...words], env);
      assert.equal(stderr, '');
      assert.match(stdout, want);
      assert.equal(ended.status, status);
    });

  it('writes JSON, SARIF and annotations of what it found', () => {
    const folder = folderWith({ 'a b.yaml': 'rules:\n  PIE: low\n  relro: off\n' });
    const run = hullcheckIn(folder);
    const of = (format: string) =>
      run(['config', '--check', 'a b.yaml', '--format', format]).stdout;
    assert.deepEqual(JSON.parse(of('json')), {
      type: 'hullcheck-config-check',
      version: '1',
      files: ['a b.yaml'],
      errors: 1,
      warnings: 1,
      remarks: [
        {
          ...{ file: 'a b.yaml', line: 2, column: 3, origin: null, level: 'error', id: 'mistake' },
          message: '"PIE" is not a rule; did you mean pie?',
        },
        {
          ...{
            file: 'a b.yaml',
            line: 3,
            column: 10,
            origin: null,
            level: 'warning',
            id: 'no-reason',
          },
          message: 'relro is off without a reason: write {level: off, reason: ...}',
        },
      ],
    });
    assert.equal(
      of('github'),
      [
        '::error file=a b.yaml,line=2,col=3,title=hullcheck%3A mistake::"PIE" is not a rule; did you mean pie?',
        '::warning file=a b.yaml,line=3,col=10,title=hullcheck%3A no-reason::relro is off without a reason: write {level: off, reason: ...}',
        '::notice title=hullcheck::a b.yaml: 1 error and 1 warning\n',
      ].join('\n'),
    );
    const sarif = JSON.parse(of('sarif'));
    const [first] = sarif.runs[0].results;
    assert.deepEqual(sarifProblems(sarif), []);
    assert.deepEqual(first.locations, [
      {
        physicalLocation: {
          artifactLocation: { uri: 'a%20b.yaml' },
          region: { startLine: 2, startColumn: 3 },
        },
      },
    ]);
    assert.equal(sarif.runs[0].tool.driver.rules[first.ruleIndex].id, 'mistake');
  });

  it('annotates the line that breaks a lock', () => {
    const folder = folderWith({
      '.git/x': '',
      'org.yaml': 'gate: {fail-on: low}\nlocked: gate\n',
      'hullcheck.yaml': 'extends: org.yaml\ngate: {fail-on: high}\n',
    });
    const { stdout } = hullcheckIn(folder)(['config', '--check', '--format', 'github']);
    assert.match(
      stdout,
      /^::error file=hullcheck\.yaml,line=2,col=8,title=.*::gate\.fail-on is locked/,
    );
  });

  it('warns of what files say that the checked one extends', () => {
    const folder = folderWith({
      'app/hullcheck.yaml': 'extends: ../org.yaml\ngate: {fail-on: low}\n',
      'org.yaml': 'extends: ./base.yaml\ngate: {fail-on: medium}\nrules: {pie: off}\n',
      'base.yaml': 'exclude: [/opt]\n',
      'job.yaml': 'rules: {relro: off}\n',
    });
    const args = ['config', '--check', 'app/hullcheck.yaml', '--format', 'json'];
    const { stdout, status } = hullcheckIn(folder)([...args, '--extends', 'job.yaml']);
    const { remarks } = JSON.parse(stdout) as {
      readonly remarks: readonly { readonly file: string; readonly id: string }[];
    };
    assert.equal(status, 1, stdout);
    // What the job names is not what the file extends.
    assert.deepEqual(remarks.map(({ file, id }) => `${file} ${id}`).toSorted(), [
      'base.yaml matches-nothing',
      'org.yaml no-reason',
    ]);
  });

  it('names what selects nothing in a saved report, with what is spelled most like it', () => {
    const folder = folderWith({
      'hullcheck.yaml': [
        'exclude: [/usr/local/bin/improt]',
        'waivers:',
        '  - {rule: pie, path: /usr/local/bin/improt, reason: x}',
        '  - {rule: pie, package: zlibb, reason: x}',
        '  - {rule: pie, path: /usr/local/bin/import, reason: x}',
        '  - {rule: one-libc, path: /usr/local/bin/import, reason: x}',
        'overrides:',
        '  - {path: /nowhere, rules: {pie: low}}',
        'dependencies:',
        '  - {name: n, path: usr/local/bin/import, reason: x}',
        'yours: [busyboxx, musl]',
        'images: [{image: ["**", acme/legcy], profile: alpine}]',
        '',
      ].join('\n'),
    });
    const run = hullcheckIn(folder);
    const report = join(folderWith({}), 'app.json');
    hullcheckIn(dirname(report))([image, '--output', `json=${report}`]);
    const checked = ['config', '--check', 'hullcheck.yaml', '--against', report];
    const { stdout } = run([...checked, '--format', 'json']);
    const remarks: readonly {
      readonly id: string;
      readonly line: number;
      readonly message: string;
    }[] = JSON.parse(stdout).remarks;
    const unmatched = remarks.filter(({ id }) => id === 'unmatched');
    assert.deepEqual(
      unmatched.map(({ line, message }) => `${line} ${message}`),
      [
        '1 this leaves out no file of the reports, unless they were made with it; did you mean /usr/local/bin/import?',
        '3 this selects no file of the reports; did you mean /usr/local/bin/import?',
        '4 this selects no file of the reports',
        '6 this selects one file of the reports, and no finding of the rule is there',
        '8 this selects no file of the reports',
        '10 this selects no file of the reports; did you mean /usr/local/bin/import?',
        '11 this selects no file of the reports; did you mean busybox?',
        '12 "acme/legcy" is the name of no image of the reports',
      ],
    );
  });
});

describe('config --format json shows the effective settings', () => {
  it('each with its name, value and origin', () => {
    const folder = folderWith({ 'hullcheck.yaml': 'profile: alpine\n' });
    const { stdout } = hullcheckIn(folder)(['config', '--format', 'json', '--fail-on', 'low']);
    const { file, settings } = JSON.parse(stdout);
    assert.equal(file, 'hullcheck.yaml');
    for (const want of [
      { name: 'profile', value: 'alpine', from: 'hullcheck.yaml' },
      { name: 'gate.fail-on', value: ['low'], from: '--fail-on' },
    ]) {
      const found = settings.find(({ name }: { readonly name: string }) => name === want.name);
      const { name, value, from } = found;
      assert.deepEqual({ name, value, from }, want);
    }
  });
});
