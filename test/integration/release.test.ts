import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { repositoryRoot } from '../support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'release-test-'));
const home = join(folder, 'home');
mkdirSync(home);

/** Nothing is fetched: what a release needs, it has. */
const env = {
  PATH: process.env['PATH'],
  HOME: home,
  npm_config_offline: 'true',
  npm_config_audit: 'false',
  npm_config_update_notifier: 'false',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.org',
  PIP_NO_INDEX: '1',
};

function call(cwd: string, program: string, ...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, encoding: 'utf8', env });
  return { status, output: `${stdout}${stderr}` };
}

function run(cwd: string, program: string, ...words: readonly string[]): string {
  const { status, output } = call(cwd, program, ...words);
  assert.equal(status, 0, `${program} ${words.join(' ')}: ${output}`);
  return output;
}

function commit(place: string): void {
  run(place, 'git', 'init', '-q', '-b', 'main');
  run(place, 'git', 'add', '--all', '--force');
  run(place, 'git', 'commit', '-q', '-m', 'all');
}

const script = join(repositoryRoot, 'scripts/release/release-tree.mjs');
const address = 'https://github.com/some-owner/hullcheck';

/** The sources of this checkout as a commit: they may not be committed yet. */
const sources = join(folder, 'sources');
run(repositoryRoot, 'git', 'clone', '-q', '--no-checkout', '.', sources);
const names = run(repositoryRoot, 'git', 'ls-files', '--cached', '--others', '--exclude-standard');
for (const name of names
  .trim()
  .split('\n')
  .filter((each) => existsSync(join(repositoryRoot, each)))) {
  mkdirSync(dirname(join(sources, name)), { recursive: true });
  copyFileSync(join(repositoryRoot, name), join(sources, name));
}
run(sources, 'git', 'add', '--all');
run(sources, 'git', 'commit', '-q', '--allow-empty', '-m', 'now');

const tree = join(folder, 'tree');
run(
  folder,
  process.execPath,
  join(sources, 'scripts/release/release-tree.mjs'),
  ...['--repository', `${address}.git`, '--author', 'A <a@example.org>'],
  ...['--packages', join(repositoryRoot, 'node_modules'), tree],
);
commit(tree);
const manifest = JSON.parse(readFileSync(join(tree, 'package.json'), 'utf8'));

test('a release is made with an address, and without one not', () => {
  for (const words of [
    [],
    ['out'],
    ['--repository', 'github.com/a/b', 'out'],
    ['--repository', 'https://host', 'out'],
    ['--repository', address, tree],
  ]) {
    const { status, output } = call(folder, process.execPath, script, ...words);
    assert.equal(status, 2, words.join(' '));
    assert.match(output, /^release-tree: [^\n]+\n$/);
  }
});

test('the package of a release names its address, runs no script and needs no package', () => {
  assert.equal(manifest.homepage, `${address}#readme`);
  assert.equal(manifest.bugs, `${address}/issues`);
  assert.deepEqual(manifest.repository, { type: 'git', url: `git+${address}.git` });
  assert.equal(manifest.author, 'A <a@example.org>');
  for (const name of ['scripts', 'dependencies', 'devDependencies'])
    assert.equal(manifest[name], undefined, name);
  const own = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'));
  for (const name of ['name', 'version', 'bin', 'exports', 'files', 'engines', 'type', 'license'])
    assert.deepEqual(manifest[name], own[name], name);
});

test('a release has what npm packs, the action and the hooks, and nothing of its making', () => {
  const top = readdirSync(tree).filter((name) => name !== '.git');
  assert.deepEqual(top.sort(), [
    ...['.pre-commit-hooks.yaml', 'CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md'],
    ...['SECURITY.md', 'action.mjs', 'action.yml', 'dist', 'docs', 'package.json', 'schema'],
  ]);
  const { main } = parse(readFileSync(join(tree, 'action.yml'), 'utf8')).runs;
  for (const name of [main, 'dist/bundle/action.js', 'dist/bundle/cli.js', 'dist/src/index.d.ts'])
    assert.ok(existsSync(join(tree, name)), name);
});

test('links of a release lead to its files or to the repository, and examples name it', () => {
  for (const name of ['README.md', 'docs/README.md', 'docs/ci.md', 'CONTRIBUTING.md']) {
    const text = readFileSync(join(tree, name), 'utf8');
    for (const [, link = ''] of text.matchAll(/\]\(([^)\s]+)[)\s]/g)) {
      if (/^(?:https:|#)/.test(link)) continue;
      const [path = ''] = link.split('#');
      assert.ok(existsSync(join(tree, dirname(name), path)), `${name}: ${link}`);
    }
    assert.doesNotMatch(text, /OWNER\/hullcheck/);
  }
  const contributing = readFileSync(join(tree, 'CONTRIBUTING.md'), 'utf8');
  assert.match(
    contributing,
    /\]\(https:\/\/github\.com\/some-owner\/hullcheck\/blob\/[0-9a-f]{40}\/lab\/README\.md\)/,
  );
});

test('npm installs a release globally out of git, and it scans', () => {
  const prefix = join(folder, 'global');
  run(folder, 'npm', 'install', '--global', '--prefix', prefix, `git+file://${tree}`);
  const program = join(prefix, 'bin/hullcheck');
  assert.equal(run(folder, program, '--version'), `hullcheck ${manifest.version}\n`);
  const sarif = join(folder, 'a.sarif');
  const image = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');
  assert.equal(call(folder, program, image, '-o', `sarif=${sarif}`).status, 1);
  const [{ tool }] = JSON.parse(readFileSync(sarif, 'utf8')).runs;
  assert.equal(tool.driver.informationUri, `${address}#readme`);
});

const samples = join(repositoryRoot, 'samples/elf');
const good = join(samples, 'x86_64-glibc-gcc-pie-hardened');
const bad = join(samples, 'x86_64-glibc-gcc-nopie-bare');

/** As pre-commit would install and run it: Debian 12 has version 3.0.4. */
test('pre-commit installs the hooks of a release, and they judge ELF files and nothing else', () => {
  const repository = join(folder, 'project');
  mkdirSync(repository);
  writeFileSync(
    join(repository, '.pre-commit-config.yaml'),
    JSON.stringify({
      repos: [
        {
          repo: tree,
          rev: run(tree, 'git', 'rev-parse', 'HEAD').trim(),
          hooks: [{ id: 'hullcheck' }],
        },
      ],
    }),
  );
  writeFileSync(join(repository, 'libc.so'), 'GROUP ( /lib/libc.so.6 )\n');
  writeFileSync(join(repository, 'lfs.so'), 'version https://git-lfs.github.com/spec/v1\n');
  writeFileSync(join(repository, 'picture'), Buffer.from('\x89PNG\0\0\0', 'latin1'));
  copyFileSync(good, join(repository, 'tool'));
  commit(repository);
  const hook = () => call(repository, 'pre-commit', 'run', '--all-files', '--color', 'never');
  const first = hook();
  assert.equal(first.status, 0, first.output);
  assert.match(first.output, /^hullcheck\.+Passed$/m);
  copyFileSync(bad, join(repository, 'other'));
  run(repository, 'git', 'add', 'other');
  const second = hook();
  assert.equal(second.status, 1, second.output);
  assert.match(second.output, /^hullcheck\.+Failed$/m);
  assert.match(second.output, /GATE BROKEN/);
});
