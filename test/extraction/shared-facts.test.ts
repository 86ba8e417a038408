import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { deserialize, serialize } from 'node:v8';
import { extract } from '../../src/extraction/extract-facts.ts';
import type { Extraction } from '../../src/extraction/extraction.ts';
import { SharedFacts } from '../../src/extraction/shared-facts.ts';
import { extractors } from '../../src/facts/index.ts';
import { repositoryRoot } from '../support/repository.ts';

const wanted = new Set(Object.keys(extractors));
const extracted = (name: string) =>
  extract(readFileSync(join(repositoryRoot, 'samples/elf', name)), wanted);
const one = extracted('x86_64-glibc-gcc-pie-debug');
const other = extracted('x86_64-musl-clang-pie-hardened');

/** As it comes from a thread, with nothing that it shares. */
const sent = (extraction: Extraction): Extraction => deserialize(serialize(extraction));

describe('one of equal facts is kept', () => {
  for (const [name, extraction] of Object.entries({ one, other })) {
    it(`and says what they said: ${name}`, () => {
      const same = new SharedFacts();
      same.of(sent(one));
      assert.deepEqual(same.of(sent(extraction)), extraction);
    });
  }

  it('with what linking needs, but for names that files define and use', () => {
    const same = new SharedFacts();
    const first = same.of(sent(one));
    const second = same.of(sent(one));
    for (const [name, fact] of Object.entries(first.facts))
      assert.equal(new Map<string, unknown>(Object.entries(second.facts)).get(name), fact, name);
    assert.ok(first.linking.known && second.linking.known);
    assert.equal(first.linking.value.versionNeeds, second.linking.value.versionNeeds);
    assert.notEqual(first.linking.value.exports, second.linking.value.exports);
  });

  it('and it is not that of another name', () => {
    const same = new SharedFacts();
    const { soname, runPath } = same.of({ ...one, facts: { ...one.facts, ...alike(2n) } }).facts;
    assert.notEqual(soname, runPath);
  });

  it('until others are to come', () => {
    const same = new SharedFacts();
    const first = same.of(sent(one));
    same.forget();
    assert.notEqual(same.of(sent(one)).facts.kind, first.facts.kind);
  });
});

/** Two facts that look alike. */
function alike(value: unknown): Pick<Extraction['facts'], 'soname' | 'runPath'> {
  return deserialize(
    serialize({ soname: { known: true, value }, runPath: { known: true, value } }),
  );
}
