import type { PlacedElf } from '../extraction/elf-content.ts';
import type { Extraction } from '../extraction/extraction.ts';
import type { LayerCatalog, WalkedLayer } from '../layers/catalog.ts';
import { catalogLayer } from '../layers/catalog-layer.ts';
import { FileMemory } from '../layers/file-memory.ts';
import { withFacts } from '../layers/with-facts.ts';
import type { Limits } from '../limits.ts';
import { nestingOptions } from '../nesting.ts';
import { keepsText } from '../root/kept-texts.ts';
import type { HeldLayer, Layer } from '../sources/source.ts';
import { spoolWhereRoom } from '../sources/spool.ts';
import { createLayerThreads, type FindFacts } from './layer-threads.ts';

/** Turns layers into catalogs, on other threads where that is worth it. */
export interface LayerReader {
  /** As `catalogLayer`. */
  read(
    layer: Layer,
    extract: (elf: PlacedElf) => Promise<Extraction>,
    guessesPackages?: boolean,
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

  function walkHere(layer: Layer, extract: FindFacts, guessesPackages: boolean) {
    const options = {
      limits,
      memory,
      spool: spoolWhereRoom,
      extract,
      keepsText,
      guessesPackages,
    };
    return catalogLayer(layer, nestingOptions(options));
  }

  /** null: it could not be walked there, for whatever reason. */
  async function walkThere(
    held: HeldLayer,
    extract: FindFacts,
    guesses: boolean,
  ): Promise<WalkedLayer | null> {
    try {
      if (held.stored.length < worthAThread) return null;
      // What is fetched is not fetched twice.
      const guessesPackages = guesses && held.stored.kind === 'file';
      return await threads.walk(held, { limits, guessesPackages }, extract);
    } catch {
      return null;
    } finally {
      held.release();
    }
  }

  async function walk(layer: Layer, extract: FindFacts, guesses: boolean): Promise<WalkedLayer> {
    const held = jobs > 1 ? ((await layer.hold?.()) ?? null) : null;
    const walked = held && (await walkThere(held, extract, guesses));
    // A thread that died, or met a bug, says little of it: here the same is told as it is, or does not happen again.
    return walked ?? (await walkHere(layer, extract, guesses));
  }

  return {
    async read(layer, extract, guessesPackages = false) {
      const facts = new Map<string, Extraction>();
      const known: FindFacts = async (elf) => {
        const extraction = await extract(elf);
        facts.set(extraction.sha256, extraction);
        return extraction;
      };
      const walked = await walk(layer, known, guessesPackages);
      return withFacts(walked, facts);
    },
    close: () => threads.close(),
  };
}
