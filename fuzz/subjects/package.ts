import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { DamagedInput, UsageError } from '../../src/base/errors.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import { bufferAccess } from '../../src/base/random-access.ts';
import { extract } from '../../src/extraction/extract-facts.ts';
import { catalogLayer } from '../../src/layers/catalog-layer.ts';
import { FileMemory } from '../../src/layers/content/file-memory.ts';
import { keepsText } from '../../src/root/system/kept-texts.ts';
import { sources } from '../../src/sources/index.ts';
import { claimant } from '../../src/sources/input/find-source.ts';
import { openBytes } from '../../src/sources/input/open-input.ts';
import type { Layer, Source, Target } from '../../src/sources/source.ts';
import { bytesOfElf } from '../../test/support/elf/elf-content.ts';
import { damageBytes, mutateBytes, type Part, wholeOf } from '../mutate-bytes.ts';
import { lazily } from '../samples.ts';
import { soundPackages } from '../sound-packages.ts';
import { holds, type Subject } from '../subject.ts';

const limits = { ...defaultLimits, maxEntries: 1000, maxLayerSize: 64 * 1024 * 1024 };

/** Whatever a small package makes its reader do, it must stay below this. */
const mostOutput = 64 * 1024 * 1024;

/** One subject for each format: headers, directories and what is packed, opened by content and by an explicit scheme. */
export const packages: readonly Subject[] = Object.entries(soundPackages).map(
  ([format, packagesOf]) => {
    const sound = lazily(() => new Map(Object.entries(packagesOf())));
    const whole = new Map<string, Promise<Content>>();
    return {
      name: format,
      make(random) {
        const [origin, bytes] = random.any([...sound()]) ?? ['', Buffer.alloc(0)];
        const isDamaged = random.oneIn(3);
        return isDamaged
          ? { bytes: damageBytes(bytes, [], random), origin, isDamaged }
          : { bytes: mutateBytes(bytes, partsOf(bytes), random), origin, isDamaged };
      },
      async check({ bytes, origin, isDamaged }) {
        const found = await contentOf(bytes, format);
        const original = sound().get(origin);
        if (!isDamaged || original === undefined) return;
        const expected = whole.get(origin) ?? soundContentOf(original, format);
        whole.set(origin, expected);
        expectParts(found, await expected, `${origin} cut to ${bytes.length} bytes`, format);
      },
    } satisfies Subject;
  },
);

/** Nothing shows where these end: a cut between two members cannot be seen. */
const endless: ReadonlySet<string> = new Set(['ar', 'apk', 'conda', 'npm', 'pacman']);

function expectParts(found: Content, whole: Content, what: string, format: string): void {
  for (const [path, sum] of found.files)
    holds(whole.files.get(path) === sum, () => `${path} of ${what} is another file`);
  if (found.entries === null) return;
  const most = whole.entries ?? [];
  const want = endless.has(format) ? most.slice(0, found.entries.length) : most;
  holds(isDeepStrictEqual(found.entries, want), () => {
    return `${what} has no problem, and entries ${JSON.stringify(found.entries)}`;
  });
}

interface Content {
  /** Sums of the files that were read to their end, by whichever source takes the content for its own. */
  readonly files: ReadonlyMap<string, string>;
  /** Of the catalog that the format's own source makes; null when it refuses the bytes or reports a problem. */
  readonly entries: readonly unknown[] | null;
}

async function contentOf(bytes: Buffer, format: string): Promise<Content> {
  const { input, close } = await openBytes('package', bufferAccess(bytes), limits);
  const opened = async (source: Source | null | undefined) =>
    (await source?.open(input, { platform: null, limits })) ?? [];
  const files = new Map<string, string>();
  try {
    await unlessRefused(async () => {
      for (const { layers } of await opened(await claimant(input)))
        for (const layer of layers) await readFiles(layer, files);
    });
    const entries = await unlessRefused(async () =>
      entriesOf(await opened(await sources[format]?.())),
    );
    return { files, entries };
  } finally {
    close();
  }
}

async function soundContentOf(bytes: Buffer, format: string): Promise<Content> {
  const content = await contentOf(bytes, format);
  const isRead = content.files.size > 0 && content.entries !== null;
  holds(isRead, () => `a sound ${format} is refused, has no files or has a problem`);
  return content;
}

async function unlessRefused<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof DamagedInput || error instanceof UsageError) return null;
    throw error;
  }
}

async function readFiles(layer: Layer, files: Map<string, string>): Promise<void> {
  let total = 0;
  for await (const { path, type, size, body } of layer.entries(() => {})) {
    const hash = createHash('sha256');
    let seen = 0;
    for await (const piece of body()) {
      hash.update(piece);
      seen += piece.length;
      total += piece.length;
      holds(total <= mostOutput, () => `more than ${mostOutput} bytes come out of it`);
    }
    if (type === 'file' && seen === size) files.set(path, hash.digest('hex'));
  }
}

async function entriesOf(targets: readonly Target[]): Promise<readonly unknown[] | null> {
  const [target] = targets;
  const [layer] = target?.layers ?? [];
  if (target === undefined || layer === undefined) return null;
  const { entries, problems } = await catalogLayer(layer, {
    limits,
    keepsText,
    memory: new FileMemory(),
    extract: async (elf) => extract(bytesOfElf(elf), new Set()),
  });
  if (target.problems.length + problems.length > 0) return null;
  return entries.map(({ path, type, size, elf }) => [path, type, size, elf]);
}

/** The beginning and the end, every header that has a magic number, and anything else. */
function partsOf(bytes: Buffer): readonly Part[] {
  const edge = Math.min(512, bytes.length);
  const headers = magics
    .flatMap((magic) => placesOf(bytes, Buffer.from(magic, 'latin1')))
    .map((offset) => {
      const start = Math.max(0, offset - 58);
      return { name: 'header', offset: start, size: Math.min(170, bytes.length - start) };
    });
  const edges = [
    { name: 'start', offset: 0, size: edge },
    { name: 'end', offset: bytes.length - edge, size: edge },
  ];
  return [...headers, ...headers, ...edges, wholeOf(bytes)];
}

/** Of zip, cpio, rpm and ar. */
const magics = [
  'PK\x01\x02',
  'PK\x03\x04',
  'PK\x05\x06',
  'PK\x06\x06',
  '070701',
  '\x8e\xad\xe8',
  '`\n',
];

function placesOf(bytes: Buffer, magic: Buffer): readonly number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1)) places.push(at);
  return places;
}
