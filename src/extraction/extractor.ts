import { extname } from 'node:path';
import pLimit from 'p-limit';
import type { Tinypool } from 'tinypool';
import { FailedPart, LimitExceeded, UnreadablePart } from '../base/errors.ts';
import type { Limits } from '../base/limits.ts';
import type { ElfLimits } from '../elf/reading/decoding-budget.ts';
import { inBatches } from './batches.ts';
import type { DebugFolders } from './debug/debug-folders.ts';
import type { DebugSource } from './debug/find-debug-file.ts';
import type { PlacedElf } from './elf-content.ts';
import { extractPlaced, type Outcome, type PlacedFile } from './extract-placed.ts';
import { ExtractedContents, type ExtractUnless, type KnownContent } from './extracted-contents.ts';
import type { Digests, Extraction } from './extraction.ts';
import { SharedFacts } from './shared-facts.ts';
import { expectScan } from './v8-flags.ts';
import { type FileFactName, type Needing, wantedFacts, wantsLinkTables } from './wanted-facts.ts';
import { withZstd } from './with-zstd.ts';
import { afterWork } from './working-time.ts';

/** Turns the bytes of ELF files into facts, on other threads once there is enough to do. */
export interface Extractor {
  /**
   * The file must not be released until this settles. Rejects with LimitExceeded or FailedPart when it costs more time or
   * memory than it may, or meets a bug, and with UnreadablePart: only that file is lost.
   */
  extract(elf: PlacedElf): Promise<Extraction>;
  /** Files with such a content are not extracted, as long as somebody else keeps it. */
  remember(content: KnownContent): void;
  /** Ends the threads, whose memory others may need; another file would start new ones. Safe to call twice. */
  close(): Promise<void>;
}

/** What a thread is asked to do. */
export interface ExtractionTask {
  readonly files: readonly PlacedFile[];
  readonly wanted: ReadonlySet<FileFactName>;
  /** As in extractFrom. */
  readonly links: boolean;
  readonly limits: ElfLimits;
  /** null: no debug files are looked for. */
  readonly debug: DebugSource | null;
}

export interface ExtractorOptions {
  readonly jobs: number;
  readonly limits: Limits;
  /** Facts that are wanted in addition to those of the rules. */
  readonly asked?: readonly string[];
  /** Where debug files are. Absent: none are looked for. */
  readonly debugFolders?: DebugFolders | undefined;
  /** What the threads run instead of extraction, for tests. */
  readonly worker?: URL;
}

/** Starting threads costs more than the facts of this many bytes; so few bytes cannot cost much time or memory. */
const bytesBeforeThreads = 8 * 1024 * 1024;

export function createExtractor(rules: readonly Needing[], options: ExtractorOptions): Extractor {
  const wish: Wish = {
    wanted: wantedFacts(rules, options.asked),
    links: wantsLinkTables(rules, options.asked),
    limits: options.limits,
    debug:
      options.debugFolders === undefined
        ? null
        : { folders: options.debugFolders, limits: options.limits },
  };
  // A small program may have a large debug file: only a thread can be ended.
  const mayStayHere = options.worker === undefined && wish.debug === null;
  let threads: Threads | null = null;
  let bytes = 0;
  const seen = new ExtractedContents();
  const same = new SharedFacts();
  const extractUnless: ExtractUnless = async ({ place }, known) => {
    bytes += place.length;
    const file = { ...place, known };
    if (bytes < bytesBeforeThreads && mayStayHere)
      return extractionOf(await here(file, wish), same);
    threads ??= startThreads(wish, options);
    return extractionOf(await threads.run(file), same);
  };
  return {
    extract: (elf) => seen.extract(elf, extractUnless),
    remember: (content) => seen.remember(content),
    async close() {
      const ending = threads;
      threads = null;
      same.forget();
      await ending?.close();
    },
  };
}

/** What is asked of every file. */
type Wish = Omit<ExtractionTask, 'files'>;

function extractionOf(
  outcome: Outcome,
  same: SharedFacts,
): Extraction | { readonly known: Digests } {
  if (outcome.kind === 'unreadable') throw new UnreadablePart(outcome.message);
  return outcome.kind === 'known' ? { known: outcome } : same.of(outcome.extraction);
}

async function here(file: PlacedFile, { wanted, links, limits, debug }: Wish): Promise<Outcome> {
  try {
    return await withZstd(() => extractPlaced(file, wanted, limits, links, debug));
  } catch (error) {
    throw lossOf(error, null);
  }
}

interface Threads {
  run(file: PlacedFile): Promise<Outcome>;
  close(): Promise<void>;
}

/** MiB of heap that one of several threads may take: a few files of a whole distribution need more (measured). */
const heapBesideOthers = 128;

/**
 * A file that ends its thread gets a second chance in a fresh one, after all others of its kind: it may have been
 * another file's fault, or need more memory than several threads may have at a time. Time is given once.
 */
function startThreads(wish: Wish, { jobs, limits, worker }: ExtractorOptions): Threads {
  expectScan();
  const filename = (worker ?? workerUrl).href;
  // Unpacking a stream is enough to do for one core, and a thread more would compile everything once more.
  let isStream = false;
  const threadsFor = ({ kind }: PlacedFile) => {
    isStream ||= kind === 'memory';
    return isStream ? Math.max(1, jobs - 1) : jobs;
  };
  const pool = startPool(filename, jobs, Math.min(limits.maxFileMemory, heapBesideOthers));
  // Never more than there are threads: the time of a file must not begin while it waits for one.
  const runTogether = inBatches<PlacedFile, Outcome>(threadsFor, weightOf, async (files) =>
    withinTime(await pool, { ...wish, files }, limits),
  );
  const oneByOne = pLimit(1);
  const runAlone = async (file: PlacedFile) => {
    const alone = await startPool(filename, 1, limits.maxFileMemory);
    const task = { ...wish, files: [file] };
    const [outcome] = await withinTime(alone, task, limits).finally(() => alone.destroy());
    if (outcome === undefined) throw new TypeError('a thread gave no facts');
    return outcome;
  };
  return {
    async run(file) {
      try {
        return await runTogether(file);
      } catch (error) {
        if (error instanceof LimitExceeded) throw error;
        return await oneByOne(() => runAlone(file)).catch((again: unknown) => {
          throw lossOf(again, limits);
        });
      }
    },
    close: async () => (await pool).destroy(),
  };
}

/** What looks like a known file is nearly always equal, and costs its digest alone: an eighth of its facts. */
function weightOf({ length, known }: PlacedFile): number {
  return known.length === 0 ? length : length / 8;
}

async function startPool(filename: string, threads: number, heap: number): Promise<Tinypool> {
  const { Tinypool } = await import('tinypool');
  // Young garbage is cheap to collect often, and three times this size otherwise.
  const resourceLimits = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: heap };
  const pool = new Tinypool({
    filename,
    minThreads: 1,
    maxThreads: threads,
    // A new thread compiles everything again, which takes longer than most files.
    idleTimeout: 60_000,
    resourceLimits,
  });
  // A thread that dies between two files has nowhere to report it; the next file starts another thread.
  pool.on('error', () => {});
  return pool;
}

/** Aborting ends the thread, which is all that stops one that hangs. */
async function withinTime(pool: Tinypool, task: ExtractionTask, limits: Limits) {
  const controller = new AbortController();
  const stopWaiting = afterWork(limits.maxFileSeconds * 1000, () => controller.abort());
  try {
    const results: readonly Outcome[] = await pool.run(task, { signal: controller.signal });
    return results;
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    throw new LimitExceeded(`its facts take more than ${limits.maxFileSeconds} seconds`);
  } finally {
    stopWaiting();
  }
}

function lossOf(error: unknown, limits: Limits | null): LimitExceeded | FailedPart {
  const { name, code, message, stack } = describeError(error);
  if (error instanceof LimitExceeded) return error;
  if (limits !== null && code === 'ERR_WORKER_OUT_OF_MEMORY')
    return new LimitExceeded(`its facts take more than ${limits.maxFileMemory} MiB of memory`);
  const place = /\n\s+at ([^\n]*)/.exec(stack)?.[1] ?? 'an unknown place';
  return new FailedPart(
    `it met a bug in hullcheck, please report it: ${name}: ${message}, at ${place}`,
  );
}

function describeError(error: unknown) {
  if (!(error instanceof Error))
    return { name: 'Error', code: '', message: String(error), stack: '' };
  const code = 'code' in error ? String(error.code) : '';
  return { name: error.name, code, message: error.message, stack: error.stack ?? '' };
}

/** As this module: a source of Node that strips types, or compiled. */
const workerUrl = new URL(`./extraction-worker${extname(import.meta.url)}`, import.meta.url);
