import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseChallenge } from '../../../src/sources/registry/challenge.ts';

const full = {
  scheme: 'bearer',
  realm: 'https://auth/token',
  service: 'reg',
  scope: 'repository:a:pull',
};

const headers = [
  { header: 'Basic realm="x"', want: { scheme: 'basic' } },
  {
    header: 'Bearer realm="https://auth/token",service="reg",scope="repository:a:pull"',
    want: full,
  },
  { header: 'bearer realm=https://auth/token, service=reg, scope="repository:a:pull"', want: full },
  {
    header:
      'Basic realm="x", Bearer realm="https://auth/token",service="reg",scope="repository:a:pull"',
    want: full,
  },
  { header: 'Bearer realm="r"', want: { scheme: 'bearer', realm: 'r', service: '', scope: '' } },
  { header: 'Negotiate', want: null },
  { header: '', want: null },
];

for (const { header, want } of headers) {
  test(`the challenge ${JSON.stringify(header)} is understood`, () => {
    assert.deepEqual(parseChallenge(header), want);
  });
}
