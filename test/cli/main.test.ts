import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { limitSettings } from '../../src/base/limits.ts';
import { version } from '../../src/base/version.ts';
import { main } from '../../src/cli/main.ts';
import { helpGroups } from '../../src/commands/help-pages/help-groups.ts';
import { commands } from '../../src/commands/index.ts';
import { keptOutput } from '../support/kept-output.ts';

async function run(...argv: readonly string[]) {
  const { written, stdout, stderr } = keptOutput();
  const exitCode = await main(argv, {
    stdout,
    stderr,
    env: {},
    cwd: tmpdir(),
    today: '2026-11-23',
  });
  return { exitCode, ...written };
}

test('the version is printed alone', async () => {
  assert.deepEqual(await run('--version'), {
    exitCode: 0,
    stdout: `hullcheck ${version}\n`,
    stderr: '',
  });
});

test('options may stand before the command', async () => {
  const { exitCode, stdout } = await run('--all', 'rules');
  assert.notEqual(exitCode, 3);
  const { stderr } = await run('-q', 'scan');
  assert.match(stderr, /name an image to scan/);
  assert.equal(stdout.includes('cannot be reached'), false);
});

/** Every page of help. */
const helps = [['--help'], ['help'], ['help', 'limits'], ...Object.keys(commands).map(helpOn)];

function helpOn(command: string): readonly string[] {
  return ['help', command];
}

for (const argv of helps) {
  test(`hullcheck ${argv.join(' ')} fits 80 columns`, async () => {
    const { exitCode, stdout, stderr } = await run(...argv);
    assert.equal(exitCode, 0);
    assert.equal(stderr, '');
    for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line);
  });
}

test('--help fits 40 lines and names every command and exit code', async () => {
  const { stdout } = await run('--help');
  assert.ok(stdout.trimEnd().split('\n').length <= 40, stdout);
  for (const load of Object.values(commands))
    assert.ok(stdout.includes(`\n  ${(await load()).usage} `), (await load()).usage);
  assert.match(stdout, /^Exit codes: 0 .*1 .*2 .*3 .*70 /m);
  assert.equal((await run('help')).stdout, stdout);
  assert.equal((await run('-h')).stdout, stdout);
  assert.equal((await run('app.tar', '--help')).stdout, stdout);
});

test('hullcheck scan --help shows its options in groups, in order, and no limits', async () => {
  const { stdout } = await run('scan', '--help');
  const headings = stdout.match(/^[A-Z][\w ]*:$/gm);
  assert.deepEqual(headings, [
    'Positionals:',
    ...helpGroups,
    'Options:',
    'Examples:',
    'Exit codes:',
  ]);
  const others = stdout.slice(stdout.indexOf('\nOptions:'), stdout.indexOf('\nExamples:'));
  assert.deepEqual(others.match(/--[a-z-]+/g), ['--help', '--version']);
  assert.doesNotMatch(stdout, /--max-|show-hidden/);
  assert.match(stdout, /^Limits: hullcheck help limits$/m);
});

test('hullcheck help limits lists every limit with its default', async () => {
  const { stdout } = await run('help', 'limits');
  for (const option of Object.keys(limitSettings))
    assert.match(stdout, new RegExp(`^  --${option} +\\d+[MG]? +[A-Z]`, 'm'));
});

test('help on a command is the same as its --help', async () => {
  assert.deepEqual(await run('help', 'diff'), await run('diff', '--help'));
  assert.match((await run('help', 'diff')).stdout, /^hullcheck diff <old> <new>\n/);
});

/** Each is one sentence on standard error, exit code 2, no stack trace; the usage follows what cannot be parsed. */
const mistakes: readonly { readonly argv: readonly string[]; readonly want: RegExp }[] = [
  { argv: [], want: /name an image to scan/ },
  {
    argv: ['x', '--fail-onn', 'high'],
    want: /no option or argument fail-onn; did you mean --fail-on\?/,
  },
  {
    argv: ['x', '--zzzzzzzz'],
    want: /no option or argument zzzzzzzz\nUsage: hullcheck scan \[images\.\.\] \[options\] \(see hullcheck scan --help\)$/,
  },
  {
    argv: ['x', '--fail-on', 'worst'],
    want: /--fail-on: "worst" is not allowed here, expected a severity, none or a rule/,
  },
  {
    argv: ['x', '--fail-on', 'low', '--fail-on', 'high'],
    want: /--fail-on: low and high are 2 severities, expected one/,
  },
  { argv: ['x', '--rule', 'no-such-rule-at-all'], want: /there is no rule no-such-rule-at-all/ },
  { argv: ['x', '--rule'], want: /^hullcheck: --rule requires a value$/m },
  { argv: ['sacn', 'app.tar'], want: /there is no command sacn; did you mean scan\?/ },
  {
    argv: ['explain'],
    want: /^hullcheck: an argument is missing\nUsage: hullcheck explain <rule> \[options\]/,
  },
  { argv: ['waive', 'pie'], want: /^hullcheck: --reason is missing$/m },
  {
    argv: ['x', '--jobs', '0'],
    want: /--jobs: 0 is not allowed here, expected a whole number from 1/,
  },
  { argv: ['x', '--jobs', '-1'], want: /--jobs|argument/ },
  {
    argv: ['x', '--max-size', 'big'],
    want: /--max-size: "big" is not a size such as 4096, 512M or 2G/,
  },
  {
    argv: ['x', '--max-entries', '1.5'],
    want: /--max-entries: 1.5 is not allowed here, expected a whole number/,
  },
  { argv: ['x', '-o', 'jsn'], want: /there is no format jsn; did you mean json\?/ },
  { argv: ['x', '-o', 'qqqqqqqq'], want: /there is no format qqqqqqqq, expected one of / },
  { argv: ['x', '-o', '__proto__'], want: /there is no format __proto__/ },
  { argv: ['x', '-o', 'json='], want: /-o json= does not name a file/ },
  { argv: ['x', '-o', 'json', '-o', 'text'], want: /two outputs go to standard output/ },
  {
    argv: ['x', '-o', 'json=no/such/folder/a.json'],
    want: /cannot write no\/such\/folder\/a.json: there is no folder /,
  },
  {
    argv: ['x', '--sarif-location', '../../Dockerfile'],
    want: /expected FILE\[:LINE\] with FILE relative to the repository/,
  },
  { argv: ['x', '--sarif-location', ''], want: /expected FILE\[:LINE\]/ },
  { argv: ['explain'], want: /an argument is missing/ },
  { argv: ['diff', '--', './no-old.json'], want: /an argument is missing/ },
  { argv: ['diff', '--', './no-old.json', './no-new.json'], want: /no-old\.json/ },
  { argv: ['convert', '-o', 'json', '--', '-none.json'], want: /-none\.json/ },
  { argv: ['x', '--max-entrie', '3'], want: /did you mean --max-entries\?/ },
  { argv: ['help', 'explian'], want: /there is no help on explian; did you mean explain\?/ },
  {
    argv: ['help', 'qqqqqqqq'],
    want: /there is no help on qqqqqqqq, expected a command or limits/,
  },
  { argv: ['explain', 'no-such-rule-at-all'], want: /there is no rule no-such-rule-at-all/ },
  { argv: ['rules', 'surplus'], want: /no option or argument surplus/ },
  { argv: ['x', '--no\x1b[2Jsuch'], want: /no option or argument no\\x1b\[2Jsuch/ },
];

for (const { argv, want } of mistakes) {
  test(`hullcheck ${JSON.stringify(argv.join(' '))} is a usage error`, async () => {
    const { exitCode, stdout, stderr } = await run(...argv);
    assert.equal(exitCode, 2);
    assert.equal(stdout, '');
    assert.match(stderr.trimEnd(), want);
    assert.match(stderr, /^hullcheck: [^\n]+\n(?:Usage: [^\n]+\n)?$/);
  });
}
