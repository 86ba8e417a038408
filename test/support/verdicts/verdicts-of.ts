import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '../../../rules/index.ts';
import type { Outcome } from '../../../src/base/verdict.ts';
import type { Elf } from '../../../src/elf/model.ts';
import { readElf } from '../../../src/elf/read-elf.ts';
import { bytesOf } from '../../../src/elf/reading/bytes.ts';
import { extract } from '../../../src/extraction/extract-facts.ts';
import { wantedFacts } from '../../../src/extraction/wanted-facts.ts';
import { judge } from '../../../src/judge/judge.ts';
import { bareFileFacts } from '../../../src/root/root-facts.ts';
import { repositoryRoot } from '../repository.ts';

const wanted = wantedFacts(rules);

/** What every rule says of one file that lies nowhere, by rule id. */
export function verdictsOf(buffer: Buffer): ReadonlyMap<string, Outcome> {
  const { facts, linking } = extract(buffer, wanted);
  const verdicts = judge(rules, { ...facts, ...bareFileFacts(linking, null, facts.system) });
  return new Map(verdicts.map(({ rule, outcome }) => [rule, outcome]));
}

/** Ids of the rules that a file fails. */
export function failedRules(buffer: Buffer): readonly string[] {
  return [...verdictsOf(buffer)].filter(([, outcome]) => outcome === 'fail').map(([id]) => id);
}

export function sampleElf(name: string): Elf {
  return readElf(bytesOf(sampleBinary(name)));
}

export function sampleBinary(name: string): Buffer {
  return readFileSync(join(repositoryRoot, 'samples', 'elf', name));
}
