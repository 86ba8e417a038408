import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { repositoryRoot } from '../support/repository.ts';

const archive = join(repositoryRoot, 'samples/images/alpine-app.docker.tar');
const folder = mkdtempSync(join(tmpdir(), 'hullcheck-facts-'));
const run = hullcheckIn(folder);
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const parsed = (name: string): unknown => JSON.parse(read(name));

describe('--facts, and reports without it', () => {
  before(() => {
    for (const words of [
      ['-o', 'json=small.json', '-o', 'text=scan.txt'],
      ['--facts', '-o', 'json=full.json', '-o', 'jsonl=full.jsonl'],
    ])
      assert.equal(run([archive, '--no-cache', ...words]).status, 1);
  });

  it('writes every fact, known or not', () => {
    const [small, full] = ['small.json', 'full.json'].map((name) => JSON.parse(read(name)));
    assert.deepEqual([small.facts, full.facts], ['needed', 'all']);
    const factsOf = (of: typeof full) => of.targets[0].binaries[0].facts;
    assert.ok(Object.keys(factsOf(full)).length > 40);
    assert.ok('dynamicTags' in factsOf(full) && !('dynamicTags' in factsOf(small)));
    assert.ok(statSync(join(folder, 'small.json')).size < 0.75 * read('full.json').length);
    assert.match(read('full.jsonl'), /"soname"/);
  });

  it('needs a format that has facts', () => {
    const { status, stderr } = run([archive, '--facts']);
    assert.equal(status, 2);
    assert.match(stderr, /--facts requires the json or jsonl format: add -o json=FILE/);
  });

  it('cannot be given back by convert, which reads both', () => {
    assert.equal(run(['convert', 'full.json', '--facts', '-o', 'json=again.json']).status, 0);
    assert.deepEqual(parsed('again.json'), parsed('full.json'));
    const { status, stderr } = run(['convert', 'small.json', '--facts', '-o', 'json']);
    assert.equal(status, 2);
    assert.match(stderr, /small\.json was written without --facts: only a scan has the others/);
    assert.equal(run(['convert', 'full.json', '-o', 'json=again.json']).status, 0);
    assert.deepEqual(parsed('again.json'), parsed('small.json'));
  });

  it('is not needed to convert, verify, attest and make a baseline', () => {
    assert.equal(run(['convert', 'small.json', '-o', 'text=again.txt']).status, 0);
    assert.equal(read('again.txt'), read('scan.txt'));
    assert.equal(run(['verify-report', 'small.json', archive]).status, 0);
    assert.equal(run(['attest', 'small.json', '--to', 'statement.json']).status, 0);
    for (const name of ['small', 'full'])
      assert.equal(run(['baseline', `${name}.json`, '--to', `${name}.known`]).status, 0);
    assert.equal(read('small.known'), read('full.known'));
    assert.equal(run([archive, '--no-cache', '--baseline', 'small.known', '-q']).status, 0);
    assert.equal(run(['diff', 'small.json', archive, '--no-cache', '-o', 'text=x']).status, 0);
  });
});
