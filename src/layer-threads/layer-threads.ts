import { extname } from 'node:path';
import { deserialize } from 'node:v8';
import type { MessagePort } from 'node:worker_threads';
import type { Tinypool } from 'tinypool';
import { DamagedInput } from '../base/errors.ts';
import type { PlacedElf } from '../extraction/elf-content.ts';
import { expectScan } from '../extraction/v8-flags.ts';
import { nameEntry } from '../layers/building/entry-list.ts';
import type { ExtractedFile } from '../layers/building/extraction-queue.ts';
import type { CatalogEntry, WalkedLayer } from '../layers/catalog.ts';
import type { HeldLayer, StoredBytes } from '../sources/source.ts';
import { fromColumns } from './entry-columns.ts';
import type { HostMessage, LayerTask, WorkerMessage } from './messages.ts';
import { SentBytes } from './sent-bytes.ts';
import { serialiseDamage } from './sent-damage.ts';

export type FindFacts = (elf: PlacedElf) => Promise<ExtractedFile>;

/** What a walk receives besides the layer. */
export type WalkOptions = Pick<LayerTask, 'limits' | 'digests'>;

/** Walks layers on threads of their own: digests, decompression and entries of several are worked on in parallel. */
export interface LayerThreads {
  /** As `catalogLayer`. Rejects with whatever ended the thread or the walk, or a bug in `extract`; `layer` stays held. */
  walk(layer: HeldLayer, options: WalkOptions, extract: FindFacts): Promise<WalkedLayer>;
  /** Ends the threads; another layer would start new ones. Safe to call twice. */
  close(): Promise<void>;
}

export function createLayerThreads(jobs: number, worker: URL = workerUrl): LayerThreads {
  let pool: Promise<Tinypool> | null = null;
  return {
    async walk(layer, options, extract) {
      pool ??= startPool(jobs, worker.href);
      return walkOn(await pool, layer, options, extract);
    },
    async close() {
      const ending = pool;
      pool = null;
      await (await ending)?.destroy();
    },
  };
}

/** More would take memory, and wait for extraction. */
const mostThreads = 4;

async function startPool(jobs: number, filename: string): Promise<Tinypool> {
  expectScan();
  const { Tinypool } = await import('tinypool');
  const pool = new Tinypool({
    filename,
    minThreads: 1,
    maxThreads: Math.min(jobs, mostThreads),
    idleTimeout: 60_000,
    // Other threads read the files that this one has open, to the end also when it dies.
    trackUnmanagedFds: false,
    // What a walk throws away is cheap to collect, and piles up until it is.
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
  });
  // A thread that dies between two layers has nowhere to report it; the next layer starts another thread.
  pool.on('error', () => {});
  return pool;
}

async function walkOn(
  pool: Tinypool,
  { stored, promised }: HeldLayer,
  options: WalkOptions,
  extract: FindFacts,
): Promise<WalkedLayer> {
  const { port1, port2: port } = new MessageChannel();
  const thread = attend(port1, stored, extract);
  const { kind, length } = stored;
  const source = kind === 'file' ? stored : { kind, length };
  const task: LayerTask = { stored: source, promised, ...options, port };
  const aborting = new AbortController();
  thread.bug.catch(() => aborting.abort());
  try {
    const run = pool.run(task, { transferList: [port], signal: aborting.signal });
    const rest: Uint8Array = await Promise.race([run, thread.bug]);
    // What a thread of this process serialised just now.
    const walked = deserialize(rest) as WalkedLayer;
    return { ...walked, entries: thread.entries };
  } finally {
    port1.close();
    await thread.end();
  }
}

/** Keeps the entries of a walk, and provides the facts and bytes that it requests. */
function attend(port: MessagePort, stored: StoredBytes, extract: FindFacts) {
  const entries: CatalogEntry[] = [];
  const running = new Set<Promise<void>>();
  const answer = (message: HostMessage) => port.postMessage(message);
  const bytes = new SentBytes(port);
  let fail: (error: unknown) => void = () => {};
  const bug = new Promise<never>((_, reject) => {
    fail = reject;
  });
  // Handled by the code that awaits it.
  bug.catch(() => {});

  function take({ entries: columns, named }: MessageOf<'entries'>): void {
    for (const entry of fromColumns(columns)) entries.push(entry);
    for (const [at, sha256] of named) nameEntry(entries, at, sha256);
    answer({ kind: 'taken' });
  }

  async function find({ id, elf }: MessageOf<'elf'>): Promise<void> {
    try {
      const { sha256 } = await extract(elf);
      answer({ kind: 'extracted', id, named: { sha256 } });
    } catch (error) {
      if (!(error instanceof DamagedInput)) return fail(error);
      answer({ kind: 'lost', id, ...serialiseDamage(error) });
    }
  }

  function keep(work: Promise<void>): void {
    const kept = work.finally(() => running.delete(kept));
    running.add(kept);
  }

  port.on('message', (message: WorkerMessage) => {
    if (message.kind === 'entries') take(message);
    else if (message.kind === 'elf') keep(find(message));
    else bytes.more();
  });
  if (stored.kind === 'stream') keep(bytes.send(stored.chunks).catch(fail));
  return {
    entries,
    bug,
    /** Resolves when nothing is on its way any more. */
    async end() {
      bytes.close();
      await Promise.all(running);
    },
  };
}

type MessageOf<Kind extends WorkerMessage['kind']> = Extract<
  WorkerMessage,
  { readonly kind: Kind }
>;

/** As this module: a source of Node that strips types, or compiled. */
const workerUrl = new URL(`./layer-worker${extname(import.meta.url)}`, import.meta.url);
