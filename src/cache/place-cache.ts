import { resolve } from 'node:path';
import type { KnownContent } from '../extraction/extracted-contents.ts';
import type { Extraction } from '../extraction/extraction.ts';
import type { Target } from '../sources/source.ts';
import type { EntryStore } from './entry-store.ts';
import { type CatalogContext, keyOfContext } from './layer-cache.ts';
import { fieldsOf, isExtraction, isListOf, unpacked } from './packed-values.ts';

/**
 * Facts of the ELF files of directories, packages and other inputs that no digest names. Where a file lies says which facts
 * are at hand; they count for a file only by the SHA-256 of its content, which is made each time.
 */
export interface PlaceCache {
  /** null where digests name all that is read: catalogs of layers are kept whole. */
  open(target: Target, context: CatalogContext): Promise<SeenPlace | null>;
}

/** What is known of the files of one place. */
export interface SeenPlace {
  /** What the last scan met. */
  readonly known: readonly KnownContent[];
  /** Of a file that is there now. */
  meet(content: KnownContent): void;
  /** For the next scan, where more was met than is known. */
  keep(): Promise<void>;
}

/** Bytes of one entry; more are as quickly extracted as read. */
const largest = 64 * 1024 * 1024;
/** Bytes of files: fewer are extracted in the time that it takes to find them here. */
const worthKeeping = 1024 * 1024;

export function placeCache(store: Pick<EntryStore, 'read' | 'write'>, engine: string): PlaceCache {
  return {
    async open(target, context) {
      if (target.layers.some(({ digest, diffId }) => digest !== null || diffId !== null))
        return null;
      const key = keyOf(target, context, engine);
      const content = await store.read(key);
      const known = content && (await unpacked(content, isListOfContents));
      return seenPlace(known ?? [], (bytes) => store.write(key, bytes));
    },
  };
}

function keyOf({ scheme, name }: Target, context: CatalogContext, engine: string): string {
  return JSON.stringify(['place', engine, scheme, resolve(name), ...keyOfContext(context)]);
}

function seenPlace(
  known: readonly KnownContent[],
  write: (content: Buffer) => Promise<void>,
): SeenPlace {
  const before = new Map(known.map(({ extraction }) => [extraction.sha256, extraction]));
  const met = new Map<string, KnownContent>();
  return {
    known,
    meet(content) {
      met.set(content.extraction.sha256, content);
    },
    async keep() {
      const contents = [...met.values()];
      const isNew = ({ extraction }: KnownContent) =>
        !isSame(extraction, before.get(extraction.sha256));
      const bytes = contents.reduce((sum, { extraction }) => sum + extraction.size, 0);
      if (bytes < worthKeeping || !contents.some(isNew)) return;
      const { serialize } = await import('node:v8');
      const content = serialize(contents);
      if (content.length <= largest) await write(content);
    },
  };
}

/** Digests may have been made that were not known. */
function isSame({ others }: Extraction, known: Extraction | undefined): boolean {
  return known !== undefined && Object.keys(others).length === Object.keys(known.others).length;
}

function isListOfContents(value: unknown): value is readonly KnownContent[] {
  return isListOf(value, (item) => {
    const { look, extraction } = fieldsOf(item);
    return typeof look === 'string' && isExtraction(extraction);
  });
}
