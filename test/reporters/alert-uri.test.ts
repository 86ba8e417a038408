import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TargetReport } from '../../src/report.ts';
import { alertUri } from '../../src/reporters/alert-uri.ts';
import { binary, target } from '../support/report-builder.ts';

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
      alertUri(
        target({ platform: given.kind === undefined ? 'linux/amd64' : null, ...given }),
        binary({ path: '/bin/a' }),
      ),
      want,
      given.name,
    );
});

test('a file is named by its own path', () => {
  const table = [
    { path: 'build/app', want: 'build/app' },
    { path: './build//app', want: 'build/app' },
    { path: '/usr/bin/app', want: 'usr/bin/app' },
    { path: '../app', want: 'app' },
    { path: 'a:b#c?d%e', want: 'a%3Ab%23c%3Fd%25e' },
    { path: '..', want: 'root' },
  ];
  for (const { path, want } of table)
    assert.equal(alertUri(target({ kind: 'file', name: path }), binary({ path })), want, path);
});
