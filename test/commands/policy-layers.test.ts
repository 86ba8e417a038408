import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkConfigs } from '../../src/commands/settings/check-config.ts';
import { positionText } from '../../src/policy/config/config-node.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { folderWith, settingsIn } from '../support/policy/folder-with.ts';
import { repositoryRoot } from '../support/repository.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const sentencesIn = ({ remarks = [] }: Pick<Policy, 'remarks'>) =>
  remarks.map(({ message }) => message);

test('files of all folders from the repository to the working directory apply, the nearer over the farther', async () => {
  const folder = folderWith({
    '.git/HEAD': '',
    'hullcheck.yaml': 'profile: alpine\nrules: {pie: low, relro: low}\nexclude: /a\n',
    'team/hullcheck.json': '{"rules": {"pie": "medium"}, "exclude": "/b"}',
    'team/app/package.json': '{"hullcheck": {"rules": {"relro": "high"}}}',
    'team/app/src/x': '',
  });
  const { config, policy, file } = await settingsIn(join(folder, 'team/app/src'));
  assert.equal(config.profile, 'alpine');
  assert.deepEqual(config.rules, { pie: 'medium', relro: 'high' });
  assert.deepEqual(config.exclude, ['/a', '/b']);
  assert.equal(file?.name, '../package.json');
  assert.deepEqual(
    policy.files.map(({ name, how }) => `${name} ${how}`),
    ['../../../hullcheck.yaml found', '../../hullcheck.json found', '../package.json found'],
  );
});

test('outside a repository the nearest file applies alone, and the report says so', async () => {
  const folder = folderWith({ 'hullcheck.yaml': 'exclude: /a', 'x/hullcheck.yaml': 'exclude: /b' });
  const { config, policy } = await settingsIn(join(folder, 'x'));
  assert.deepEqual(config.exclude, ['/b']);
  assert.deepEqual(sentencesIn(policy), [
    '../hullcheck.yaml is not in force: outside a repository the nearest file counts alone',
  ]);
});

test('a file that makes a repository look like an unpacked system takes no lock from its root', async () => {
  const marks = ['etc/passwd', 'PKG-INFO', 'x.dist-info', 'META-INF/MANIFEST.MF', 'a/usr/share/x'];
  const roots = [
    ['locked: gate', /\.\.\/\.\.\/hullcheck\.yaml locks settings and would not be in force/],
    ['extends: ./org.yaml', /\.\.\/\.\.\/hullcheck\.yaml extends others and would not/],
  ] as const;
  for (const [root, want] of roots)
    for (const mark of marks) {
      const files = { 'hullcheck.yaml': root, 'org.yaml': 'locked: gate', [mark]: '' };
      const nearer = { 'a/b/hullcheck.yaml': 'gate: {fail-on: none}' };
      const folder = folderWith({ '.git/HEAD': '', ...files, ...nearer });
      const settings = settingsIn(join(folder, 'a/b'));
      // A folder below the repository is one of it, whatever is in it.
      await assert.rejects(settings, mark.startsWith('a/') ? /is locked/ : want, mark);
    }
});

test('root: true ends the search, but never leaves out a file that locks settings', async () => {
  const chain = (farthest: string) => ({
    '.git/HEAD': '',
    'hullcheck.yaml': farthest,
    'a/hullcheck.yaml': 'exclude: /a',
    'a/b/hullcheck.yaml': 'root: true\nexclude: /b',
  });
  const plain = folderWith(chain('exclude: /x'));
  assert.deepEqual((await settingsIn(join(plain, 'a/b'))).config.exclude, ['/b']);
  const locking = folderWith(chain('exclude: /x\nlocked: gate'));
  assert.deepEqual((await settingsIn(join(locking, 'a/b'))).config.exclude, ['/x', '/b']);
  const extending = folderWith({ ...chain('extends: ./org.yaml'), 'org.yaml': 'locked: exclude' });
  await assert.rejects(settingsIn(join(extending, 'a/b')), /exclude is locked by .*org\.yaml:1:9/);
});

test('what a configuration extends lies below it: files, packages of npm, and lists of them', async () => {
  const policy = 'exclude: /package\nprofile: static\n';
  const folder = folderWith({
    '.git/HEAD': '',
    'deep/org.yaml': 'extends: [base.yaml, ../other.json]\nexclude: /org\nrules: {pie: low}\n',
    'deep/base.yaml': 'exclude: /base\nrules: {pie: note, relro: note}\nbaseline: known.json\n',
    'other.json': '{"exclude": "/other", "rules": {"relro": "low"}}',
    'deep/known.json': '{"type": "hullcheck-baseline", "version": "1", "findings": []}',
    'node_modules/@acme/policy/hullcheck.yaml': policy,
    'app/hullcheck.yaml': `extends:\n  - ./../deep/org.yaml\n  - "@acme/policy@sha256:${sha256(policy)}"\n  - ../other.json\nexclude: /app\n`,
  });
  const { config, policy: judged, baselineFile } = await settingsIn(join(folder, 'app'));
  assert.deepEqual(config.exclude, ['/base', '/other', '/org', '/package', '/app']);
  assert.deepEqual(config.rules, { pie: 'low', relro: 'low' });
  assert.equal(config.profile, 'static');
  assert.equal(baselineFile, join(folder, 'deep/known.json'));
  assert.deepEqual(judged.files.map(({ name, how }) => `${name} ${how}`).slice(0, 2), [
    '../deep/base.yaml extended',
    '../other.json extended',
  ]);
});

test('a configuration that cannot be extended is a mistake with the place that names it', async () => {
  const rows: readonly (readonly [name: string, files: Record<string, string>, want: RegExp])[] = [
    [
      'missing',
      { 'hullcheck.yaml': 'extends: ./org.yaml' },
      /^hullcheck\.yaml:1:10: there is no file \.\/org\.yaml to extend/,
    ],
    [
      'a dangling link',
      { 'hullcheck.yaml': 'extends: ./o.yaml', 'o.yaml': '-> gone' },
      /^hullcheck\.yaml:1:10: there is no file/,
    ],
    [
      'itself',
      { 'hullcheck.yaml': 'extends: ./hullcheck.yaml' },
      /hullcheck\.yaml extends hullcheck\.yaml, which is a circle/,
    ],
    [
      'a circle',
      {
        'hullcheck.yaml': 'extends: ./a.yaml',
        'a.yaml': 'extends: b.yaml',
        'b.yaml': 'extends: ./a.yaml',
      },
      /^b\.yaml:1:10: a\.yaml extends b\.yaml extends a\.yaml, which is a circle/,
    ],
    [
      'a circle through a link',
      {
        'hullcheck.yaml': 'extends: ./a.yaml',
        'a.yaml': 'extends: ./l.yaml',
        'l.yaml': '-> a.yaml',
      },
      /which is a circle/,
    ],
    [
      'too deep',
      Object.fromEntries([
        ['hullcheck.yaml', 'extends: 0.yaml'],
        ...Array.from({ length: 12 }, (_, i) => [`${i}.yaml`, `extends: ${i + 1}.yaml`]),
      ]),
      /^6\.yaml:1:10: more than 8 configurations extend each other/,
    ],
    [
      'too many',
      Object.fromEntries([
        [
          'hullcheck.yaml',
          `extends: [${Array.from({ length: 70 }, (_, i) => `${i}.yaml`).join(', ')}]`,
        ],
        ...Array.from({ length: 70 }, (_, i) => [`${i}.yaml`, 'exclude: /x']),
      ]),
      /more than 64 configurations extend others/,
    ],
    [
      'another file',
      { 'hullcheck.yaml': `extends: o.yaml@sha256:${'0'.repeat(64)}`, 'o.yaml': 'exclude: /x' },
      /^hullcheck\.yaml:1:10: o\.yaml has the sha256 [0-9a-f]{64}, expected 0+/,
    ],
    ['a short digest', { 'hullcheck.yaml': 'extends: o.yaml@sha256:12' }, /has no valid digest/],
    [
      'an empty file',
      { 'hullcheck.yaml': 'extends: o.yaml', 'o.yaml': '# later\n' },
      /^hullcheck\.yaml:1:10: o\.yaml contains no settings/,
    ],
    [
      'a package without its digest',
      { 'hullcheck.yaml': 'extends: "@acme/policy"' },
      /is a package without a digest: write @sha256:DIGEST after it/,
    ],
    [
      'a package that is not installed',
      { 'hullcheck.yaml': `extends: acme@sha256:${'0'.repeat(64)}` },
      /no node_modules here or above has acme with a hullcheck\.yaml/,
    ],
    [
      'an address without its digest',
      { 'hullcheck.yaml': 'extends: https://example.org/p.yaml' },
      /is an address without a digest/,
    ],
    [
      'an address without TLS',
      { 'hullcheck.yaml': `extends: http://example.org/p@sha256:${'0'.repeat(64)}` },
      /is an address without TLS, expected https/,
    ],
    [
      'an address with a password',
      { 'hullcheck.yaml': `extends: https://a:b@example.org/p@sha256:${'0'.repeat(64)}` },
      /has a user or password in it/,
    ],
    [
      'neither',
      { 'hullcheck.yaml': 'extends: "Org Policy"' },
      /is neither a file .* nor an address of https/,
    ],
    [
      'a mistake in it',
      { 'hullcheck.yaml': 'extends: o.yaml', 'o.yaml': 'gat: 1' },
      /^o\.yaml:1:1: there is no setting "gat"/,
    ],
  ];
  for (const [name, files, want] of rows)
    await assert.rejects(
      settingsIn(folderWith({ '.git/HEAD': '', ...files })),
      { message: want },
      name,
    );
});

/** Answers on this machine while `run` runs. */
async function serving(answer: RequestListener, run: (address: string) => Promise<void>) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

const loopback = { HULLCHECK_EXTENDS_LOOPBACK: '1' };
const policyText = 'exclude: /fetched\nlocked: gate\n';

test('a policy with an address is fetched once: the cache has it by its digest, and no network is needed then', async () => {
  const folder = folderWith({});
  const cacheDir = join(folder, 'cache');
  let asked = 0;
  let name = '';
  const args = () => ({ extends: [name], cacheDir });
  await serving(
    (request, response) => {
      asked += 1;
      if (request.url === '/moved') response.writeHead(302, { location: '/p.yaml' }).end();
      else response.end(policyText);
    },
    async (address) => {
      name = `${address}/moved@sha256:${sha256(policyText)}`;
      const first = await settingsIn(folder, args(), loopback);
      assert.deepEqual(first.config.exclude, ['/fetched']);
      assert.equal(asked, 2);
      await settingsIn(folder, args(), loopback);
      assert.equal(asked, 2);
      await settingsIn(folder, { ...args(), noCache: true }, loopback);
      assert.equal(asked, 4);
    },
  );
  assert.deepEqual((await settingsIn(folder, args(), loopback)).config.exclude, ['/fetched']);
  rmSync(cacheDir, { recursive: true });
  await assert.rejects(
    settingsIn(folder, args(), loopback),
    /^UsageError: --extends: cannot fetch http:/,
  );
});

test('config --check reads what an address gives as it reads files, with places in it', async () => {
  const text =
    'gate: {fail-on: high}\nwaivers:\n  - {rule: pie, path: /a, reason: x, expires: 2020-01-01}\n';
  const folder = folderWith({ 'hullcheck.yaml': 'exclude: /x\n' });
  const silent = { write: async () => {}, isTty: false, columns: 80 };
  const surroundings = { cwd: folder, today: '2026-11-30', stdout: silent, stderr: silent };
  await serving(
    (_, response) => response.end(text),
    async (address) => {
      const name = `${address}/p.yaml`;
      const { remarks } = await checkConfigs(
        { files: [], against: [] },
        { extends: [`${name}@sha256:${sha256(text)}`], noCache: true },
        { ...surroundings, env: loopback },
      );
      assert.deepEqual(
        remarks.map(({ at, level }) => [positionText(at), level]),
        [[`${name}:3:47`, 'warning']],
      );
    },
  );
});

test('an address is not believed: another content, host, protocol or size is refused', async () => {
  const rows: readonly (readonly [name: string, answer: RequestListener, want: RegExp])[] = [
    [
      'another content',
      (_, response) => response.end('exclude: /other'),
      /has the sha256 [0-9a-f]{64}, expected/,
    ],
    [
      'an error',
      (_, response) => response.writeHead(404).end(policyText),
      /the server answers 404/,
    ],
    [
      'a redirect to another host',
      (_, response) => response.writeHead(301, { location: 'https://example.org/p.yaml' }).end(),
      /it redirects to https:\/\/example\.org, expected http:\/\/127\.0\.0\.1/,
    ],
    [
      'a redirect to another protocol',
      ({ headers }, response) =>
        response.writeHead(301, { location: `ftp://${headers.host}/` }).end(),
      /it redirects to/,
    ],
    [
      'a redirect to itself',
      (_, response) => response.writeHead(302, { location: '/' }).end(),
      /more than 5 redirects/,
    ],
    [
      'an endless content',
      (_, response) => {
        const more = () => response.write('#'.repeat(65_536), () => !response.destroyed && more());
        more();
      },
      /it has more than 1048576 bytes/,
    ],
    [
      'a cut content',
      ({ socket }, response) => {
        response.writeHead(200, { 'content-length': 9999 });
        response.write('exclude', () => socket.destroy());
      },
      /cannot fetch/,
    ],
  ];
  for (const [name, answer, want] of rows)
    await serving(answer, async (address) => {
      const extended = [`${address}/@sha256:${sha256(policyText)}`];
      const settings = settingsIn(folderWith({}), { extends: extended, noCache: true }, loopback);
      await assert.rejects(settings, want, name);
    });
  await serving(
    (_, response) => response.end(policyText),
    async (address) => {
      const extended = [`${address}/@sha256:${sha256(policyText)}`];
      await assert.rejects(
        settingsIn(folderWith({}), { extends: extended }),
        /expected an address of https/,
      );
      const nested = `extends: ${address}/@sha256:${sha256(policyText)}`;
      await assert.rejects(
        settingsIn(folderWith({ 'hullcheck.yaml': nested })),
        /expected an address of https/,
      );
    },
  );
});

test('a fetched configuration extends no files and names no baseline', async () => {
  for (const [text, want] of [
    ['extends: ./org.yaml', /can extend no files/],
    ['baseline: known.json', /cannot name a baseline/],
  ] as const)
    await serving(
      (_, response) => response.end(text),
      async (address) => {
        const extended = [`${address}/@sha256:${sha256(text)}`];
        await assert.rejects(
          settingsIn(folderWith({}), { extends: extended, noCache: true }, loopback),
          want,
        );
      },
    );
});

test('several configurations that --config names merge in their order', async () => {
  const folder = folderWith({
    'hullcheck.yaml': 'exclude: /found',
    'a.yaml': 'exclude: /a\nprofile: alpine',
    'b.yaml': 'exclude: /b\nprofile: debian',
  });
  const { config, file } = await settingsIn(folder, { config: ['a.yaml', 'b.yaml'] });
  assert.deepEqual(config.exclude, ['/a', '/b']);
  assert.equal(config.profile, 'debian');
  assert.equal(file?.name, 'b.yaml');
});

test('a file that --config names last is not put below another one by what that extends', async () => {
  const folder = folderWith({
    'org.yaml': 'gate: {fail-on: high}',
    'mine.yaml': 'extends: ./org.yaml\ngate: {fail-on: none}',
    'plain.yaml': 'gate: {fail-on: low}',
  });
  const refused = [
    ['mine.yaml', 'org.yaml'],
    ['org.yaml', 'plain.yaml', 'org.yaml'],
  ];
  for (const config of refused)
    await assert.rejects(settingsIn(folder, { config }), /--config org\.yaml is in force already/);
  const env = { HULLCHECK_EXTENDS: './org.yaml' };
  const both = settingsIn(folder, { config: ['plain.yaml', 'org.yaml'] }, env);
  await assert.rejects(both, /plain\.yaml lies above it/);
  const first = await settingsIn(folder, { config: ['org.yaml', 'mine.yaml'] });
  assert.deepEqual(first.config.gate?.['fail-on'], ['none']);
  await settingsIn(folder, { config: ['org.yaml'] }, env);
});

test('what --extends and its variable name stays in force whatever else is named', async () => {
  const folder = folderWith({
    'org.yaml': 'exclude: /org',
    'more.yaml': 'exclude: /more',
    'other.yaml': 'exclude: /other',
    'hullcheck.yaml': 'root: true\nextends: ./org.yaml\nexclude: /here',
  });
  const env = { HULLCHECK_EXTENDS: 'org.yaml' };
  const rows = [
    [{}, env, ['/org', '/here']],
    [{ config: ['other.yaml'] }, env, ['/org', '/other']],
    [{ extends: ['more.yaml'] }, env, ['/org', '/more', '/here']],
    [{}, { ...env, HULLCHECK_CONFIG: 'other.yaml' }, ['/org', '/other']],
  ] as const;
  for (const [args, variables, want] of rows)
    assert.deepEqual((await settingsIn(folder, args, variables)).config.exclude, want);
});

test('a file that is left out where it locks settings is named in the report', async () => {
  const folder = folderWith({
    'hullcheck.yaml': 'locked: gate',
    'x.yaml': 'gate: {fail-on: none}',
  });
  const { policy } = await settingsIn(folder, { config: ['x.yaml'] });
  assert.deepEqual(sentencesIn(policy), [
    'hullcheck.yaml locks settings and is not in force: --config names other files',
  ]);
  // What it extends may lock, and is not read for that.
  const rows = [
    [
      'extends: ./org.yaml',
      {},
      ['hullcheck.yaml extends ./org.yaml and is not in force: --config names other files'],
    ],
    ['extends: ./org.yaml', { HULLCHECK_EXTENDS: './org.yaml' }, []],
    ['exclude: /x', {}, []],
  ] as const;
  writeFileSync(join(folder, 'org.yaml'), 'locked: gate.fail-on\ngate: {fail-on: none}');
  for (const [text, env, want] of rows) {
    writeFileSync(join(folder, 'hullcheck.yaml'), text);
    const { policy: left } = await settingsIn(folder, { config: ['x.yaml'] }, env);
    assert.deepEqual(sentencesIn(left), want, text);
  }
  writeFileSync(join(folder, 'hullcheck.yaml'), 'locked: nothing');
  const { policy: other } = await settingsIn(folder, { config: ['x.yaml'] });
  assert.match(String(sentencesIn(other)), /cannot be read and is not in force/);
});

const locking = 'locked: gate';
const loose = 'gate: {fail-on: none}';
const ways: readonly {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly args?: Readonly<Record<string, unknown>>;
  readonly want: RegExp | null;
}[] = [
  {
    name: '--config names another file',
    files: { 'hullcheck.yaml': locking, 'app/x.yaml': loose },
    args: { config: ['x.yaml'] },
    want: /^\.\.\/hullcheck\.yaml locks settings and is not in force: --config names other files, and --require-config is set: give --extends \.\.\/hullcheck\.yaml to use it$/,
  },
  {
    name: 'a nearer .git begins another repository',
    files: { 'hullcheck.yaml': locking, 'app/.git': 'x', 'app/hullcheck.yaml': loose },
    want: /^\.\.\/hullcheck\.yaml locks settings and is not in force: \.git begins a repository of its own, and --require-config/,
  },
  {
    name: 'both: each would hide what the other leaves out',
    files: { 'hullcheck.yaml': locking, 'app/.git': 'x', 'app/x.yaml': loose },
    args: { config: ['x.yaml'] },
    want: /locks settings and is not in force: \.git begins/,
  },
  {
    name: 'a file above that cannot be read',
    files: { 'hullcheck.yaml': 'locked: nothing', 'app/.git': 'x', 'app/hullcheck.yaml': loose },
    want: /cannot be read and is not in force/,
  },
  {
    name: 'a file above that locks nothing',
    files: { 'hullcheck.yaml': 'exclude: /x', 'app/.git': 'x', 'app/hullcheck.yaml': loose },
    want: null,
  },
  {
    name: 'the file that locks is named too',
    files: { 'hullcheck.yaml': locking, 'app/.git': 'x', 'app/hullcheck.yaml': 'exclude: /x' },
    args: { extends: ['../hullcheck.yaml'] },
    want: null,
  },
];

for (const { name, files, args = {}, want } of ways)
  test(`locks that are left out, ${name}: ${want === null ? 'none' : 'a warning, and an error with --require-config'}`, async () => {
    const cwd = join(folderWith({ '.git/HEAD': '', ...files }), 'app');
    const { policy } = await settingsIn(cwd, args);
    const lost = (policy.remarks ?? []).filter(({ kind }) => kind === 'locks-not-in-force');
    assert.equal(lost.length, want === null ? 0 : 1, JSON.stringify(policy.remarks));
    const required = settingsIn(cwd, { ...args, requireConfig: true });
    if (want === null) await required;
    else await assert.rejects(required, { name: 'UsageError', message: want });
  });

const archive = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');

test('a policy file that was meant and is not in force is an error or a warning in the report', () => {
  const rows: readonly {
    readonly name: string;
    readonly files: Readonly<Record<string, string>>;
    readonly error?: RegExp;
    readonly warning?: RegExp;
  }[] = [
    {
      name: 'a dangling link',
      files: { 'hullcheck.yaml': '-> policy/hullcheck.yaml' },
      error: /is a dangling link/,
    },
    {
      name: 'a link to itself',
      files: { 'hullcheck.yaml': '-> hullcheck.yaml' },
      error: /cannot read .*hullcheck\.yaml/,
    },
    {
      name: 'another ending',
      files: { 'hullcheck.yml': 'profile: strict' },
      error: /hullcheck\.yml is not read: rename it/,
    },
    {
      name: 'a file of TOML',
      files: { 'hullcheck.toml': 'profile = "strict"' },
      error: /hullcheck\.toml is not read: write the settings to hullcheck\.yaml/,
    },
    { name: 'a folder', files: { 'hullcheck.yaml/x': '' }, error: /hullcheck\.yaml is not a file/ },
    {
      name: 'a broken package.json',
      files: { 'package.json': '{"hullcheck": {"profile": "strict"}' },
      error: /package\.json:/,
    },
    {
      name: 'two files',
      files: { 'hullcheck.yaml': 'exclude: /x', 'package.json': '{"hullcheck": {}}' },
      error: /both .* keep one/,
    },
    {
      name: 'an empty file',
      files: { 'hullcheck.yaml': '' },
      warning: /^hullcheck\.yaml contains no settings$/,
    },
    {
      name: 'comments alone',
      files: { 'hullcheck.yaml': '# gate: {}\n' },
      warning: /^hullcheck\.yaml contains no settings$/,
    },
    {
      name: 'a repository in another one',
      files: { '.git/HEAD': '', 'hullcheck.yaml': 'profile: strict', 'app/.git': 'gitdir: x' },
      warning: /^\.\.\/hullcheck\.yaml is not in force: \.git begins a repository of its own$/,
    },
  ];
  for (const { name, files, error, warning } of rows) {
    const folder = folderWith({ 'app/x': '', ...files });
    const cwd = name.startsWith('a repository') ? join(folder, 'app') : folder;
    const run = hullcheckIn(cwd)([archive, '-o', 'json', '--no-cache']);
    if (error !== undefined) {
      assert.equal(run.status, 2, `${name}: ${run.stderr}`);
      assert.match(run.stderr, error, name);
    } else assert.match(JSON.parse(run.stdout).policy.warnings[0], warning ?? /^$/, name);
  }
});

test('--require-config and its variable demand a file with settings', async () => {
  const demands = [
    [{ requireConfig: true }, {}],
    [{}, { HULLCHECK_REQUIRE_CONFIG: '1' }],
  ] as const;
  for (const [args, env] of demands) {
    const rows: readonly (readonly [Record<string, string>, RegExp | null])[] = [
      [{}, /there is no configuration file, and --require-config is set/],
      [{ 'hullcheck.yaml': '# soon\n' }, /hullcheck\.yaml is empty, and --require-config is set/],
      [{ 'package.json': '{}' }, /there is no configuration file/],
      [{ 'hullcheck.yaml': 'profile: auto' }, null],
      [{ 'package.json': '{"hullcheck": {"profile": "auto"}}' }, null],
    ];
    for (const [files, want] of rows) {
      const settings = settingsIn(folderWith({ '.git/HEAD': '', ...files }), args, env);
      if (want === null) await settings;
      else await assert.rejects(settings, want);
    }
  }
});

test('config --show has the place of each value, what it replaces, and what keeps it', () => {
  const folder = folderWith({
    '.git/HEAD': '',
    'org.yaml': 'gate: {fail-on: high}\nrules: {pie: high}\nlocked: [gate, rules.pie]\n',
    'hullcheck.yaml': 'extends: ./org.yaml\n',
    'app/hullcheck.yaml': 'gate:\n  fail-on: low\n',
  });
  const run = hullcheckIn(join(folder, 'app'));
  const { stdout } = run(['config', '--show', '--maximum', 'low=3']);
  for (const line of [
    /^# \.\.\/org\.yaml \(extended\), sha256 [0-9a-f]{64}$/m,
    /^gate\.fail-on: low +# hullcheck\.yaml:2:3, locked by \.\.\/org\.yaml:3:10, in place of high \(\.\.\/org\.yaml:1:8\), high \(default\)$/m,
    /^gate\.maximum\.low: 3 +# --maximum, locked by \.\.\/org\.yaml:3:10$/m,
    /^rules\.pie: high +# \.\.\/org\.yaml:2:9, locked by \.\.\/org\.yaml:3:16$/m,
    /^accept: package-database, os-release +# default where gate\.of or profile is locked$/m,
    /^# not locked: profile, rules, overrides, exclude, waivers, baseline, dependencies, yours, runs-on, allow, deny, limits$/m,
  ])
    assert.match(stdout, line);
  const shown = JSON.parse(run(['config', '--format', 'json']).stdout);
  assert.deepEqual(
    shown.settings.find(({ name }: { readonly name: string }) => name === 'gate.fail-on'),
    {
      ...{
        name: 'gate.fail-on',
        value: ['low'],
        from: 'hullcheck.yaml',
        place: 'hullcheck.yaml:2:3',
      },
      lockedBy: '../org.yaml:3:10',
      replaced: [
        { value: ['high'], place: '../org.yaml:1:8' },
        { value: ['high'], place: 'default' },
      ],
    },
  );
});
