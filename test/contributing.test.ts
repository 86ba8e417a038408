import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { withExample } from '../scripts/new/example.ts';
import { repositoryRoot } from './support/repository.ts';

const contributing = readFileSync(join(repositoryRoot, 'CONTRIBUTING.md'), 'utf8');

/** The skeleton itself is compiled with the project, and test/scripts/new.test.ts runs what is made of it. */
test('the rule in CONTRIBUTING.md is the one that npm run new makes', () => {
  assert.equal(withExample(contributing), contributing, 'run npm run generate');
});

test('a rule in CONTRIBUTING.md that is another is found', () => {
  const other = contributing.replace("severity: 'medium'", "severity: 'high'");
  assert.notEqual(other, contributing);
  assert.equal(withExample(other), contributing);
});
