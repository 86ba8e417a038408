import assert from 'node:assert/strict';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { Log } from 'sarif';
import { UsageError } from '../../src/base/errors.ts';
import { readDockerfile } from '../../src/commands/options/dockerfile-option.ts';
import { readRoot, repositoryAt } from '../../src/commands/options/repository-option.ts';
import { type Environment, hullcheckIn } from '../support/hullcheck-in.ts';
import { repositoryRoot } from '../support/repository.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hullcheck-sarif-root-')));
after(() => rmSync(folder, { recursive: true }));
const workspace = join(folder, 'workspace');
const program = join(repositoryRoot, 'samples/elf/x86_64-musl-gcc-nopie-bare');
for (const build of ['build-a', 'build-b', 'service/build-a']) {
  mkdirSync(join(workspace, build, 'bin'), { recursive: true });
  copyFileSync(program, join(workspace, build, 'bin/app'));
}
mkdirSync(join(workspace, 'sub/.git'), { recursive: true });
mkdirSync(join(workspace, 'sub/module/.git'), { recursive: true });
writeFileSync(join(workspace, 'sub/module/Dockerfile'), 'FROM scratch\n');
symlinkSync(workspace, join(folder, 'link'));

interface Run {
  readonly categories: readonly (string | undefined)[];
  readonly uris: readonly string[];
  readonly fingerprints: readonly string[];
}

function sarifOf(at: string, argv: readonly string[], env: Environment = {}): Run {
  const { stdout, stderr } = hullcheckIn(join(folder, at))(
    [...argv, '--no-cache', '--quiet', '-o', 'sarif'],
    env,
  );
  assert.equal(stderr, '');
  const { runs }: Log = JSON.parse(stdout);
  const results = runs.flatMap((run) => run.results ?? []);
  assert.ok(results.length > 0);
  return {
    categories: runs.map(({ automationDetails }) => automationDetails?.id),
    uris: [
      ...new Set(
        results.map(
          ({ locations }) => locations?.[0]?.physicalLocation?.artifactLocation?.uri ?? '',
        ),
      ),
    ],
    fingerprints: results.map(
      ({ partialFingerprints }) => partialFingerprints?.['primaryLocationLineHash'] ?? '',
    ),
  };
}

const inWorkspace = { GITHUB_WORKSPACE: workspace };

describe('files of one name in two folders keep apart', () => {
  for (const [what, of] of [
    ['folders', (build: string) => sarifOf('workspace', [`${build}/`])],
    ['folders by the scheme', (build: string) => sarifOf('workspace', [`folder:${build}`])],
    ['files', (build: string) => sarifOf('workspace', [`${build}/bin/app`])],
    ['from within', (build: string) => sarifOf(`workspace/${build}`, ['.'], inWorkspace)],
    ['by absolute paths', (build: string) => sarifOf('.', [join(workspace, build)], inWorkspace)],
    [
      'under --sarif-root',
      (build: string) => sarifOf('.', [join(workspace, build), '--sarif-root', 'workspace']),
    ],
  ] as const)
    it(`scanned one after the other: ${what}`, () => {
      const [a, b] = [of('build-a'), of('build-b')];
      assert.notDeepEqual(a.categories, b.categories);
      assert.notDeepEqual(a.uris, b.uris);
      assert.deepEqual(
        a.fingerprints.filter((one) => b.fingerprints.includes(one)),
        [],
      );
    });

  it('scanned together', () => {
    const { categories, fingerprints } = sarifOf('workspace', ['build-a/', 'build-b/']);
    assert.deepEqual(categories, ['hullcheck/build-a/', 'hullcheck/build-b/']);
    assert.equal(new Set(fingerprints).size, fingerprints.length);
  });

  it('as many files in one run: the category has their folder', () => {
    const files = Array.from({ length: 21 }, (_, at) => `build-a/tools/${at}`);
    mkdirSync(join(workspace, 'build-a/tools'));
    for (const file of files) copyFileSync(program, join(workspace, file));
    assert.deepEqual(sarifOf('workspace', files).categories, ['hullcheck/all/build-a/tools/']);
    rmSync(join(workspace, 'build-a/tools'), { recursive: true });
  });
});

describe('in a workspace of GitHub Actions', () => {
  for (const [what, at, argv] of [
    ['a folder', 'workspace', ['build-a']],
    ['a folder, from below', 'workspace/service', ['build-a']],
    ['a folder, from outside', '.', [join(workspace, 'service/build-a')]],
    ['a file', 'workspace/service', ['build-a/bin/app']],
    ['the workspace itself', 'workspace', ['.']],
  ] as const)
    it(`locations of ${what} exist in it`, () => {
      const { uris } = sarifOf(at, argv, inWorkspace);
      for (const uri of uris) assert.ok(existsSync(join(workspace, uri)), uri);
    });

  it('a location is the same from wherever it is scanned', () => {
    const runs = [
      sarifOf('workspace', ['service/build-a'], inWorkspace),
      sarifOf('workspace/service', ['build-a/'], inWorkspace),
      sarifOf('.', ['workspace/service/build-a'], inWorkspace),
      sarifOf('workspace', ['service/build-a'], { GITHUB_WORKSPACE: join(folder, 'link') }),
      sarifOf('workspace/service', ['build-a'], { CI_PROJECT_DIR: workspace }),
      sarifOf('workspace/service', ['build-a', '--sarif-root', '..']),
    ];
    for (const run of runs) assert.deepEqual(run, runs[0]);
    assert.deepEqual(runs[0]?.uris, ['service/build-a/bin/app']);
    assert.deepEqual(runs[0]?.categories, ['hullcheck/service/build-a/']);
  });

  it('an image is called by its name', () => {
    const image = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');
    assert.deepEqual(sarifOf('workspace', [image], inWorkspace), sarifOf('workspace', [image]));
  });

  it('GitLab has the same path', () => {
    const { stdout } = hullcheckIn(join(workspace, 'service'))(
      ['build-a', '--no-cache', '--quiet', '-o', 'gitlab'],
      { CI_PROJECT_DIR: workspace },
    );
    assert.equal(JSON.parse(stdout)[0].location.path, 'service/build-a/bin/app');
  });
});

describe('the root of a repository', () => {
  const rootFrom = (at: string, env: Environment, named?: string) => {
    const cwd = join(folder, at);
    const rootOf = readRoot(named, cwd, env);
    return rootOf === null ? null : repositoryAt(cwd, rootOf).root;
  };
  for (const [what, at, env, named, want] of [
    ['is not known without a word of it', 'workspace', {}, undefined, null],
    ['is the workspace', 'workspace/build-a', inWorkspace, undefined, workspace],
    ['is the workspace, from outside too', '.', inWorkspace, undefined, workspace],
    [
      'is the checkout in the workspace, not a module of it',
      'workspace/sub/module',
      inWorkspace,
      undefined,
      join(workspace, 'sub'),
    ],
    [
      'is what the user names',
      'workspace/sub',
      inWorkspace,
      'module',
      join(workspace, 'sub/module'),
    ],
    [
      'is not a workspace that does not exist',
      '.',
      { GITHUB_WORKSPACE: '/no/such' },
      undefined,
      null,
    ],
    [
      'is not a workspace by a relative path',
      '.',
      { GITHUB_WORKSPACE: 'workspace' },
      undefined,
      null,
    ],
    ['is not a file', '.', { GITHUB_WORKSPACE: program }, undefined, null],
    [
      'is that of GitLab where the other one is empty',
      '.',
      { GITHUB_WORKSPACE: '', CI_PROJECT_DIR: workspace },
      undefined,
      workspace,
    ],
  ] as const)
    it(what, () => assert.equal(rootFrom(at, env, named), want));

  for (const [what, named] of [
    ['nothing', 'no-such'],
    ['a file', program],
    ['two', ['a', 'b'] as never],
  ] as const)
    it(`--sarif-root of ${what} is refused`, () => {
      assert.throws(() => readRoot(named, folder, {}), UsageError);
    });

  it('is that of a Dockerfile too', () => {
    const named = 'workspace/sub/module/Dockerfile';
    const fileBy = (root: string | undefined, env: Environment) =>
      readDockerfile(named, folder, null, readRoot(root, folder, env))?.file;
    assert.equal(fileBy(undefined, inWorkspace), 'module/Dockerfile');
    assert.equal(fileBy('workspace', inWorkspace), 'sub/module/Dockerfile');
    assert.equal(fileBy(undefined, {}), 'Dockerfile');
  });
});
