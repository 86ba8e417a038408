import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { extract, extractFacts } from '../../src/extraction/extract-facts.ts';
import { extractors, type FileFacts } from '../../src/facts/index.ts';
import { repositoryRoot } from '../support/repository.ts';

const sample = readFileSync(join(repositoryRoot, 'samples/elf/x86_64-glibc-gcc-pie-debug'));
const names = Object.keys(extractors) as (keyof typeof extractors)[];
const all = new Set<keyof FileFacts>(names);

describe('extractFacts', () => {
  it('knows every fact of a sound file', () => {
    const facts = extractFacts(sample, all);
    for (const name of names) assert.ok(facts[name].known, name);
  });

  it('says of each fact that is not wanted that nothing required it', () => {
    const facts = extractFacts(sample, new Set<keyof FileFacts>(['kind']));
    assert.ok(facts.kind.known);
    for (const name of names.filter((name) => name !== 'kind')) {
      assert.deepEqual(facts[name], {
        known: false,
        because: 'not needed by the rules of this run',
        cause: 'not-needed',
      });
    }
  });

  it('gives plain data that survives being sent to another thread', () => {
    const facts = extractFacts(sample, all);
    assert.deepEqual(structuredClone(facts), facts);
  });

  it('has an answer for each fact of a file cut anywhere, and no error escapes', () => {
    for (let length = 0; length < sample.length; length += 97) {
      const facts = extractFacts(sample.subarray(0, length), all);
      assert.deepEqual(Object.keys(facts), names);
      if (length < 64) assert.ok(!facts.kind.known);
    }
  });

  it('has an answer for each fact when single bytes are changed', () => {
    for (let at = 0; at < sample.length; at += 61) {
      const damaged = Buffer.from(sample);
      damaged[at] = (damaged[at] ?? 0) ^ 0xff;
      assert.deepEqual(Object.keys(extractFacts(damaged, all)), names);
    }
  });
});

describe('extract', () => {
  it('adds the size and the digest of the bytes', () => {
    const { sha256, size } = extract(Buffer.from('abc'), new Set());
    assert.equal(size, 3);
    assert.equal(sha256, 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
