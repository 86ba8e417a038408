import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { main } from '../../src/cli/main.ts';
import { type GithubServer, type Reply, startGithub, token } from '../support/github-server.ts';
import { keptOutput } from '../support/kept-output.ts';
import { render } from '../support/reports/render.ts';
import { sampleReport } from '../support/reports/sample-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'hullcheck-upload-'));
const sarif = join(folder, 'app.sarif');
writeFileSync(sarif, await render('sarif', sampleReport));

const actions = {
  GITHUB_TOKEN: token,
  // Nothing listens there: a test that names no server of its own must not send.
  GITHUB_API_URL: 'http://127.0.0.1:9',
  GITHUB_REPOSITORY: 'me/app',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
};

async function upload(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = actions,
): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const { written, stdout, stderr } = keptOutput();
  const surroundings = {
    stdout,
    stderr,
    env,
    cwd: folder,
    today: '2026-11-23',
  };
  const exitCode = await main(['upload', ...argv], surroundings);
  assert.ok(!`${written.stdout}${written.stderr}`.includes(token), 'the token was printed');
  return { exitCode, ...written };
}

const to = ({ url }: GithubServer) => ({ ...actions, GITHUB_API_URL: url });

test('a file arrives whole, and the command waits until it is processed', async () => {
  await using server = await startGithub();
  const { exitCode, stdout, stderr } = await upload(['app.sarif'], to(server));
  assert.equal(
    stdout,
    [
      `Sending app.sarif (3 results in 1 run, ${stdout.match(/\d+ KiB/)?.[0]}) to me/app, refs/heads/main at 0123456789ab`,
      'GitHub accepted it as 47177e22-5596',
      'GitHub processed it: complete',
      '',
    ].join('\n'),
  );
  assert.deepEqual({ exitCode, stderr }, { exitCode: 0, stderr: '' });
  assert.deepEqual(server.sarif(), JSON.parse(readFileSync(sarif, 'utf8')));
  const [post, ...polls] = server.received;
  assert.equal(post?.headers['x-github-api-version'], '2022-11-28');
  assert.equal(post?.headers.accept, 'application/vnd.github+json');
  assert.match(post?.headers['user-agent'] ?? '', /^hullcheck\//);
  assert.equal(post?.body?.['commit_sha'], actions.GITHUB_SHA);
  assert.equal(post?.body?.['ref'], 'refs/heads/main');
  assert.equal(post?.body?.['checkout_uri'], pathToFileURL(folder).href);
  assert.equal(polls.length, 2);
});

test('options come before the variables of GitHub Actions', async () => {
  await using server = await startGithub({ processing: ['complete'] });
  const options = [
    '--ref',
    'refs/pull/7/merge',
    '--sha',
    'f'.repeat(40),
    '--repo',
    'me/app',
    '--api-url',
    `${server.url}/`,
  ];
  const { exitCode } = await upload(['app.sarif', ...options], {
    GH_TOKEN: token,
    GITHUB_REPOSITORY: 'you/other',
    GITHUB_WORKSPACE: '/home/me/app',
  });
  assert.equal(exitCode, 0);
  const body = server.received[0]?.body;
  assert.equal(body?.['ref'], 'refs/pull/7/merge');
  assert.equal(body?.['commit_sha'], 'f'.repeat(40));
  assert.equal(body?.['checkout_uri'], 'file:///home/me/app');
});

test('what GitHub refuses is reported in its words, with exit code 3', async () => {
  const table: readonly { readonly replies: readonly Reply[]; readonly want: RegExp }[] = [
    {
      replies: [{ status: 400, body: { message: 'Invalid SARIF' } }],
      want: /HTTP 400, the SARIF is not valid: Invalid SARIF\n$/,
    },
    {
      replies: [{ status: 401, body: { message: `Bad ${token}` } }],
      want: /HTTP 401, the token is not valid: Bad \*\*\*\n$/,
    },
    {
      replies: [{ status: 403, body: { message: 'Advanced Security must be enabled' } }],
      want: /HTTP 403, .*Advanced Security/,
    },
    { replies: [{ status: 404 }], want: /HTTP 404, there is no such repository/ },
    { replies: [{ status: 413 }], want: /HTTP 413, the SARIF is too large\n$/ },
    {
      replies: [{ status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
      want: /HTTP 302, an unexpected answer/,
    },
    {
      replies: [{ status: 418, body: { message: '\u001b[2Jowned\nGitHub processed it' } }],
      want: /\\x1b\[2Jowned\\nGitHub/,
    },
    { replies: [{ status: 202, body: {} }], want: /accepted the file and named no upload/ },
    {
      replies: [{ status: 503, headers: { 'retry-after': '9999' } }],
      want: /HTTP 503, an error of the server/,
    },
  ];
  for (const { replies, want } of table) {
    await using server = await startGithub({ replies });
    const { exitCode, stderr } = await upload(['app.sarif'], to(server));
    assert.equal(exitCode, 3, stderr);
    assert.match(stderr, want);
    assert.equal(server.received.length, 1);
  }
});

test('each error of a failed processing is reported', async () => {
  await using server = await startGithub({
    processing: ['failed'],
    errors: ['no region', 'no uri'],
  });
  const { exitCode, stderr } = await upload(['app.sarif'], to(server));
  assert.equal(exitCode, 3);
  assert.equal(
    stderr,
    'hullcheck: GitHub refused it: no region\nhullcheck: GitHub refused it: no uri\n',
  );
});

test('limits and errors of the server are tried again when it says so', async () => {
  const soon = { 'retry-after': '0' };
  const table: readonly (readonly Reply[])[] = [
    [{ status: 429, headers: soon }],
    [
      { status: 503, headers: soon },
      { status: 502, headers: soon },
    ],
    [{ status: 403, headers: { ...soon, 'x-ratelimit-remaining': '0' } }],
    [{ status: 500, headers: { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' } }],
  ];
  for (const replies of table) {
    await using server = await startGithub({ replies, processing: ['complete'] });
    const { exitCode, stderr } = await upload(['app.sarif'], to(server));
    assert.equal(exitCode, 0, stderr);
    assert.equal(server.received.length, replies.length + 2);
  }
});

test('without waiting nothing is asked, and waiting in vain ends without a result', async () => {
  await using first = await startGithub();
  assert.equal((await upload(['app.sarif', '--wait', '0'], to(first))).exitCode, 0);
  assert.equal(first.received.length, 1);
  await using second = await startGithub({ processing: ['pending'] });
  const { exitCode, stderr } = await upload(['app.sarif', '--wait', '1'], to(second));
  assert.deepEqual(
    { exitCode, stderr },
    { exitCode: 3, stderr: 'hullcheck: GitHub did not process it in 1 seconds\n' },
  );
});

test('what makes no sense is reported before anything is sent', async () => {
  const files = {
    'broken.sarif': '{',
    'other.sarif': '{"version":"2.0.0","runs":[]}',
    'no-runs.sarif': '{"version":"2.1.0"}',
    'no-results.sarif': '{"version":"2.1.0","runs":[{"tool":{}}]}',
    'runs.sarif': JSON.stringify({ version: '2.1.0', runs: Array(21).fill({ results: [] }) }),
    'results.sarif': JSON.stringify({
      version: '2.1.0',
      runs: [{ results: Array(25_001).fill(0) }],
    }),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const without = (name: string) =>
    Object.fromEntries(Object.entries(actions).filter(([key]) => key !== name));
  const table = [
    { argv: ['missing.sarif'], want: /cannot read missing\.sarif/ },
    { argv: ['broken.sarif'], want: /not a SARIF file/ },
    { argv: ['other.sarif'], want: /version is not 2\.1\.0/ },
    { argv: ['no-runs.sarif'], want: /no list of runs/ },
    { argv: ['no-results.sarif'], want: /run 1 of the SARIF file has no list of results/ },
    { argv: ['runs.sarif'], want: /has 21 runs, and GitHub takes at most 20/ },
    {
      argv: ['results.sarif'],
      want: /has 25001 results in one run, and GitHub takes at most 25000/,
    },
    { argv: ['app.sarif', '--ref', 'main'], want: /--ref is main, expected a full name/ },
    { argv: ['app.sarif', '--sha', 'abc'], want: /--sha is abc, expected a commit of 40/ },
    { argv: ['app.sarif', '--repo', 'app'], want: /--repo is app, expected OWNER\/REPO/ },
    { argv: ['app.sarif', '--repo', '../x/y'], want: /--repo is/ },
    {
      argv: ['app.sarif', '--api-url', 'http://example.org'],
      want: /--api-url is http:\/\/example\.org, expected https:/,
    },
    {
      argv: ['app.sarif', '--api-url', 'https://me:secret@example.org'],
      want: /more than scheme, host and path/,
    },
    { argv: ['app.sarif', '--wait', 'long'], want: /--wait is long/ },
    {
      argv: ['app.sarif'],
      env: without('GITHUB_TOKEN'),
      want: /there is no token: set GITHUB_TOKEN/,
    },
    {
      argv: ['app.sarif'],
      env: { ...actions, GITHUB_TOKEN: `${token}\n` },
      want: /characters that no token has/,
    },
    {
      argv: ['app.sarif'],
      env: without('GITHUB_REPOSITORY'),
      want: /--repo is missing, and GITHUB_REPOSITORY is not set/,
    },
  ];
  for (const { argv, env, want } of table) {
    const { exitCode, stderr } = await upload(argv, env ?? actions);
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, want);
  }
});

test('a file that is too large after gzip is not sent', async () => {
  const noise = randomBytes(12 * 1024 ** 2).toString('base64');
  const large = { version: '2.1.0', runs: [{ results: [] }], noise };
  writeFileSync(join(folder, 'large.sarif'), JSON.stringify(large));
  const { exitCode, stderr } = await upload(['large.sarif']);
  assert.equal(exitCode, 2);
  assert.match(stderr, /is \d+ bytes after gzip, and GitHub takes at most 10485760 bytes/);
});
