import { UnreadablePart } from '../base/errors.ts';
import type { ElfLimits } from '../elf/reading/decoding-budget.ts';
import type { DebugSource } from './debug/find-debug-file.ts';
import type { Place } from './elf-content.ts';
import { extractFrom } from './extract-facts.ts';
import type { Digests, Extraction } from './extraction.ts';
import { placedBytes } from './placed-bytes.ts';

/** A file for a thread to extract. `known` are files that look like this one and whose facts are known. */
export type PlacedFile = Place & { readonly known: readonly Digests[] };

/** What came of it, as plain data: errors lose what they are on their way out of a thread. */
export type Outcome =
  | { readonly kind: 'facts'; readonly extraction: Extraction }
  /** Those of `others` that are not known yet. */
  | ({ readonly kind: 'known' } & Digests)
  | { readonly kind: 'unreadable'; readonly message: string };

export function extractPlaced(
  file: PlacedFile,
  wanted: ReadonlySet<string>,
  limits: ElfLimits,
  links = true,
  debug: DebugSource | null = null,
): Outcome {
  try {
    const { bytes, digests } = placedBytes(file);
    const extraction = () => extractFrom(bytes, wanted, limits, links, debug);
    if (file.known.length === 0) {
      // Digests come last: of a large file they take what facts read.
      const found = extraction();
      return { kind: 'facts', extraction: { ...digests(), ...found } };
    }
    const { sha256, others } = digests(file.known);
    if (file.known.some((each) => each.sha256 === sha256)) return { kind: 'known', sha256, others };
    return { kind: 'facts', extraction: { sha256, others, ...extraction() } };
  } catch (error) {
    if (error instanceof UnreadablePart) return { kind: 'unreadable', message: error.message };
    throw error;
  }
}
