import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseReference } from '../../../src/sources/registry/reference.ts';

const sha = `sha256:${'a'.repeat(64)}`;

const references = [
  { given: 'alpine', want: 'registry-1.docker.io library/alpine latest' },
  { given: 'alpine:3.20', want: 'registry-1.docker.io library/alpine 3.20' },
  { given: 'team/app', want: 'registry-1.docker.io team/app latest' },
  { given: 'docker.io/alpine', want: 'registry-1.docker.io library/alpine latest' },
  { given: 'index.docker.io/library/alpine', want: 'registry-1.docker.io library/alpine latest' },
  { given: `alpine@${sha}`, want: `registry-1.docker.io library/alpine ${sha}` },
  { given: `alpine:3.20@${sha}`, want: `registry-1.docker.io library/alpine ${sha}` },
  { given: 'ghcr.io/team/app:v1', want: 'ghcr.io team/app v1' },
  { given: 'localhost/app', want: 'localhost app latest' },
  { given: 'localhost:5000/app:v1', want: 'localhost:5000 app v1' },
  { given: '[::1]:5000/app', want: '[::1]:5000 app latest' },
  { given: 'EXAMPLE.org/a/b/c__d', want: 'example.org a/b/c__d latest' },
  { given: 'Alpine', want: null },
  { given: '', want: null },
  { given: 'a//b', want: null },
  { given: '../app', want: null },
  { given: 'app:', want: null },
  { given: 'app@sha256:abc', want: null },
  { given: 'host name.org/app', want: null },
  { given: 'svc-1.0/svc', want: null },
  { given: 'example.org:99999/app', want: null },
  { given: 'user:password@example.org/app', want: null },
  { given: 'https://example.org/app', want: null },
  { given: `${'a/'.repeat(128)}b`, want: null },
];

for (const { given, want } of references) {
  test(`the reference ${JSON.stringify(given.slice(0, 40))} is ${want}`, () => {
    const found = parseReference(given);
    const text = found && `${found.host} ${found.repository} ${found.version}`;
    assert.equal(text, want);
  });
}
