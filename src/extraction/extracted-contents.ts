import type { PlacedElf } from './elf-content.ts';
import { type Digests, type Extraction, withDigests } from './extraction.ts';
import { identityOf } from './placed-bytes.ts';

/** What became of one content: on its way, or found out and perhaps still kept by somebody. */
type Sight = Promise<Extraction> | WeakRef<Extraction>;

/** Extracts a file unless its digest is among `known`: then it returns the requested digests only. */
export type ExtractUnless = (
  elf: PlacedElf,
  known: readonly Digests[],
) => Promise<Extraction | { readonly known: Digests }>;

/**
 * Extracts each content once, however many layers, platforms and images hold it. Only a digest proves that two files
 * are equal, unless they are one file of the system. The reader of a file computes it, and stops if it is that of a file that
 * looks alike. Other digests may be requested for each file.
 */
export class ExtractedContents {
  readonly #byLook = new Map<string, Set<Seen>>();

  /** Known as long as somebody else keeps it. */
  remember({ look, extraction }: KnownContent): void {
    const alike = this.#byLook.get(look) ?? new Set();
    this.#byLook.set(look, alike);
    alike.add({ sight: new WeakRef(extraction), identity: null });
  }

  /** The facts of an equal file, or what `extract` says. A content that was lost is tried again. */
  async extract(elf: PlacedElf, extract: ExtractUnless): Promise<Extraction> {
    const alike = this.#byLook.get(elf.look) ?? new Set();
    this.#byLook.set(elf.look, alike);
    const identity = identityOf(elf.place);
    const known = alike.size === 0 ? none : await knownOf([...alike]);
    const same = sameFile(elf, identity, known);
    if (same !== null) return same;
    const pending = extract(
      elf,
      [...known.values()].map(({ extraction }) => digestsOf(extraction)),
    ).then((found) => ('known' in found ? equalTo(found.known, known) : found));
    const seen: Seen = { sight: pending, identity };
    alike.add(seen);
    try {
      const found = await pending;
      const first = known.get(found.sha256)?.seen ?? seen;
      if (first !== seen) alike.delete(seen);
      // Others may have received it meanwhile.
      const extraction = withDigests(found, keptOf(first)?.others ?? {});
      first.sight = new WeakRef(extraction);
      return extraction;
    } catch (error) {
      alike.delete(seen);
      throw error;
    }
  }
}

/** An extraction is large, and this goes to a thread. */
function digestsOf({ sha256, others }: Extraction): Digests {
  return { sha256, others };
}

/** Facts of a content that are known before a file with it is met. */
export interface KnownContent extends Pick<PlacedElf, 'look'> {
  readonly extraction: Extraction;
}

interface Seen {
  sight: Sight;
  /** Of a file with this content that was read in this run. */
  readonly identity: string | null;
}

/** The facts of the file itself, with all digests that are requested now; null: it has to be read. */
function sameFile(
  { place }: PlacedElf,
  identity: string | null,
  known: ReadonlyMap<string, Known>,
): Extraction | null {
  if (identity === null) return null;
  for (const { extraction, seen } of known.values())
    if (seen.identity === identity)
      return place.digests.every((name) => extraction.others[name] !== undefined)
        ? extraction
        : null;
  return null;
}

function keptOf({ sight }: Seen): Extraction | undefined {
  return sight instanceof WeakRef ? sight.deref() : undefined;
}

interface Known {
  readonly extraction: Extraction;
  readonly seen: Seen;
}

const none: ReadonlyMap<string, Known> = new Map();

/** By their digests, those that are still there or on their way. */
async function knownOf(alike: readonly Seen[]): Promise<ReadonlyMap<string, Known>> {
  const known = new Map<string, Known>();
  for (const seen of alike) {
    const { sight } = seen;
    const extraction =
      sight instanceof WeakRef ? sight.deref() : await sight.catch(() => undefined);
    if (extraction === undefined) continue;
    const before = known.get(extraction.sha256)?.extraction.others ?? {};
    known.set(extraction.sha256, { extraction: withDigests(extraction, before), seen });
  }
  return known;
}

function equalTo({ sha256, others }: Digests, known: ReadonlyMap<string, Known>): Extraction {
  const found = known.get(sha256);
  if (found === undefined)
    throw new TypeError(`a thread refers to ${sha256}, which was never sent`);
  return withDigests(found.extraction, others);
}
