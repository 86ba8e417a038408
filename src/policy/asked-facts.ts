import type { Policy } from './policy.ts';

/** Names of facts by which a policy chooses binaries, file facts and others: they are wanted whatever the rules need. */
export function factsAskedBy({
  levels,
  waivers,
}: Pick<Policy, 'levels' | 'waivers'>): readonly string[] {
  const paths = [...levels, ...waivers].flatMap(({ where }) => Object.keys(where.facts ?? {}));
  return [...new Set(paths.map((path) => path.split('.')[0] ?? ''))];
}
