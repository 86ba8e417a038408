import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { rules } from '../../rules/index.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { extractFrom } from '../../src/extraction/extract-facts.ts';
import {
  factsForInspection,
  factsForReaders,
  wantedFacts,
  wantsLinkTables,
} from '../../src/extraction/wanted-facts.ts';
import { extractors } from '../../src/facts/index.ts';
import { judge } from '../../src/judge/judge.ts';
import type { Rule } from '../../src/judge/rule.ts';
import { factsNeededBy } from '../../src/policy/needed-facts.ts';
import { bareFileFacts } from '../../src/root/root-facts.ts';
import { repositoryRoot } from '../support/repository.ts';

const samples = join(repositoryRoot, 'samples/elf');
/** Of every sort: they are named by it. */
const someSamples = readdirSync(samples)
  .sort()
  .filter((_, index) => index % 15 === 0);

function judged(sample: string, by: readonly Rule[]) {
  const bytes = bytesOf(readFileSync(join(samples, sample)));
  const links = wantsLinkTables(by);
  const { facts, linking } = extractFrom(bytes, wantedFacts(by), undefined, links);
  return judge(by, { ...facts, ...bareFileFacts(linking, null, facts.system) });
}

describe('a rule alone says what it says among all of', () => {
  for (const sample of someSamples) {
    it(sample, () => {
      for (const verdict of judged(sample, rules)) {
        const rule = rules.filter(({ id }) => id === verdict.rule);
        // A rule that yields to another one says less with it.
        if (rule.some((each) => each.judges === 'binary' && each.yieldsTo !== undefined)) continue;
        assert.deepEqual(judged(sample, rule), [verdict]);
      }
    });
  }
});

describe('facts that are wanted', () => {
  it('are all where all rules are asked, but those for readers alone', () => {
    const forReaders: readonly string[] = factsForInspection;
    assert.ok(factsForReaders.every((name) => forReaders.includes(name)));
    assert.deepEqual(
      [...wantedFacts(rules)],
      Object.keys(extractors).filter((name) => !forReaders.includes(name)),
    );
    assert.ok(wantsLinkTables(rules));
  });

  it('are those of headers, and what a report says, where no rule is asked', () => {
    const wanted = wantedFacts([]);
    for (const name of ['kind', 'machine', 'language', 'acceptance', 'soname'] as const)
      assert.ok(wanted.has(name), name);
    for (const name of ['relro', 'instrumentation', 'fortify'] as const)
      assert.ok(!wanted.has(name), name);
    assert.ok(!wantsLinkTables([]));
  });

  it('are those too by which a policy chooses binaries', () => {
    const where = { facts: { 'relro.state': ['none'], 'linkage.where': ['root'] } };
    const because = { because: '', reason: '', causes: [], expires: null, origin: '' };
    const policy: Parameters<typeof factsNeededBy>[0][number] = {
      levels: [{ rule: 'pie', level: 'off', by: 'configuration', where, ...because }],
      waivers: [{ rules: ['pie'], where: { facts: { 'fortify.level': [3] } }, ...because }],
    };
    assert.deepEqual(factsNeededBy([policy], [{ id: 'relro' }]), []);
    const asked = factsNeededBy([policy], [{ id: 'pie' }]);
    assert.deepEqual(asked, ['relro', 'linkage', 'fortify']);
    assert.ok(wantedFacts([], asked).has('relro'));
    assert.ok(wantedFacts([], asked).has('fortify'));
    assert.ok(wantsLinkTables([], asked));
  });

  it('are those of a rule that asks a setting where the policy has it, and not otherwise', () => {
    const own = rules.filter(({ id }) => id === 'runs-on');
    const plain = { levels: [], waivers: [] };
    assert.deepEqual(factsNeededBy([plain], own), []);
    assert.ok(!wantedFacts(own).has('systemNeeds'));
    const asked = factsNeededBy([plain, { ...plain, runsOn: { glibc: '2.31' } }], own);
    assert.ok(wantedFacts(own, asked).has('systemNeeds'));
    assert.ok(!asked.includes('processorCode'));
    const withCpu = { ...plain, runsOn: { cpu: 'x86-64-v2' } } as const;
    assert.ok(factsNeededBy([withCpu], own).includes('processorCode'));
  });

  it('are those of a list of the policy where it has entries', () => {
    const own = rules.filter(({ id }) => id === 'own-lists');
    const entry = { names: ['x'], where: {}, reason: '', origin: '' };
    const none = { needed: [], exports: [], denied: [] };
    const wantedOf = (lists: object) =>
      factsNeededBy([{ levels: [], waivers: [], lists: { ...none, ...lists } }], own);
    const those = ['exports', 'imports', 'openedNames'];
    const among = (lists: object) => those.filter((name) => wantedOf(lists).includes(name));
    assert.deepEqual(among({ exports: [entry] }), ['exports']);
    assert.deepEqual(among({ denied: [entry] }), ['imports']);
    assert.deepEqual(among({ needed: [entry] }), ['openedNames']);
  });
});
