import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
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
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { formats } from '../../src/index.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { repositoryRoot } from '../support/repository.ts';

const scratch = mkdtempSync(join(tmpdir(), 'hullcheck-plugins-'));
after(() => rmSync(scratch, { recursive: true }));
const sample = (name: string) => join(repositoryRoot, 'samples/elf', name);

type Files = Readonly<Record<string, string>>;
let count = 0;

/** A repository with a program `app` and these files. */
function repository(files: Files) {
  count += 1;
  const folder = join(scratch, String(count));
  for (const [name, text] of Object.entries({ '.git/HEAD': '', ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  copyFileSync(sample('x86_64-glibc-gcc-pie-hardened'), join(folder, 'app'));
  const hullcheck = hullcheckIn(folder);
  return {
    folder,
    run: (...argv: string[]) => hullcheck([...argv, '--cache-dir', join(folder, '.cache')]),
    /** Without a cache. */
    plain: (...argv: string[]) => hullcheck(argv),
  };
}

const rule = (check: string, id = 'acme/no-libc') => `
import { defineRule, fail, pass } from 'hullcheck/rule';
export default defineRule({
  id: '${id}', title: 'Nothing needs a C library', severity: 'high', rationale: 'Boards have none.',
  remediation: 'Leave it out.', needs: ['needed'], samples: { fail: ['../app'] }, check: ${check},
});`;
const failing = rule(
  "({ needed }) => fail('it needs libc', needed.map((saw) => ({ what: 'DT_NEEDED', saw })))",
);
const passing = rule("() => pass('fine')");
const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');
const named = 'plugins: [./rules/x.mjs]\n';

test('a rule of a plug-in breaks the gate, and is in every format', () => {
  const { run, folder } = repository({ 'hullcheck.yaml': named, 'rules/x.mjs': failing });
  const outputs = formats.flatMap((format) => ['-o', `${format}=out.${format}`]);
  const { status, stderr } = run('app', '--rule', 'acme/no-libc', '--all', ...outputs);
  assert.equal(status, 1, stderr);
  for (const format of formats)
    assert.match(readFileSync(join(folder, `out.${format}`), 'utf8'), /acme\/no-libc/, format);
  const read = (format: string) => JSON.parse(readFileSync(join(folder, `out.${format}`), 'utf8'));
  const [sarifRule] = read('sarif').runs[0].tool.driver.rules;
  assert.equal(sarifRule.name, 'AcmeNoLibc');
  assert.match(sarifRule.help.markdown, /Boards have none/);
  assert.deepEqual(read('json').policy.files.at(-1), {
    ...{ role: 'plugin', name: 'rules/x.mjs', sha256: digestOf(failing), how: 'named' },
  });
  assert.match(readFileSync(join(folder, 'out.html'), 'utf8'), /Boards have none/);
});

test('levels, waivers, the baseline, conditions and saved reports take its ID', () => {
  const { plain, folder } = repository({ 'hullcheck.yaml': named, 'rules/x.mjs': failing });
  assert.equal(plain('app', '-o', 'json=app.json').status, 1);
  const policies = {
    'off.yaml': `${named}rules: {acme/no-libc: off}\n`,
    'waived.yaml': `${named}waivers: [{rule: acme/no-libc, path: '**', reason: known}]\n`,
    'lower.yaml': `${named}overrides: [{path: '**', rules: {acme/no-libc: low}}]\n`,
  };
  for (const [name, text] of Object.entries(policies)) {
    writeFileSync(join(folder, name), text);
    assert.equal(plain('app', '--config', name).status, 0, name);
    assert.equal(plain('judge', 'app.json', '--config', name).status, 0, name);
  }
  assert.equal(plain('baseline', 'app.json', '--to', 'known.json').status, 0);
  assert.equal(plain('app', '--baseline', 'known.json').status, 0);
  assert.equal(plain('app', '--fail-on', 'none', '--coverage', 'acme/no-libc=1').status, 1);
  assert.equal(plain('waive', 'acme/no-libc', '--path', '**', '--reason', 'known').status, 0);
  assert.equal(plain('app').status, 0);
  assert.match(
    plain('explain', 'acme/no-libc').stdout,
    /Boards have none[\s\S]*From rules\/x\.mjs/,
  );
  assert.match(plain('rules').stdout, /high +acme\/no-libc +Nothing needs a C library/);
  assert.match(plain('config').stdout, /^plugins: \.\/rules\/x\.mjs +# hullcheck\.yaml/m);
  assert.equal(plain('config', '--check').stdout, 'hullcheck.yaml: nothing found\n');
  assert.match(plain('convert', 'app.json', '-o', 'sarif').stdout, /Boards have none/);
});

test('a report without its plug-in is still read, converted and judged', () => {
  const { plain, folder } = repository({ 'hullcheck.yaml': named, 'rules/x.mjs': failing });
  plain('app', '-o', 'json=app.json');
  writeFileSync(join(folder, 'hullcheck.yaml'), 'gate: {fail-on: none}\n');
  assert.equal(plain('convert', 'app.json', '-o', 'markdown').status, 0);
  assert.equal(plain('judge', 'app.json').status, 0);
});

test('a changed plug-in is another scan: its bytes are in the key of the cache', () => {
  const { run, folder } = repository({ 'hullcheck.yaml': named, 'rules/x.mjs': failing });
  assert.equal(run('app').status, 1);
  assert.equal(run('app').status, 1);
  writeFileSync(join(folder, 'rules/x.mjs'), passing);
  assert.equal(run('app').status, 0);
});

test('one that throws leaves the gate undecided, and the scan whole', () => {
  const throwing = rule("() => { console.log('{}'); throw new Error('broken\\u001b[2J') }");
  const { plain } = repository({ 'hullcheck.yaml': named, 'rules/x.mjs': throwing });
  const { status, stdout } = plain('app');
  assert.equal(status, 3);
  assert.match(stdout, /acme\/no-libc cannot be decided: it threw Error: broken\\x1b\[2J/);
  const { targets, gate } = JSON.parse(plain('app', '-o', 'json').stdout);
  assert.equal(gate.state, 'undecided');
  const outcomes = targets[0].binaries[0].verdicts.map(
    ({ outcome }: { outcome: string }) => outcome,
  );
  assert.ok(outcomes.includes('pass'));
});

test('rules test judges the samples', () => {
  const two = failing.replace("fail: ['../app']", "fail: ['../app'], pass: ['../app', '../gone']");
  const { plain } = repository({
    'hullcheck.yaml': named,
    'rules/x.mjs': failing,
    'rules/y.mjs': two,
  });
  const right = plain('rules', 'test');
  assert.equal(right.status, 0, right.stderr);
  assert.match(
    right.stdout,
    /^ok +acme\/no-libc +\.\.\/app +fail: it needs libc\n1 sample, all right$/m,
  );
  const wrong = plain('rules', 'test', 'rules/y.mjs');
  assert.equal(wrong.status, 1);
  assert.match(
    wrong.stdout,
    /^WRONG +acme\/no-libc +\.\.\/app +fail: it needs libc, expected pass$/m,
  );
  assert.match(wrong.stdout, /^WRONG .*gone/m);
  assert.match(wrong.stdout, /^3 samples, 2 wrong$/m);
  assert.equal(plain('rules', 'test', 'nowhere.mjs').status, 2);
});

const packaged = (about: object): Files => ({
  'hullcheck.yaml': 'plugins: [hullcheck-plugin-acme]\n',
  'node_modules/hullcheck-plugin-acme/package.json': JSON.stringify(about),
  'node_modules/hullcheck-plugin-acme/dist/main.js': failing,
});

for (const about of [
  { main: 'dist/main.js' },
  { exports: './dist/main.js' },
  { exports: { '.': { types: './x.d.ts', import: './dist/main.js' } } },
  { exports: { default: './dist/main.js' } },
])
  test(`a package is the module that its package.json names: ${JSON.stringify(about)}`, () => {
    const { plain } = repository(packaged(about));
    const { status, stderr } = plain('app', '--rule', 'acme/no-libc');
    assert.equal(status, 1, stderr);
  });

const refused: readonly { readonly name: string; readonly files: Files; readonly why: RegExp }[] = [
  {
    name: 'a file that is not there',
    files: { 'hullcheck.yaml': named },
    why: /hullcheck\.yaml:1:11: there is no file \.\/rules\/x\.mjs for a plug-in/,
  },
  {
    name: 'a package that is not there',
    files: { 'hullcheck.yaml': 'plugins: hullcheck-plugin-acme\n' },
    why: /no node_modules here or above has a package hullcheck-plugin-acme/,
  },
  {
    name: 'a package whose module lies outside of it',
    files: packaged({ main: '../../rules/x.mjs' }),
    why: /the module of hullcheck-plugin-acme lies outside of it/,
  },
  {
    name: 'a name that is neither',
    files: { 'hullcheck.yaml': 'plugins: [rules/x.mjs]\n' },
    why: /"rules\/x\.mjs" is neither a file \(\.\/NAME\.mjs\) nor a package of npm/,
  },
  {
    name: 'another content than its digest',
    files: {
      'hullcheck.yaml': `plugins: ['./rules/x.mjs@sha256:${'0'.repeat(64)}']\n`,
      'rules/x.mjs': passing,
    },
    why: /\.\/rules\/x\.mjs has the sha256 [0-9a-f]{64}, expected 0{64}/,
  },
  {
    name: '10 MB',
    files: { 'hullcheck.yaml': named, 'rules/x.mjs': `// ${'x'.repeat(1e7)}` },
    why: /has 10000003 bytes, expected at most 1048576/,
  },
  {
    name: 'two plug-ins with one ID',
    files: {
      'hullcheck.yaml': 'plugins: [./a.mjs, ./b.mjs]\n',
      'a.mjs': passing,
      'b.mjs': failing,
    },
    why: /hullcheck\.yaml:1:20: the plug-ins a\.mjs and b\.mjs both have a rule acme\/no-libc: keep one/,
  },
  {
    name: 'an ID that no plug-in has',
    files: { 'hullcheck.yaml': `${named}rules: {acme/no-lib: off}\n`, 'rules/x.mjs': passing },
    why: /hullcheck\.yaml:2:9: "acme\/no-lib" is not a rule; did you mean acme\/no-libc\?/,
  },
  {
    name: 'an ID without any plug-in',
    files: { 'hullcheck.yaml': 'gate: {fail-on: [acme/no-libc]}\n' },
    why: /hullcheck\.yaml:1:18: "acme\/no-libc" is not allowed here/,
  },
  {
    name: 'a rule that is not valid, with its place',
    files: { 'hullcheck.yaml': named, 'rules/x.mjs': rule("() => pass('x')", 'pie') },
    why: /hullcheck\.yaml:1:11: the plug-in rules\/x\.mjs: a rule has the id "pie"/,
  },
];

for (const { name, files, why } of refused)
  test(`it is a mistake of the configuration: ${name}`, () => {
    const { plain } = repository(files);
    const { status, stderr, stdout } = plain('app');
    assert.equal(status, 2, stdout);
    assert.match(stderr, why);
    const check = plain('config', '--check');
    assert.equal(check.status, 2);
    assert.match(check.stdout.replaceAll(': error: ', ': '), why);
  });

test('a plug-in inside what is scanned is refused', () => {
  const { plain } = repository({
    'hullcheck.yaml': named.replace('rules', 'image'),
    'image/x.mjs': passing,
    'image/etc/os-release': 'ID=x\n',
  });
  const { status, stderr } = plain('dir:image');
  assert.equal(status, 2);
  assert.match(stderr, /the plug-in \.\/image\/x\.mjs is inside dir:image, which is being scanned/);
});

const marker = (folder: string) => join(folder, 'it-ran');
/** A plug-in that would be seen to run. */
const acting = `import { writeFileSync } from 'node:fs';\nwriteFileSync('it-ran', '');\n${passing}`;

const underLock: readonly {
  readonly name: string;
  readonly org: string;
  readonly plugin?: string;
  readonly own?: string;
  readonly why: RegExp | null;
}[] = [
  {
    name: 'a repository adds none to a policy that locks anything',
    org: 'locked: [gate.fail-on]\n',
    why: /the plug-in rules\/x\.mjs is refused: settings are locked by org\/org\.yaml:1:10, and a plug-in is code that can loosen them; accept-plugins: \[sha256:[0-9a-f]{64}\] next to the lock accepts it/,
  },
  {
    name: 'what it accepts itself counts for nothing',
    org: 'locked: [gate]\n',
    own: `${named}accept-plugins: all\n`,
    why: /is refused: settings are locked by org\/org\.yaml/,
  },
  {
    name: 'another digest is not accepted',
    org: `locked: [gate]\naccept-plugins: [sha256:${'0'.repeat(64)}]\n`,
    why: /is refused/,
  },
  {
    name: 'the digest that the policy accepts is',
    org: `locked: [gate]\naccept-plugins: [sha256:${digestOf(acting).toUpperCase()}]\n`,
    why: null,
  },
  { name: 'any, where it accepts all', org: 'locked: [gate]\naccept-plugins: all\n', why: null },
  { name: 'any, where nothing is locked', org: 'profile: default\n', why: null },
  {
    name: 'its own needs a digest',
    org: "locked: [gate]\nplugins: ['../rules/x.mjs']\n",
    own: 'profile: auto\n',
    why: /the plug-in rules\/x\.mjs needs its digest in a file that locks settings: write @sha256:[0-9a-f]{64} after it/,
  },
  {
    name: 'its own with a digest is in force',
    org: `locked: [gate]\nplugins: ['../rules/x.mjs@sha256:${digestOf(acting)}']\n`,
    own: 'rules: {acme/no-libc: high}\n',
    why: null,
  },
];

for (const { name, org, plugin = acting, own = named, why } of underLock)
  test(`under a policy of others: ${name}`, () => {
    const files = { 'org/org.yaml': org, 'hullcheck.yaml': own, 'rules/x.mjs': plugin };
    const { plain, folder } = repository(files);
    const { status, stderr } = plain('app', '--extends', './org/org.yaml');
    if (why === null) assert.equal(status, 0, stderr);
    else {
      assert.equal(status, 2);
      assert.match(stderr, why);
    }
    assert.equal(existsSync(marker(folder)), why === null, 'nothing runs before it is accepted');
  });

test('a rule of a locked policy is not loosened by its ID', () => {
  const org = `plugins: ['./x.mjs@sha256:${digestOf(failing)}']\nlocked: [rules.acme/no-libc]\n`;
  const files = {
    'org/org.yaml': org,
    'org/x.mjs': failing,
    'hullcheck.yaml': 'rules: {acme/no-libc: off}\n',
  };
  const { plain } = repository(files);
  const loosened = plain('app', '--extends', './org/org.yaml');
  assert.equal(loosened.status, 2);
  assert.match(loosened.stderr, /hullcheck\.yaml:1:9.*rules\.acme\/no-libc is locked/);
  const narrowed = plain(
    'app',
    '--extends',
    './org/org.yaml',
    '--config',
    'org/org.yaml',
    '--rule',
    'pie',
  );
  assert.equal(narrowed.status, 2);
  assert.match(narrowed.stderr, /--rule: rules\.acme\/no-libc is locked/);
});
