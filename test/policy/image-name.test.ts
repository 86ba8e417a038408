import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileImages, imageNameOf } from '../../src/policy/image-name.ts';
import { referenceSchemes } from '../../src/report/is-reference.ts';
import type { TargetReport } from '../../src/report/report.ts';
import { remotes } from '../../src/sources/input/find-source.ts';
import { target } from '../support/reports/report-builder.ts';

type Given = Partial<Pick<TargetReport, 'name' | 'scheme' | 'kind' | 'namedBy' | 'digest'>>;

const tagged = (name: string): Given => ({ name, scheme: 'docker-archive', namedBy: 'content' });
const asked = (name: string): Given => ({ name, scheme: 'registry' });
const digest = `sha256:${'0a'.repeat(32)}`;

const names: readonly (readonly [claim: string, Given, string, string | null])[] = [
  ['an official image is written out', asked('alpine'), 'docker.io/library/alpine', null],
  ['a tag is not part of it', asked('alpine:3.20'), 'docker.io/library/alpine', '3.20'],
  ['nor is a digest', asked(`alpine@${digest}`), 'docker.io/library/alpine', null],
  ['nor are both', asked(`alpine:3.20@${digest}`), 'docker.io/library/alpine', '3.20'],
  [
    'another spelling of the hub is the hub',
    asked('index.docker.io/library/alpine:3.20'),
    'docker.io/library/alpine',
    '3.20',
  ],
  ['a user of the hub', asked('acme/app'), 'docker.io/acme/app', null],
  ['a port is not a tag', asked('localhost:5000/acme/app'), 'localhost:5000/acme/app', null],
  ['a host has no letter case', asked('GHCR.io/acme/app:1'), 'ghcr.io/acme/app', '1'],
  ['an archive has a name', tagged('acme/app:1.2'), 'docker.io/acme/app', '1.2'],
  ['what Podman builds', tagged('localhost/app:latest'), 'localhost/app', 'latest'],
  ['what is not a reference loses its tag alone', tagged('Acme App:1'), 'Acme App', '1'],
  [
    'a name that the user selects in an archive is a reference',
    { name: 'acme/app:1.2', scheme: 'docker-archive' },
    'docker.io/acme/app',
    '1.2',
  ],
  [
    'an archive of docker save without a name is its file',
    { name: './out/app.tar', scheme: 'docker-archive' },
    'app.tar',
    null,
  ],
  ['an archive without a name is its file', { name: './out/app.tar' }, 'app.tar', null],
  [
    'so is a layout, with the tag that it gives',
    { name: 'out/app:1.0', scheme: 'oci-dir' },
    'app',
    '1.0',
  ],
  ['a folder', { name: '/mnt/root/', scheme: 'dir', kind: 'root-filesystem' }, 'root', null],
  ['a program', { name: 'bin/app:x', scheme: 'file', kind: 'file' }, 'app:x', null],
  [
    'a package is called as it calls itself, without its version',
    { name: 'busybox 1.36.1-r29 (x86_64)', scheme: 'apk', kind: 'package', namedBy: 'content' },
    'busybox',
    null,
  ],
];

for (const [claim, given, repository, tag] of names)
  test(`the name of an image: ${claim}`, () => {
    const by = given.namedBy ?? 'user';
    assert.deepEqual(imageNameOf(target(given)), { repository, tag, by });
  });

const hub = asked('alpine:3.20');
const selects: readonly (readonly [glob: string, Given, boolean])[] = [
  ['alpine', hub, true],
  ['library/alpine', hub, true],
  ['docker.io/alpine', hub, true],
  ['docker.io/library/alpine', hub, true],
  ['docker.io/library/*', hub, true],
  ['alp*', hub, true],
  ['alpine:3.20', hub, true],
  ['docker.io/library/alpine:3.*', hub, true],
  ['{busybox,alpine}:3.{19,20}', hub, true],
  ['alpine:3.19', hub, false],
  ['*20', hub, false],
  ['alpine:latest', asked('alpine'), true],
  ['alpine:latest', asked(`alpine@${digest}`), false],
  [`alpine@${digest}`, asked(`alpine@${digest}`), true],
  [`alpine@${digest.toUpperCase()}`, asked(`alpine@${digest}`), true],
  [`*@${digest}`, { ...tagged('alpine:1'), digest }, true],
  [`alpine@${digest}`, { ...tagged(`alpine@${digest}`), digest: null }, false],
  [`alpine@sha256:${'00'.repeat(32)}`, asked(`alpine@${digest}`), false],
  // A short name is one of the hub, not of any registry.
  ['alpine', asked('evil.example/alpine:3.20'), false],
  ['acme/app', asked('evil.example/acme/app'), false],
  ['**/app', asked('evil.example/acme/app'), true],
  ['app', tagged('localhost/app:latest'), true],
  ['ghcr.io/acme/*', asked('ghcr.io/acme/app:1'), true],
  ['ghcr.io/acme/*', asked('ghcr.io/acme/team/app:1'), false],
  ['ghcr.io/acme/**', asked('ghcr.io/acme/team/app:1'), true],
  ['localhost:5000/app', asked('localhost:5000/app:1'), true],
  ['acme/app', { name: 'acme/app:1.2', scheme: 'docker-archive' }, true],
  ['acme/app:1.*', { name: 'acme/app:1.2', scheme: 'docker-archive' }, true],
  ['ghcr.io/acme/app', { name: 'acme/app:1.2', scheme: 'docker-archive' }, false],
  ['out/app.tar', { name: 'out/app.tar', scheme: 'docker-archive' }, true],
  ['app.tar', { name: 'out/app.tar' }, true],
  ['out/app.tar', { name: './out/app.tar' }, true],
  ['out/*.tar', { name: 'out/app.tar' }, true],
  ['app', { name: 'out/app.tar' }, false],
  ['busybox', { name: 'busybox 1 (x)', scheme: 'apk', kind: 'package', namedBy: 'content' }, true],
];

for (const [glob, given, want] of selects)
  test(`image: ${glob} ${want ? 'selects' : 'does not select'} ${given.name}`, () => {
    assert.equal(compileImages([glob])(target(given)), want);
  });

test('the name of what a daemon or a registry gives is a reference, and of nothing else that has no path', () => {
  assert.deepEqual(
    Object.keys(remotes).filter((scheme) => scheme !== 'proc'),
    referenceSchemes,
  );
});
