import type { Limits } from '../../base/limits.ts';
import type { WalkedInside } from '../catalog.ts';
import { squashProblems } from '../squash.ts';

/**
 * The parts that judging needs of a target inside a file of another target; null: none. Nearly all of them contain no
 * program: Java archives, Python wheels, sources. Only their problems are kept, including those of their roots:
 * otherwise a hundred thousand names would stay until the end.
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
