import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { repositoryRoot } from '../support/repository.ts';

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
}

const workflow = parse(readFileSync(join(repositoryRoot, '.github/workflows/release.yml'), 'utf8'));
const steps: readonly Step[] = workflow.jobs.release.steps;
const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'));
const digest = `sha256:${'ab'.repeat(32)}`;

/** What would publish, fetch or take minutes says what it was asked. */
const programs: Readonly<Record<string, string>> = {
  npm: 'case $1 in pack) echo packed >hullcheck-1.tgz ;; esac',
  node: 'mkdir -p release/dist/bundle; echo "{}" | tee release/package.json >release/dist/bundle/bom.cdx.json',
  docker: `case $1 in inspect) echo "i@${digest}" ;; esac`,
  gh: ':',
  cosign: ':',
};

interface Run {
  readonly folder: string;
  readonly status: number;
  readonly calls: readonly string[];
  readonly output: string;
}

function run(given: string, change: (folder: string) => void = () => {}): Run {
  const place = mkdtempSync(join(tmpdir(), 'release-workflow-'));
  const folder = join(place, 'checkout');
  mkdirSync(join(folder, 'scripts'), { recursive: true });
  for (const name of ['package.json', 'CHANGELOG.md'])
    copyFileSync(join(repositoryRoot, name), join(folder, name));
  writeFileSync(join(folder, '.gitignore'), '*.tgz\nrelease/\n');
  cpSync(join(repositoryRoot, 'scripts/release'), join(folder, 'scripts/release'), {
    recursive: true,
  });
  const git = (...words: readonly string[]) =>
    assert.equal(
      spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...words], {
        cwd: folder,
      }).status,
      0,
      words.join(' '),
    );
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '-m', 'all');
  git('init', '-q', '--bare', join(place, 'origin'));
  git('remote', 'add', 'origin', join(place, 'origin'));
  change(folder);
  const bin = join(place, 'bin');
  mkdirSync(bin);
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >>"${place}/calls"\n${body}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  writeFileSync(join(place, 'calls'), '');
  writeFileSync(join(place, 'output'), '');
  let status = 0;
  let output = '';
  for (const { run: script } of steps) {
    if (script === undefined || status !== 0) continue;
    assert.ok(!script.includes('${'.concat('{')), 'no expression is part of a script');
    const result = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: `${bin}:${process.env['PATH']}`,
        VERSION: given,
        REPOSITORY: 'https://github.com/o/hullcheck',
        IMAGE: 'ghcr.io/o/hullcheck',
        DIGEST: digest,
        GITHUB_OUTPUT: join(place, 'output'),
      },
    });
    status = result.status ?? 1;
    output += result.stdout + result.stderr;
  }
  const calls = readFileSync(join(place, 'calls'), 'utf8').trim().split('\n');
  return { folder, status, calls, output: output + readFileSync(join(place, 'output'), 'utf8') };
}

test('a release is checked, tested, built, tagged and published, in this order', () => {
  const { folder, status, calls, output } = run(version);
  assert.equal(status, 0, output);
  assert.deepEqual(calls, [
    'npm ci --ignore-scripts',
    'npm test',
    'node scripts/release/release-tree.mjs --repository https://github.com/o/hullcheck release',
    'npm pack ./release --pack-destination .',
    `docker build --tag ghcr.io/o/hullcheck:${version} .`,
    `docker push ghcr.io/o/hullcheck:${version}`,
    `docker inspect --format {{index .RepoDigests 0}} ghcr.io/o/hullcheck:${version}`,
    `cosign sign --yes ghcr.io/o/hullcheck@${digest}`,
    `gh release create v${version} --verify-tag --title hullcheck ${version} --notes See CHANGELOG.md. hullcheck-1.tgz release/dist/bundle/bom.cdx.json`,
    'npm publish ./hullcheck-1.tgz --provenance --access public',
  ]);
  assert.match(output, new RegExp(`^digest=${digest}$`, 'm'));
  const shown = spawnSync('git', ['ls-tree', '-r', '--name-only', `v${version}`], {
    cwd: join(folder, '../origin'),
    encoding: 'utf8',
  });
  assert.equal(shown.stdout, 'dist/bundle/bom.cdx.json\npackage.json\n');
});

const refused: Readonly<Record<string, readonly [string, (folder: string) => void, RegExp]>> = {
  'another version': ['9.9.9', () => {}, /package\.json does not have version 9\.9\.9/],
  'a word': ['latest; rm x', () => {}, /is not a version like 1\.2\.3/],
  'a tag that is there': [
    version,
    (folder) => void spawnSync('git', ['tag', `v${version}`], { cwd: folder }),
    /the tag v\S+ is there already/,
  ],
  'a checkout with changes': [
    version,
    (folder) => writeFileSync(join(folder, 'more'), ''),
    /has changes that are not committed/,
  ],
};
for (const [name, [given, change, says]] of Object.entries(refused))
  test(`${name} is refused before anything runs`, () => {
    const { status, calls, output } = run(given, change);
    assert.equal(status, 1);
    assert.deepEqual(calls, ['']);
    assert.match(output, says);
  });

test('only the job that publishes may write, and what npm has is published last', () => {
  assert.deepEqual(workflow.permissions, { contents: 'read' });
  assert.deepEqual(Object.keys(workflow.on), ['workflow_dispatch']);
  assert.match(steps.at(-1)?.run ?? '', /^npm publish .* --provenance /);
});
