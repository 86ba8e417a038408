import { Tinypool } from 'tinypool';
import { extract } from './extract-facts.ts';
import type { Extraction } from './extraction.ts';
import { extractors } from './facts/index.ts';
import type { Rule } from './rule.ts';

/** Turns the bytes of ELF files into facts, on other threads once there is enough to do. */
export interface Extractor {
  /** Takes the buffer over: its memory may move to another thread. */
  extract(elf: Buffer): Promise<Extraction>;
  close(): Promise<void>;
}

export type FileFactName = keyof typeof extractors;

/** Starting threads costs more than the facts of this many bytes. */
const bytesBeforeThreads = 8 * 1024 * 1024;

export function createExtractor(rules: readonly Rule[], jobs: number): Extractor {
  const wanted = wantedFacts(rules);
  let pool: Tinypool | null = null;
  let bytes = 0;
  return {
    async extract(elf) {
      bytes += elf.length;
      if (jobs < 2 || bytes < bytesBeforeThreads) return extract(elf, wanted);
      pool ??= startPool(jobs);
      const memory = ownMemory(elf);
      return pool.run({ memory, wanted }, { transferList: [memory] });
    },
    async close() {
      await pool?.destroy();
    },
  };
}

/** Facts from tables are always extracted; those from machine code only for a rule that needs them. */
function wantedFacts(rules: readonly Rule[]): ReadonlySet<FileFactName> {
  const needed = new Set<string>(rules.flatMap((rule) => rule.needs));
  const names = Object.keys(extractors) as FileFactName[];
  return new Set(names.filter((name) => extractors[name].cost === 'tables' || needed.has(name)));
}

function startPool(jobs: number): Tinypool {
  const worker = new URL(import.meta.url.replace(/extractor\.js$/, 'extraction-worker.js'));
  return new Tinypool({ filename: worker.href, minThreads: 1, maxThreads: jobs });
}

/** The buffer's bytes as memory of their own, which can be handed over without a copy. */
function ownMemory(elf: Buffer): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = elf;
  const whole = byteOffset === 0 && byteLength === buffer.byteLength;
  if (whole && buffer instanceof ArrayBuffer) return buffer;
  return new Uint8Array(elf).buffer;
}
