import assert from 'node:assert/strict';
import { rules } from '../../../rules/index.ts';
import type { ImageConfig } from '../../../src/base/image-config.ts';
import { judge } from '../../../src/judge/judge.ts';
import { acceptedHere } from '../../../src/root/accepted-here.ts';
import { findBinaries } from '../../../src/root/binaries.ts';
import { findRootFacts } from '../../../src/root/root-facts.ts';
import { rootTarget } from '../../../src/sources/root/root-target.ts';
import type { Target } from '../../../src/sources/source.ts';
import { buildRoot, type Things } from '../roots/root-builder.ts';
import { assertDeclared } from './declared-severity.ts';

/** What a rule says of one file of an image. */
export function verdictIn(things: Things, path: string, config: ImageConfig | null, id: string) {
  const facts = factsIn(things, path, config);
  const rule = rules.find((each) => each.id === id);
  assert.ok(rule, `there is no rule ${id}`);
  const [verdict] = judge([rule], facts);
  assert.ok(verdict);
  assertDeclared(verdict, rule, facts);
  return verdict;
}

export function factsIn(things: Things, path: string, config: ImageConfig | null) {
  const root = buildRoot(things);
  const binaries = findBinaries(root, () => false);
  const plain = rootTarget('root', 'dir', null, async function* () {});
  const target: Target = { ...plain, kind: 'image', config };
  const rootFacts = findRootFacts(target, root, binaries);
  const index = binaries.findIndex(({ entry }) => entry.path === path);
  const [binary, found] = [binaries[index], rootFacts[index]];
  if (binary === undefined || found === undefined) throw new Error(`${path} is not a binary`);
  const acceptance = acceptedHere(binary.extraction, root);
  return { ...binary.extraction.facts, acceptance, ...found };
}
