import type { Limits } from '../base/limits.ts';
import type { PlacedElf } from '../extraction/elf-content.ts';
import { type Extraction, withDigests } from '../extraction/extraction.ts';
import type { WantedDigests } from '../layers/building/package-signs.ts';
import { withFacts } from '../layers/building/with-facts.ts';
import type { LayerCatalog, WalkedLayer } from '../layers/catalog.ts';
import { catalogLayer } from '../layers/catalog-layer.ts';
import { FileMemory } from '../layers/content/file-memory.ts';
import { nestingOptions } from '../layers/look-inside.ts';
import { keepsText } from '../root/system/kept-texts.ts';
import { spoolWhereRoom } from '../sources/bytes/spool.ts';
import type { HeldLayer, Layer } from '../sources/source.ts';
import { createLayerThreads, type FindFacts } from './layer-threads.ts';

/** Turns layers into catalogs, on other threads where that is worth it. */
export interface LayerReader {
  /** As `catalogLayer`. */
  read(
    layer: Layer,
    extract: (elf: PlacedElf) => Promise<Extraction>,
    digests?: WantedDigests,
  ): Promise<LayerCatalog>;
  /** Ends the threads, whose memory others may need; another layer would start new ones. Safe to call twice. */
  close(): Promise<void>;
}

export interface LayerReaderOptions {
  readonly limits: Limits;
  readonly jobs: number;
  /** What the threads run instead of a walk, for tests. */
  readonly worker?: URL;
}

/** Stored bytes of a layer that takes longer than the start of a thread. */
const worthAThread = 4 * 1024 * 1024;

export function createLayerReader({ limits, jobs, worker }: LayerReaderOptions): LayerReader {
  const threads = createLayerThreads(jobs, worker);
  const memory = new FileMemory();

  function walkHere(layer: Layer, extract: FindFacts, digests: WantedDigests) {
    const options = {
      limits,
      memory,
      spool: spoolWhereRoom,
      extract,
      keepsText,
      digests,
    };
    return catalogLayer(layer, nestingOptions(options, layer.opensLibraries));
  }

  /** null: it could not be walked there, for whatever reason. */
  async function walkThere(
    held: HeldLayer,
    extract: FindFacts,
    wanted: WantedDigests,
  ): Promise<WalkedLayer | null> {
    try {
      if (held.stored.length < worthAThread) return null;
      // What is fetched is not fetched twice.
      const digests = held.stored.kind === 'file' ? wanted : 'all';
      return await threads.walk(held, { limits, digests }, extract);
    } catch {
      return null;
    } finally {
      held.release();
    }
  }

  async function walk(
    layer: Layer,
    extract: FindFacts,
    digests: WantedDigests,
  ): Promise<WalkedLayer> {
    const held = jobs > 1 ? ((await layer.hold?.()) ?? null) : null;
    const walked = held && (await walkThere(held, extract, digests));
    // A thread that died, or met a bug, reports little about it: here the same error is reported in full, or does not
    // happen again.
    return walked ?? (await walkHere(layer, extract, digests));
  }

  return {
    async read(layer, extract, digests = 'all') {
      const facts = new Map<string, Extraction>();
      const known: FindFacts = async (elf) => {
        const extraction = await extract(elf);
        const before = facts.get(extraction.sha256)?.others ?? {};
        facts.set(extraction.sha256, withDigests(extraction, before));
        return extraction;
      };
      const walked = await walk(layer, known, digests);
      return withFacts(walked, facts);
    },
    close: () => threads.close(),
  };
}
