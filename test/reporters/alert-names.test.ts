import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TargetReport } from '../../src/report/report.ts';
import { createAlertNames } from '../../src/reporters/alerts/alert-names.ts';
import { binary, target } from '../support/reports/report-builder.ts';

const image = (name: string): Partial<TargetReport> => ({ name });
const directory = (name: string): Partial<TargetReport> => ({
  name,
  kind: 'root-filesystem',
  scheme: 'dir',
});
const rootfs = (name: string): Partial<TargetReport> => ({
  name,
  kind: 'root-filesystem',
  scheme: 'rootfs',
});

const { uriOf } = createAlertNames(null);

test('an image is named by its repository, without registry, tag and digest, and by its platform', () => {
  const table = [
    { given: image('app'), want: 'app/linux/amd64/bin/a' },
    { given: image('app:1.0'), want: 'app/linux/amd64/bin/a' },
    { given: image('team/app:1.0'), want: 'team/app/linux/amd64/bin/a' },
    { given: image('docker.io/library/alpine:3.20'), want: 'library/alpine/linux/amd64/bin/a' },
    {
      given: image('registry.example.org:5000/team/app:1.0@sha256:0123'),
      want: 'team/app/linux/amd64/bin/a',
    },
    { given: image('localhost/app@sha256:0123'), want: 'app/linux/amd64/bin/a' },
    { given: image('localhost:5000/app'), want: 'app/linux/amd64/bin/a' },
    { given: image('/tmp/build-7/app.tar'), want: 'app/linux/amd64/bin/a' },
    { given: image('/tmp/build-7/app.oci:1.0'), want: 'app/linux/amd64/bin/a' },
    { given: image('out/app.oci:2.0'), want: 'app/linux/amd64/bin/a' },
    { given: image('./out/app.tar.gz'), want: 'app/linux/amd64/bin/a' },
    { given: image('Team/App Name:1'), want: 'Team/App%20Name/linux/amd64/bin/a' },
    { given: image('c:/x'), want: 'x/linux/amd64/bin/a' },
    { given: image(''), want: 'image/linux/amd64/bin/a' },
    { given: directory('build/root'), want: 'build/root/bin/a' },
    { given: directory('./build'), want: 'build/bin/a' },
    { given: directory('/tmp/build-7/root'), want: 'root/bin/a' },
    { given: directory('../root'), want: 'root/bin/a' },
    { given: directory('/'), want: 'root/bin/a' },
    { given: rootfs('/tmp/build-7/minirootfs.tar.gz'), want: 'minirootfs/bin/a' },
  ];
  for (const { given, want } of table)
    assert.equal(
      uriOf(
        target({ platform: given.kind === undefined ? 'linux/amd64' : null, ...given }),
        binary({ path: '/bin/a' }),
      ),
      want,
      given.name,
    );
});

test('a file is named by its own path, and one that lies elsewhere by its name', () => {
  const table = [
    { path: 'build/app', want: 'build/app' },
    { path: './build//app', want: 'build/app' },
    { path: '/usr/bin/app', want: 'app' },
    { path: '../other/app', want: 'app' },
    { path: '../app', want: 'app' },
    { path: 'a:b#c?d%e', want: 'a%3Ab%23c%3Fd%25e' },
    { path: '..', want: 'root' },
  ];
  for (const { path, want } of table)
    assert.equal(uriOf(target({ kind: 'file', name: path }), binary({ path })), want, path);
});

const checkout = { root: '/w/repo', cwd: '/w/repo/ci' };

interface Row {
  readonly given: Partial<TargetReport>;
  /** Of the binary; else it is /bin/a. */
  readonly path?: string;
  readonly name: string;
  readonly uri: string;
}

const local = (
  scheme: string,
  name: string,
  kind: TargetReport['kind'] = 'root-filesystem',
): Partial<TargetReport> => ({ name, scheme, kind, platform: null });

const inCheckout: readonly Row[] = [
  { given: local('dir', 'out'), name: 'ci/out', uri: 'ci/out/bin/a' },
  { given: local('dir', './out/'), name: 'ci/out', uri: 'ci/out/bin/a' },
  { given: local('dir', '../build-a'), name: 'build-a', uri: 'build-a/bin/a' },
  { given: local('dir', '/w/repo/build-b/'), name: 'build-b', uri: 'build-b/bin/a' },
  { given: local('folder', '/w/repo/x/build'), name: 'x/build', uri: 'x/build/bin/a' },
  { given: local('dir', '/w/repo'), name: '.', uri: 'bin/a' },
  { given: local('dir', '..'), name: '.', uri: 'bin/a' },
  // What is elsewhere is called by its file name, whatever the machine.
  { given: local('dir', '/tmp/t-7/root'), name: 'root', uri: 'root/bin/a' },
  { given: local('dir', '../../other'), name: 'other', uri: 'other/bin/a' },
  { given: local('dir', '/w/repo-2/build'), name: 'build', uri: 'build/bin/a' },
  {
    given: local('file', '/tmp/t-7/out/app', 'file'),
    path: '/tmp/t-7/out/app!/in/b.so',
    name: 'app',
    uri: 'app%21/in/b.so',
  },
  // What lies in a container is shown at the container.
  {
    given: local('dir', 'out'),
    path: '/lib/x.jar!/so/n.so',
    name: 'ci/out',
    uri: 'ci/out/lib/x.jar',
  },
  { given: local('dir', 'out'), path: '/bin/wow!', name: 'ci/out', uri: 'ci/out/bin/wow%21' },
  { given: local('rootfs', 'root.tar.gz'), name: 'ci/root', uri: 'ci/root.tar.gz' },
  { given: local('ext4', 'disk.img!boot'), name: 'ci/disk.img!boot', uri: 'ci/disk.img' },
  { given: local('zip', '../a/x.whl', 'package'), name: 'a/x.whl', uri: 'a/x.whl' },
  {
    given: local('file', '../a/app', 'file'),
    path: '../a/app',
    name: 'a/app',
    uri: 'a/app',
  },
  {
    given: local('file', '/w/repo/a/app', 'file'),
    path: '/w/repo/a/app!/in/b.so',
    name: 'a/app',
    uri: 'a/app',
  },
  // They have names of their own.
  { given: local('deb', 'acme 1.0 (amd64)', 'package'), name: 'acme', uri: 'acme/bin/a' },
  { given: local('oci-dir', 'out/app.oci:1', 'image'), name: 'app', uri: 'app/bin/a' },
  { given: local('rootfs', '-'), name: '-', uri: '-/bin/a' },
];

for (const { given, path = '/bin/a', name, uri } of inCheckout)
  test(`in a repository, ${path} of ${given.scheme}:${given.name} is at ${uri}`, () => {
    const names = createAlertNames(checkout);
    const judged = binary({ path });
    assert.equal(names.nameOf(target(given)), name);
    assert.equal(names.uriOf(target(given), judged), uri);
  });

test('a file has one identity however its path is spelled', () => {
  const { portablePathOf } = createAlertNames(checkout);
  for (const path of ['../a/app', '/w/repo/a/app', './../a//app'])
    assert.equal(portablePathOf(target(local('file', path, 'file')), binary({ path })), 'a/app');
});

test('where no repository is known, what lies below the working directory is called by its path', () => {
  const { nameOf } = createAlertNames(null);
  for (const [scheme, name, want, kind] of [
    ['dir', 'build-a/', 'build-a', 'root-filesystem'],
    ['folder', './build-a/lib', 'build-a/lib', 'root-filesystem'],
    ['rootfs', 'build-a/root.tar', 'build-a/root', 'root-filesystem'],
    ['file', 'build-a/app', 'build-a/app', 'file'],
    ['file', '/tmp/build-a/app', 'app', 'file'],
    ['zip', '/tmp/build-a/x.whl', 'x.whl', 'package'],
    ['dir', '../build-a', 'build-a', 'root-filesystem'],
    ['dir', '.', '.', 'root-filesystem'],
  ] as const)
    assert.equal(nameOf(target(local(scheme, name, kind))), want, name);
});
