import type { Limits } from '../base/limits.ts';
import type { WalkedInside } from './catalog.ts';
import { squashProblems } from './squash.ts';

/**
 * What judging needs of a target that lies in a file of another; null: nothing. Nearly all of them hold no program: Java
 * archives, Python wheels, sources. Of those only problems are kept, with what their roots would tell: a hundred
 * thousand names would stay until the end otherwise.
 */
export function onlyJudged(inside: WalkedInside, limits: Limits): WalkedInside | null {
  const { catalogs, problems } = inside;
  const holds = catalogs.some(
    ({ entries, insides }) => insides.size > 0 || entries.some(({ elf }) => elf !== null),
  );
  if (holds) return inside;
  const ofLayers = catalogs.flatMap((catalog) => catalog.problems);
  const all = [...problems, ...ofLayers, ...squashProblems(catalogs, limits)];
  return all.length === 0 ? null : { ...inside, catalogs: [], problems: all };
}
