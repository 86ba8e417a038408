import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileImages, isNamedByUser, type NamedTarget } from '../../src/policy/image-name.ts';

const selected = (name: string): NamedTarget => ({
  name,
  scheme: 'docker-archive',
  kind: 'image',
  namedBy: 'user',
  digest: null,
});

const selects = compileImages(['acme/pay']);
for (const host of [
  'index.docker.io',
  'registry-1.docker.io',
  'registry.hub.docker.com',
  'docker.io:443',
  'registry.hub.docker.com:443',
])
  test(`${host} is docker.io to an entry`, () => {
    const target = selected(`${host}/acme/pay:1.0`);
    assert.equal(selects(target), true);
    assert.equal(isNamedByUser(target), true);
  });

test('the default port is not part of the name of a registry', () => {
  assert.equal(compileImages(['quay.io/v/agent:1.*'])(selected('quay.io:443/v/agent:1.2')), true);
});

for (const name of [
  'acme//pay:1.0',
  'acme/./pay:1.0',
  '/acme/pay:1.0',
  'ACME/pay:1.0',
  'acme/Pay:1.0',
  'acme/pay\u200b:1.0',
  'acme/p\u0430y:1.0',
])
  test(`${JSON.stringify(name)} is not a valid name, so the user has not named the image`, () => {
    assert.equal(isNamedByUser(selected(name)), false);
  });
