import { type Fact, notKnown } from '../base/fact.ts';
import { baseName } from '../base/path-parts.ts';
import { printableName } from '../base/text.ts';
import type { Extraction } from '../extraction/extraction.ts';
import { importedData } from '../facts/file/com32.ts';
import type { Kind } from '../facts/kind.ts';
import { namesIn } from '../facts/link-tables/name-list.ts';
import type { Root } from '../layers/root.ts';

export type KindHere = (extraction: Extraction) => Fact<Kind>;

/**
 * The kind of a file next to the others of its target. A module of Syslinux is one since no process can have what it requires:
 * where another file supplies that, under the name of a library or as a symbol, a process can load it, and the kind is not known.
 * Such files are made on purpose, so the gate does not hold over them.
 */
export function createKindHere(root: Root): KindHere {
  let suppliers: ReadonlyMap<string, string> | null = null;
  return ({ facts: { kind } }) => {
    const names = kind.known && kind.value.kind === 'boot-code' ? requirements(kind.value) : [];
    if (names.length === 0) return kind;
    suppliers ??= findSuppliers(root);
    for (const name of names) {
      const path = suppliers.get(name);
      if (path === undefined) continue;
      const because = `it requires ${name}, as modules of Syslinux do, and ${printableName(path)} supplies that to processes`;
      return notKnown(because, 'damage');
    }
    return kind;
  };
}

function requirements({ evidence }: Kind): readonly string[] {
  return evidence
    .filter(({ what }) => what === 'DT_NEEDED' || what === importedData)
    .map(({ saw }) => saw);
}

/** By the names that files go by, and what they define: of all files that a process could load. */
function findSuppliers(root: Root): ReadonlyMap<string, string> {
  const wanted = new Set<string>();
  for (const { facts } of root.extractions.values())
    if (facts.kind.known && facts.kind.value.kind === 'boot-code')
      for (const name of requirements(facts.kind.value)) wanted.add(name);
  const found = new Map<string, string>();
  for (const { path, elf } of [...root.binaries, ...root.links]) {
    const extraction = root.extractions.get(elf ?? root.resolve(path)?.elf ?? '');
    if (extraction === undefined || isBootCode(extraction)) continue;
    const name = baseName(path);
    if (wanted.has(name)) found.set(name, path);
    for (const each of offeredBy(extraction)) if (wanted.has(each)) found.set(each, path);
  }
  return found;
}

/** The name of a library, and symbols: those that decide are known in runs too that do not link. */
function* offeredBy({ facts: { soname }, linking, syslinuxData }: Extraction): Iterable<string> {
  if (soname.known && soname.value !== null) yield soname.value;
  yield* linking.known ? namesIn(linking.value.exports) : (syslinuxData ?? []);
}

function isBootCode({ facts: { kind } }: Extraction): boolean {
  return kind.known && ['boot-code', 'debug-only'].includes(kind.value.kind);
}
