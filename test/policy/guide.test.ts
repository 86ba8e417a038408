import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ruleIds } from '../../rules/ids.ts';
import { configShape } from '../../src/policy/config/config-shape.ts';
import { readConfig } from '../../src/policy/config/document.ts';
import { profiles } from '../../src/policy/profiles/index.ts';
import { repositoryRoot } from '../support/repository.ts';

const shape = configShape(
  ruleIds,
  profiles.map(({ name }) => name),
);
const read = (name: string) => readFileSync(join(repositoryRoot, 'docs', name), 'utf8');
const chapters = readdirSync(join(repositoryRoot, 'docs/policy')).map((name) => `policy/${name}`);

/** A digest that nobody has written out yet. */
const digest = 'ab'.repeat(32);

for (const name of ['policy.md', ...chapters]) {
  for (const match of read(name).matchAll(/^```yaml\n(?<text>.*?)^```$/gms)) {
    const line = read(name).slice(0, match.index).split('\n').length + 1;
    const text = (match.groups?.['text'] ?? '').replaceAll('DIGEST', digest);
    test(`docs/${name}:${line} is a configuration`, () => {
      readConfig(Buffer.from(text), `${name}:${line}`, shape);
    });
  }
}

test('the guide leads to each of its chapters', () => {
  for (const chapter of chapters) assert.ok(read('policy.md').includes(`(${chapter})`), chapter);
});
