import type { PlacedElf } from './elf-content.ts';
import type { Extraction } from './extraction.ts';

/** What became of one content: on its way, or found out and perhaps still kept by somebody. */
type Sight = Promise<Extraction> | WeakRef<Extraction>;

/** Extracts a file unless its digest is among `known`, which it says then. */
export type ExtractUnless = (
  elf: PlacedElf,
  known: readonly string[],
) => Promise<Extraction | { readonly known: string }>;

/**
 * Extracts each content once, however many layers, platforms and images hold it. Only a digest proves two files equal;
 * whoever reads a file takes it, and looks no further when the digest is that of one that looks alike.
 */
export class SeenContents {
  readonly #byLook = new Map<string, Set<{ sight: Sight }>>();

  /** The facts of an equal file, or what `extract` says. A content that was lost is tried again. */
  async extract(elf: PlacedElf, extract: ExtractUnless): Promise<Extraction> {
    const alike = this.#byLook.get(elf.look) ?? new Set();
    this.#byLook.set(elf.look, alike);
    const known = alike.size === 0 ? none : await extractionsOf([...alike]);
    const pending = extract(elf, [...known.keys()]).then((found) =>
      'known' in found ? equalTo(found.known, known) : found,
    );
    const seen: { sight: Sight } = { sight: pending };
    alike.add(seen);
    try {
      const extraction = await pending;
      if (known.has(extraction.sha256)) alike.delete(seen);
      seen.sight = new WeakRef(extraction);
      return extraction;
    } catch (error) {
      alike.delete(seen);
      throw error;
    }
  }
}

const none: ReadonlyMap<string, Extraction> = new Map();

/** By their digests, those that are still there or on their way. */
async function extractionsOf(
  alike: readonly { readonly sight: Sight }[],
): Promise<ReadonlyMap<string, Extraction>> {
  const known = new Map<string, Extraction>();
  for (const { sight } of alike) {
    const extraction =
      sight instanceof WeakRef ? sight.deref() : await sight.catch(() => undefined);
    if (extraction !== undefined) known.set(extraction.sha256, extraction);
  }
  return known;
}

function equalTo(sha256: string, known: ReadonlyMap<string, Extraction>): Extraction {
  const extraction = known.get(sha256);
  if (extraction === undefined) throw new TypeError(`a thread knows ${sha256}, which nobody told`);
  return extraction;
}
