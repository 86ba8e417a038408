import { isIncomplete } from '../base/problem.ts';
import type { Layer, Target } from '../sources/source.ts';
import type { EntryStore } from './entry-store.ts';

/** What whole runs came to: the same question about the same images has the same answer. */
export interface ResultCache {
  /** null when it must be worked out. */
  find(question: Question): Promise<KeptResult | null>;
  /** Keeps nothing where a part of the answer rests on bytes that no digest names. */
  keep(question: Question, result: KeptResult): Promise<void>;
}

/** Everything that decides the result, apart from the engine. */
export interface Question {
  /** As the sources opened them, from documents whose digests were verified. */
  readonly targets: readonly Target[];
  /** Plain data: rules, limits, policy, forms of output. */
  readonly asked: unknown;
}

export interface KeptResult {
  readonly exitCode: number;
  /** One sentence: why the gate holds or does not. */
  readonly because: string;
  /** What was written, output by output, in UTF-8. */
  readonly texts: readonly Buffer[];
}

/** Characters of all outputs; more are not worth their place. */
export const mostKeptText = 32 * 1024 * 1024;

export function resultCache(
  store: Pick<EntryStore, 'read' | 'write'>,
  engine: string,
): ResultCache {
  return {
    async find(question) {
      const key = keyOf(question, engine);
      if (key === null || !(await areThere(question.targets))) return null;
      const content = await store.read(key);
      return content && decode(content);
    },
    async keep(question, result) {
      const key = keyOf(question, engine);
      if (key !== null) await store.write(key, encode(result));
    },
  };
}

/**
 * null: the answer depends on bytes that no digest names, or on damage, which the next read reports again. Everything
 * that a source reports about an image is part of the question, whether or not a digest covers it.
 */
function keyOf({ targets, asked }: Question, engine: string): string | null {
  const isNamed = ({ kind, layers, problems }: Target) =>
    kind === 'image' &&
    layers.length > 0 &&
    layers.every(({ digest, diffId }) => digest !== null || diffId !== null) &&
    !problems.some(isIncomplete);
  if (targets.length === 0 || !targets.every(isNamed)) return null;
  const images = targets.map(({ layers, ...rest }) => ({
    ...rest,
    layers: layers.map(({ isThere, entries, ...layer }) => layer),
  }));
  return JSON.stringify(['result', engine, images, asked]);
}

async function areThere(targets: readonly Target[]): Promise<boolean> {
  const layers: readonly Layer[] = targets.flatMap((target) => target.layers);
  for (const layer of layers) if (!(await layer.isThere())) return false;
  return true;
}

/** A line of JSON with the lengths of the texts, and the texts. */
function encode({ exitCode, because, texts }: KeptResult): Buffer {
  const head = { exitCode, because, sizes: texts.map(({ length }) => length) };
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), ...texts]);
}

/** null: not what `encode` writes. The store has checked the bytes, but who wrote them could have made its digest too. */
function decode(content: Buffer): KeptResult | null {
  const end = content.indexOf('\n');
  const head = end < 0 ? null : parsedHead(content.toString('utf8', 0, end));
  if (head === null) return null;
  let at = end + 1;
  const texts = head.sizes.map((size) => {
    at += size;
    return content.subarray(at - size, at);
  });
  return at === content.length ? { exitCode: head.exitCode, because: head.because, texts } : null;
}

interface Head {
  readonly exitCode: number;
  readonly because: string;
  readonly sizes: readonly number[];
}

function parsedHead(json: string): Head | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { exitCode, because, sizes }: Record<string, unknown> = { ...value };
  if (typeof exitCode !== 'number' || !Number.isInteger(exitCode)) return null;
  if (typeof because !== 'string' || !Array.isArray(sizes)) return null;
  const counts: readonly unknown[] = sizes;
  const numbers = counts.filter((size) => typeof size === 'number').filter(isNatural);
  return numbers.length === counts.length ? { exitCode, because, sizes: numbers } : null;
}

function isNatural(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
