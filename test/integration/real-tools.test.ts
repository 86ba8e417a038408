import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openAll, type Walked } from '../sources/workbench.ts';

/** Images as skopeo and umoci write them: one root filesystem in every form must come out the same. */
const folder = mkdtempSync(join(tmpdir(), 'real-tools-'));
const root = join(folder, 'root');

function run(command: string, ...args: readonly string[]): void {
  const { error, status, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
  if (error)
    throw new Error(
      `${command} cannot be run (${error.message}): install skopeo and umoci for this test`,
    );
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${stderr}`);
}

before(() => {
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
  mkdirSync(join(root, 'etc'));
  writeFileSync(
    join(root, 'usr/bin/tool'),
    Buffer.from(Array.from({ length: 2_000_000 }, (_, at) => (at * at) >> 3)),
  );
  writeFileSync(join(root, 'etc/os-release'), 'ID=alpine\n');
  symlinkSync('usr/bin', join(root, 'bin'));
  run('umoci', 'init', '--layout', 'layout');
  run('umoci', 'new', '--image', 'layout:v1');
  run('umoci', 'unpack', '--rootless', '--image', 'layout:v1', 'bundle');
  cpSync(root, join(folder, 'bundle/rootfs'), { recursive: true, verbatimSymlinks: true });
  run('umoci', 'repack', '--image', 'layout:v1', 'bundle');
  run('skopeo', 'copy', 'oci:layout:v1', 'docker-archive:docker.tar:team/app:v1');
  run('skopeo', 'copy', 'oci:layout:v1', 'oci-archive:oci.tar:v1');
  run('skopeo', 'copy', '--dest-compress-format', 'zstd', 'oci:layout:v1', 'oci:zstd:v1');
  run('skopeo', 'copy', '--format', 'v2s2', 'oci:layout:v1', 'oci:second:v1');
  execFileSync('gzip', ['-k', 'docker.tar'], { cwd: folder });
  execFileSync('tar', ['-cf', 'root.tar', '-C', root, '.'], { cwd: folder });
});

after(() => rmSync(folder, { recursive: true, force: true }));

const forms = [
  { name: 'layout', scheme: 'oci-dir', target: 'PLACE:v1' },
  { name: 'zstd', scheme: 'oci-dir', target: 'PLACE:v1' },
  { name: 'second', scheme: 'oci-dir', target: 'PLACE:v1' },
  { name: 'oci.tar', scheme: 'oci-archive', target: 'PLACE:v1' },
  { name: 'docker.tar', scheme: 'docker-archive', target: 'docker.io/team/app:v1' },
  { name: 'docker.tar.gz', scheme: 'docker-archive', target: 'docker.io/team/app:v1' },
  { name: 'root.tar', scheme: 'rootfs', target: 'PLACE' },
  { name: 'root', scheme: 'dir', target: 'PLACE' },
];

const want = ['bin', 'etc', 'etc/os-release', 'usr', 'usr/bin', 'usr/bin/tool'];

for (const { name, scheme, target } of forms) {
  test(`${name} of the real tools is read whole, as ${scheme}`, async () => {
    const path = join(folder, name);
    const { targets, walks } = await openAll(path);
    assert.deepEqual(
      targets.map((each) => [each.scheme, each.name.replace(path, 'PLACE')]),
      [[scheme, target]],
    );
    assert.deepEqual(
      targets.flatMap(({ problems }) => problems),
      [],
    );
    const walked = walks.flat();
    assert.deepEqual(
      walked.flatMap(({ problems, damage }) => [...problems, damage]),
      walked.map(() => null),
    );
    assert.deepEqual(namesIn(walked), want);
  });
}

function namesIn(walks: readonly Walked[]): string[] {
  const names = walks.flatMap(({ paths }) =>
    paths.map((path) => path.replace(/^\.?\/?/, '').replace(/\/$/, '')),
  );
  return [...new Set(names)].filter((name) => name !== '').sort();
}
