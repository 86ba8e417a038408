import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { compileGlobs } from '../../src/base/glob.ts';
import { reporters } from '../../src/reporters/index.ts';
import { configOf, tarOf } from '../sources/image-builder.ts';
import { editedReport, passing } from '../support/reports/edited-report.ts';
import { repositoryRoot } from '../support/repository.ts';

interface Action {
  readonly inputs: Readonly<
    Record<string, { readonly default?: string; readonly required?: boolean }>
  >;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
  readonly runs: Readonly<Record<string, string>>;
}

const read = (file: string) => readFileSync(join(repositoryRoot, file), 'utf8');
const action: Action = parse(read('action.yml'));
const archive = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');
const compiled = join(repositoryRoot, 'dist');

/** The action as a runner checks it out: built, as a release is, or not. */
function checkout({ built }: { readonly built: boolean }): string {
  const folder = mkdtempSync(join(tmpdir(), 'hullcheck-action-'));
  for (const file of ['action.yml', 'action.mjs', 'package.json'])
    writeFileSync(join(folder, file), read(file));
  if (built) symlinkSync(compiled, join(folder, 'dist'));
  return folder;
}

interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The working directory. */
  readonly folder: string;
}

interface Runner {
  /** Of the action. */
  readonly path?: string;
  /** In front of the path. */
  readonly programs?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the step as the runner does: inputs as variables, and files for outputs and summary. */
function runAction(inputs: Readonly<Record<string, string>>, runner: Runner = {}): Run {
  const { path = checkout({ built: true }), programs = '' } = runner;
  const folder = mkdtempSync(join(tmpdir(), 'hullcheck-workspace-'));
  const given = Object.entries(action.inputs).map(([name, input]) => [
    `INPUT_${name.toUpperCase()}`,
    inputs[name] ?? input.default ?? '',
  ]);
  const files = {
    GITHUB_OUTPUT: join(folder, '.output'),
    GITHUB_STEP_SUMMARY: join(folder, '.summary'),
  };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(path, action.runs['main'] ?? '')],
    {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: `${programs}:${process.env['PATH']}`,
        RUNNER_TEMP: folder,
        CI: 'true',
        ...files,
        ...Object.fromEntries(given),
        ...runner.env,
      },
    },
  );
  if (runner.path === undefined) assert.doesNotMatch(stderr, /^ {4}at /m);
  const left = readdirSync(folder).filter((name) => name.startsWith('hullcheck-'));
  assert.deepEqual(left, [], 'nothing of the step is left');
  const lines = readFileSync(files.GITHUB_OUTPUT, 'utf8').trim().split('\n');
  return {
    exitCode: status,
    stdout,
    outputs: Object.fromEntries(lines.map((line) => line.split('='))),
    summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8'),
    folder,
  };
}

test('the action runs a program of its own checkout, with the Node.js of the runner', () => {
  assert.deepEqual(action.runs, { using: 'node24', main: 'action.mjs' });
  const code = ['action.mjs', 'src/action/action.ts', 'src/action/action-arguments.ts']
    .concat('src/action/registry-login.ts', 'src/action/run-program.ts')
    .map(read)
    .join('');
  assert.doesNotMatch(code, /npx|npm exec|shell: true/);
  const used = [...code.matchAll(/'([a-z-]+)'/g)].map(([, name]) => name);
  for (const name of Object.keys(action.inputs)) assert.ok(used.includes(name), name);
});

test('every format is an output', () => {
  const { 'exit-code': _, ...formats } = action.outputs;
  assert.deepEqual(Object.keys(formats).sort(), Object.keys(reporters).sort());
});

test('a broken gate fails the step, with SARIF, summary and exit code', () => {
  const { exitCode, stdout, outputs, summary, folder } = runAction({ image: archive });
  assert.equal(exitCode, 1);
  assert.deepEqual(outputs, { 'exit-code': '1', sarif: 'hullcheck.sarif' });
  assert.match(stdout, /\nGATE BROKEN: (?:[^\n]+\n)+\n::[0-9a-f]{32}::\n$/);
  assert.match(summary, /^## hullcheck: ❌ The gate is broken/);
  const sarif = JSON.parse(readFileSync(join(folder, 'hullcheck.sarif'), 'utf8'));
  assert.ok(sarif.runs[0].results.length > 0);
});

test('inputs are one argument each, whatever they hold', () => {
  const hostile = '$(touch owned)`touch owned`";touch owned;"';
  const table: readonly {
    readonly inputs: Readonly<Record<string, string>>;
    readonly want: number;
  }[] = [
    { inputs: { image: archive, 'fail-on': 'none' }, want: 0 },
    { inputs: { image: `\n${archive}\r\n\n  \n${archive}\n`, 'fail-on': 'none' }, want: 0 },
    { inputs: { image: archive, args: '--rule\nno-packer\n--exclude\n/usr/**' }, want: 0 },
    { inputs: { image: archive, 'fail-on': hostile }, want: 2 },
    { inputs: { image: archive, profile: hostile }, want: 2 },
    { inputs: { image: archive, config: hostile }, want: 2 },
    { inputs: { image: archive, args: `--${hostile}` }, want: 2 },
    { inputs: { image: `file:${hostile}` }, want: 2 },
    { inputs: { image: '--version' }, want: 2 },
    { inputs: { image: '' }, want: 2 },
    { inputs: { image: archive, output: 'a\nsarif=b' }, want: 2 },
    { inputs: { image: archive, output: '' }, want: 1 },
    { inputs: { image: `${archive}  ` }, want: 1 },
    { inputs: { image: archive, platform: hostile }, want: 2 },
    { inputs: { image: archive, cache: 'false' }, want: 1 },
    { inputs: { image: archive, timeout: hostile }, want: 2 },
    { inputs: { image: archive, 'registry-username': hostile }, want: 2 },
    { inputs: { image: archive, output: '/proc/none/x.sarif' }, want: 2 },
  ];
  for (const { inputs, want } of table) {
    const { exitCode, outputs, folder, stdout } = runAction(inputs);
    assert.equal(exitCode, want, `${JSON.stringify(inputs)}: ${stdout}`);
    assert.equal(outputs['exit-code'], String(want));
    assert.equal('sarif' in outputs, want < 2);
    assert.ok(!existsSync(join(folder, 'owned')), JSON.stringify(inputs));
  }
});

test('formats and output do what they say; the summary can be left out', () => {
  const { exitCode, outputs, summary, folder } = runAction({
    image: archive,
    output: 'reports/out put.sarif',
    formats: 'html=report.html\njson=reports/deep/report.json',
    args: '-o\njunit=report.xml\n--output=csv=report.csv\n-o=jsonl=report.jsonl',
    summary: 'false',
  });
  assert.equal(exitCode, 1);
  assert.deepEqual(outputs, {
    'exit-code': '1',
    sarif: 'reports/out put.sarif',
    html: 'report.html',
    json: 'reports/deep/report.json',
    junit: 'report.xml',
    csv: 'report.csv',
    jsonl: 'report.jsonl',
  });
  assert.equal(summary, '');
  for (const file of ['reports/out put.sarif', 'report.html', 'reports/deep/report.json'])
    assert.ok(existsSync(join(folder, file)), file);
});

test('a baseline of the first run lets the second one hold', () => {
  const baseline = join(mkdtempSync(join(tmpdir(), 'hullcheck-baseline-')), 'baseline.json');
  runAction({ image: archive, baseline, args: '--update-baseline' });
  const { exitCode, outputs, folder } = runAction({ image: archive, baseline });
  assert.equal(exitCode, 0);
  const sarif = JSON.parse(readFileSync(join(folder, outputs['sarif'] ?? ''), 'utf8'));
  assert.deepEqual(sarif.runs[0].results, []);
});

test('against the report of the base branch, only what got worse breaks the step', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hullcheck-against-'));
  const base = join(folder, 'base.json');
  runAction({ image: archive, formats: `json=${base}`, 'fail-on': 'none' });
  const same = runAction({ image: archive, against: base, formats: 'markdown=comment.md\ngithub' });
  assert.equal(same.exitCode, 0, same.stdout);
  assert.match(same.summary, /^## hullcheck diff: ✅ Nothing worse/);
  assert.ok(readFileSync(join(same.folder, 'comment.md'), 'utf8').split('\n').length <= 21);
  const states = JSON.parse(
    readFileSync(join(same.folder, same.outputs['sarif'] ?? ''), 'utf8'),
  ).runs[0].results.map(({ baselineState }: { baselineState: string }) => baselineState);
  assert.deepEqual([...new Set(states)], ['unchanged']);
  const saved = readFileSync(base, 'utf8');
  writeFileSync(base, await editedReport(saved, (binary) => passing(binary, 'pie')));
  const worse = runAction({ image: archive, against: base, formats: 'github' });
  assert.equal(worse.exitCode, 1);
  assert.equal(worse.outputs['exit-code'], '1');
  assert.match(worse.summary, /\n- \*\*high\*\* `pie`: /);
  assert.match(worse.stdout, /\n::error title=worse%2C high%3A pie::/);
});

const refused: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a baseline': { baseline: 'known.json' },
  '--baseline in args': { args: '--verbose\n--baseline\nknown.json' },
  '--coverage in args': { args: '--coverage=pie:90' },
  '--maximum in args': { args: '--maximum=high:3\r' },
  '--allow-empty in args': { args: '--allow-empty' },
  'csv in formats': { formats: 'markdown=comment.md\ncsv=all.csv' },
  'jsonl in formats': { formats: 'jsonl' },
  'csv in args': { args: '--output=csv=all.csv' },
};
for (const [what, inputs] of Object.entries(refused))
  test(`against refuses ${what} with a sentence that names both`, () => {
    const { exitCode, stdout, outputs } = runAction({
      image: archive,
      against: archive,
      ...inputs,
    });
    assert.equal(exitCode, 2);
    assert.match(stdout, /^::error title=hullcheck::with against, .*leave out one of the two$/m);
    assert.equal(outputs['sarif'], undefined);
  });

test('against takes one input, and the image is one', () => {
  for (const inputs of [
    { image: archive, against: 'a\nb' },
    { image: `${archive}\n${archive}`, against: archive },
    { image: archive, against: '--version' },
    { image: '--version', against: archive },
    { image: archive, against: './none.json' },
  ])
    assert.equal(runAction(inputs).exitCode, 2, JSON.stringify(inputs));
});

test('recipes of the documentation give the action what it takes', () => {
  const workflows = [...read('docs/ci.md').matchAll(/```yaml\n([\s\S]*?)```/g)].map(
    ([, text = '']) => parse(text),
  );
  assert.ok(workflows.length >= 4);
  const steps =
    JSON.stringify(workflows).match(/"uses":"OWNER\/hullcheck@[^}]*?"with":\{[^}]*\}?/g) ?? [];
  assert.ok(steps.length >= 2);
  const given = (value: unknown): readonly string[] => {
    if (typeof value !== 'object' || value === null) return [];
    const { uses, with: inputs } = value as { uses?: string; with?: object };
    const own = uses?.startsWith('OWNER/hullcheck@') ? Object.keys(inputs ?? {}) : [];
    return [...own, ...Object.values(value).flatMap(given)];
  };
  for (const name of workflows.flatMap(given)) assert.ok(name in action.inputs, name);
});

/** A checkout without `dist`, and an npm that builds it as `build` says. */
function unbuilt(build: string) {
  const programs = mkdtempSync(join(tmpdir(), 'hullcheck-npm-'));
  for (const [name, script] of [
    ['npm', `echo "$PWD: $*" >>"${programs}/asked"\n${build}`],
    ['npx', `touch "${programs}/npx-was-asked"`],
  ] as const) {
    writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(programs, name), 0o755);
  }
  const path = checkout({ built: false });
  return { ...runAction({ image: archive }, { path, programs }), path, programs };
}

test('a checkout that is not built builds itself, and asks no registry for a program of its name', () => {
  const { exitCode, path, programs } = unbuilt(`[ "$1" = ci ] || ln -s "${compiled}" dist`);
  assert.equal(exitCode, 1);
  assert.equal(
    readFileSync(join(programs, 'asked'), 'utf8'),
    `${path}: ci --ignore-scripts --include=dev --no-audit --no-fund\n${path}: run build\n`,
  );
  assert.ok(!existsSync(join(programs, 'npx-was-asked')));
});

test('a checkout that cannot be built is one sentence, and exit code 3', () => {
  const { exitCode, outputs, stdout } = unbuilt('echo ::error::of npm; echo "##[error]x"; exit 1');
  assert.equal(exitCode, 3);
  assert.deepEqual(outputs, { 'exit-code': '3' });
  assert.deepEqual(commandsIn(stdout), [
    '::error title=hullcheck::hullcheck cannot be built from the checkout of the action, which needs npm and its packages; use a release',
  ]);
});

/** A release whose program is this script. */
function programmed(script: string): Runner {
  const path = checkout({ built: false });
  mkdirSync(join(path, 'dist/bundle'), { recursive: true });
  for (const name of readdirSync(join(compiled, 'bundle')))
    if (name !== 'cli.js')
      symlinkSync(join(compiled, 'bundle', name), join(path, 'dist/bundle', name));
  rmSync(join(path, 'dist/bundle/action.js'));
  writeFileSync(
    join(path, 'dist/bundle/action.js'),
    `export * from ${JSON.stringify(join(compiled, 'bundle/action.js'))};`,
  );
  writeFileSync(join(path, 'dist/bundle/cli.js'), script);
  writeFileSync(join(path, 'dist/bundle/package.json'), '{"type":"module"}');
  return { path };
}

for (const { name, script, inputs = {}, want, says } of [
  {
    name: 'a program that is killed',
    script: 'process.kill(process.pid, "SIGKILL"); setInterval(() => {}, 1000);',
    want: 3,
    says: 'hullcheck was ended by SIGKILL',
  },
  {
    name: 'a program that does not start',
    script: 'import "./nothing.js";',
    want: 3,
    says: null,
  },
  {
    name: 'a program that ends as none of ours does',
    script: 'process.exit(9);',
    want: 3,
    says: 'hullcheck could not run: exit code 9',
  },
  {
    name: 'a program without an end',
    script: 'setInterval(() => {}, 1000);',
    inputs: { timeout: '1s' },
    want: 3,
    says: 'hullcheck was ended after 1 s, its timeout',
  },
  {
    name: 'a bug',
    script: 'console.error("hullcheck: this is a bug 100%"); process.exit(70);',
    want: 70,
    says: 'this is a bug 100%25',
  },
]) {
  test(`${name} is an annotation, and exit code ${want}`, () => {
    const { exitCode, stdout, outputs } = runAction(
      { image: archive, ...inputs },
      programmed(script),
    );
    assert.equal(exitCode, want, stdout);
    assert.equal(outputs['exit-code'], String(want));
    assert.equal(outputs['sarif'], undefined);
    const [only = '', ...others] = commandsIn(stdout);
    assert.deepEqual(others, []);
    if (says === null) assert.match(only, /^::error title=hullcheck::hullcheck could not run/);
    else assert.equal(only, `::error title=hullcheck::${says}`);
  });
}

test('a registry that cannot be reached leaves the gate undecided', () => {
  const { exitCode, outputs } = runAction({ image: 'registry:127.0.0.1:1/app:1' });
  assert.equal(exitCode, 3);
  assert.equal(outputs['exit-code'], '3');
});

test('a mistake in the inputs is an annotation', () => {
  const { stdout } = runAction({ image: archive, args: '--rule pie' });
  assert.deepEqual(commandsIn(stdout), [
    '::error title=hullcheck::args has --rule pie in one line: each argument has a line of its own, or is written --rule=pie',
  ]);
});

test('credentials reach the program by a file, next to those of earlier steps, and no input does', () => {
  const earlier = join(mkdtempSync(join(tmpdir(), 'hullcheck-earlier-')), 'auth.json');
  writeFileSync(earlier, JSON.stringify({ auths: { 'a.example': { auth: 'eA==' } } }));
  const script = `import { readFileSync, statSync } from 'node:fs';
    const file = process.env.REGISTRY_AUTH_FILE;
    console.log(JSON.stringify([JSON.parse(readFileSync(file, 'utf8')), statSync(file).mode & 0o777,
      Object.keys(process.env).filter((name) => name.startsWith('INPUT_'))]));`;
  const { stdout } = runAction(
    {
      image: 'r.example/app',
      registry: 'r.example',
      'registry-username': 'me',
      'registry-password': 'a:b%',
    },
    { ...programmed(script), env: { REGISTRY_AUTH_FILE: earlier } },
  );
  assert.match(stdout, /^::add-mask::a:b%25\n/);
  const [config, mode, inputs] = JSON.parse(/^\[.*$/m.exec(stdout)?.[0] ?? '');
  const auth = Buffer.from('me:a:b%').toString('base64');
  assert.deepEqual(config, { auths: { 'a.example': { auth: 'eA==' }, 'r.example': { auth } } });
  assert.equal(mode, 0o600);
  assert.deepEqual(inputs, []);
});

/** What the runner would do: the lines that it takes as commands (actions/runner, ActionCommand.cs). */
function commandsIn(log: string): readonly string[] {
  const found: string[] = [];
  let stopped: string | null = null;
  for (const line of log.split(/\r?\n/)) {
    const isCommand = line.trim().startsWith('::') || line.includes('##[');
    if (!isCommand) continue;
    if (line === `::${stopped}::`) stopped = null;
    else if (stopped === null) {
      stopped = /^::stop-commands::(\w+)$/.exec(line)?.[1] ?? null;
      if (stopped === null) found.push(line);
    }
  }
  assert.equal(stopped, null, 'commands count again at the end');
  return found;
}

test('names from an image give the runner no command, and annotations still arrive', async () => {
  const elf = readFileSync(join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-nopie-bare'));
  const layer = await tarOf(
    ['usr/bin/##[error]pwned', '::set-output name=a::b', 'x ::add-mask::e', '##vso[task.x]y'].map(
      (name) => ({ name, mode: 0o755, body: elf }),
    ),
  );
  const config = configOf({ layers: [layer] });
  const manifest = [
    { Config: 'c.json', RepoTags: ['::error title=PWNED::the gate holds'], Layers: ['l.tar'] },
  ];
  const image = join(mkdtempSync(join(tmpdir(), 'hullcheck-hostile-')), 'image.tar');
  writeFileSync(
    image,
    await tarOf([
      { name: 'manifest.json', body: JSON.stringify(manifest) },
      { name: 'c.json', body: config },
      { name: 'l.tar', body: layer },
    ]),
  );
  for (const more of [
    { formats: 'github\nmarkdown=x.md' },
    { args: '-o\ngithub\n--all' },
    { args: '--output=github' },
    { args: '-ogithub' },
  ]) {
    const { exitCode, stdout } = runAction({ image, ...more });
    assert.equal(exitCode, 1, stdout);
    const commands = commandsIn(stdout);
    assert.ok(commands.length > 3, stdout);
    for (const command of commands) {
      assert.match(command, /^::(?:error|warning|notice) title=[^:]*::/);
      assert.doesNotMatch(command, /##\[|PWNED/);
    }
    // Without the runner's help, too.
    const log = stdout.replace(/^::(?:stop-commands::)?[0-9a-f]{32}(?:::)?$/gm, '');
    const inLog = log.split('\n').filter((line) => !commands.includes(line));
    for (const line of inLog) assert.doesNotMatch(line, /^\s*::|##\[|##vso\[/, line);
  }
});

/** Instructions of the Dockerfile in order, each with its words. It uses no continued lines. */
const instructions = read('Dockerfile')
  .split('\n')
  .filter((line) => /^[A-Z]/.test(line))
  .map((line) => line.split(/\s+/));

test('the image runs as nobody, on what its first stage built', () => {
  const stages = instructions.filter(([name]) => name === 'FROM');
  assert.equal(stages.length, 2);
  for (const [, base] of stages) assert.match(base ?? '', /^alpine:/);
  const last = instructions.slice(instructions.findLastIndex(([name]) => name === 'FROM'));
  assert.deepEqual(
    last.find(([name]) => name === 'USER'),
    ['USER', '65532:65532'],
  );
  const [, , program] = last.find(([name]) => name === 'ENTRYPOINT') ?? [];
  const { bin } = JSON.parse(read('package.json'));
  assert.equal(JSON.parse(program?.replace(']', '') ?? ''), `/opt/hullcheck/${bin.hullcheck}`);
  for (const [name, from, source] of last.filter(([word]) => word === 'COPY')) {
    if (from === '--from=build') assert.match(source ?? '', /^\/build\//, name);
    else assert.ok(existsSync(join(repositoryRoot, from ?? '')), from);
  }
});

/** The image itself is not built here; this is its first stage without a container. */
test('what the Dockerfile copies is enough to build hullcheck and to run it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hullcheck-image-'));
  const ignored = read('.dockerignore').split('\n');
  const isLeftOut = compileGlobs(ignored.filter((line) => /^[^!#*]/.test(line)));
  for (const [name, ...words] of instructions) {
    if (name === 'FROM' && words.length === 1) break;
    if (name !== 'COPY') continue;
    for (const source of words.slice(0, -1)) {
      assert.ok(ignored.includes(`!${source}`), `${source} is ignored`);
      cpSync(join(repositoryRoot, source), join(folder, source), {
        recursive: true,
        filter: (path) => !isLeftOut(relative(repositoryRoot, path)),
      });
    }
  }
  cpSync(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  // All commands of the stage but the one that fetches packages, as they stand.
  const commands = instructions.flatMap(([name, ...words]) =>
    name === 'RUN' ? [words.join(' ')] : [],
  );
  const [build = ''] = commands.filter((command) => command.startsWith('npm run build'));
  const offline = { ...process.env, npm_config_offline: 'true' };
  const built = spawnSync('sh', ['-ec', build], { cwd: folder, encoding: 'utf8', env: offline });
  assert.equal(built.status, 0, built.stdout + built.stderr);
  // The last stage has nothing of the packages.
  rmSync(join(folder, 'node_modules'), { recursive: true });
  const program = join(folder, 'dist/bundle/cli.js');
  const scan = (...argv: readonly string[]) =>
    spawnSync(process.execPath, [program, ...argv], { cwd: folder, encoding: 'utf8' });
  assert.equal(scan(archive).status, 1);
  assert.match(scan(`rootfs:${archive}`).stdout, /GATE/);
  // Clean under hullcheck itself: nothing of it is an ELF file, and Alpine's packages are judged elsewhere.
  const own = scan('dir:.', '--fail-on', 'note', '-o', 'json');
  assert.equal(own.status, 3, own.stderr);
  assert.deepEqual(JSON.parse(own.stdout).counts.binaries, 0);
});
