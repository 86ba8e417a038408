import type { Extraction } from '../../extraction/extraction.ts';
import type { Contained, LayerCatalog, WalkedInside, WalkedLayer } from '../catalog.ts';

/** Puts the facts of the ELF files, by their digests, to what a walk found. */
export function withFacts(
  walked: WalkedLayer,
  facts: ReadonlyMap<string, Extraction>,
): LayerCatalog {
  const extractions = new Map<string, Extraction>();
  for (const { elf } of walked.entries) {
    const extraction = elf === null ? undefined : facts.get(elf);
    if (extraction !== undefined) extractions.set(extraction.sha256, extraction);
  }
  const inside = (each: WalkedInside): Contained => ({
    ...each,
    catalogs: each.catalogs.map((catalog) => withFacts(catalog, facts)),
  });
  const insides = new Map<string, readonly Contained[]>();
  for (const [path, found] of walked.insides) insides.set(path, found.map(inside));
  return { ...walked, extractions, insides };
}
