import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { LimitExceeded, MalformedElf } from '../../src/base/errors.ts';
import { type Fact, known, notKnown } from '../../src/base/fact.ts';
import { prepareZstd, unzstdNow } from '../../src/base/unzstd-now.ts';
import { disagreement } from '../../src/elf/debug/disagreement.ts';
import { withDebugFile } from '../../src/elf/debug/with-debug-file.ts';
import type { Elf } from '../../src/elf/model.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { factsOfJoined } from '../../src/extraction/debug/debug-facts.ts';
import { extractFacts } from '../../src/extraction/extract-facts.ts';
import { extractors, type FileFacts } from '../../src/facts/index.ts';
import { repositoryRoot } from '../../test/support/repository.ts';
import { mutateBytes, wholeOf } from '../mutate-bytes.ts';
import { elfSampleNames, lazily, readElfSample } from '../samples.ts';
import { holds, type Subject } from '../subject.ts';

const packed = 'zstd';
const wanted = new Set(Object.keys(extractors));

/** Programs with symbols, and some with debug information: each is a debug file of itself, before it is changed. */
const names = lazily(() =>
  elfSampleNames().filter((name) => {
    const elf = attempt(() => readElf(bytesOf(readElfSample(name))).sections);
    return elf.known && elf.value.some(({ name: is }) => is === '.symtab' || is === '.debug_info');
  }),
);

/** What symbols and debug information of a changed debug file make of its program, and what zstd packed in one. */
export default {
  name: 'debug-file',
  make(random) {
    const origin = random.oneIn(6) ? packed : (random.any(names()) ?? packed);
    const bytes = origin === packed ? frame().bytes : readElfSample(origin);
    return { bytes: mutateBytes(bytes, partsOf(origin, bytes), random), origin, isDamaged: false };
  },
  async check({ bytes, origin }) {
    if (origin === packed) return checkFrame(bytes);
    const program = readElf(bytesOf(readElfSample(origin)));
    const debug = attempt(() => readElf(bytesOf(bytes)));
    if (!debug.known) return;
    const differs = attempt(() => disagreement(program, debug.value));
    if (!differs.known || differs.value !== null) return;
    const own = ownFactsOf(origin);
    const joined = withDebugFile(program, debug.value, null);
    factsOfJoined(joined, own, (elf, extract) => attempt(() => extract(elf)));
    holds(isDeepStrictEqual(loadedPart(joined), loadedPart(program)), () => {
      return 'the debug file changed what is loaded of its program';
    });
  },
} satisfies Subject;

const ownFacts = new Map<string, FileFacts>();

function ownFactsOf(origin: string): FileFacts {
  const facts = ownFacts.get(origin) ?? extractFacts(readElfSample(origin), wanted);
  ownFacts.set(origin, facts);
  return facts;
}

function loadedPart({ header, segments, interpreter, memory }: Elf) {
  return { header, segments, interpreter, memory };
}

/** The tables of sections, symbols and debug information: all else is the program's. */
function partsOf(origin: string, bytes: Buffer) {
  if (origin === packed) return [wholeOf(bytes)];
  const { header, sections } = readElf(bytesOf(bytes));
  const table = header.sectionHeaderCount * header.sectionHeaderSize;
  const own = sections
    .filter(({ name, size }) => size > 0n && /^\.(symtab|strtab|debug|comment|zdebug)/.test(name))
    .map(({ name, offset, size }) => ({ name, offset: Number(offset), size: Number(size) }));
  return [{ name: 'sections', offset: Number(header.sectionHeaderOffset), size: table }, ...own];
}

const frame = lazily(() => {
  const bytes = readFileSync(join(repositoryRoot, 'fuzz/seeds/license.zst'));
  return { bytes, content: readFileSync(join(repositoryRoot, 'LICENSE')) };
});

async function checkFrame(bytes: Buffer): Promise<void> {
  await prepareZstd();
  const { bytes: sound, content } = frame();
  for (const size of [content.length, 1, content.length * 2]) {
    const found = unzstdNow(bytes, size);
    holds(found === null || found.length === size, () => {
      return `${found?.length} bytes came of a frame that has ${size}`;
    });
  }
  holds(unzstdNow(sound, content.length)?.equals(content) === true, () => {
    return 'a sound frame does not decompress any more: the decoder was damaged';
  });
}

function attempt<T>(read: () => T): Fact<T> {
  try {
    return known(read());
  } catch (error) {
    if (error instanceof MalformedElf) return notKnown(error.message, 'damage');
    if (error instanceof LimitExceeded) return notKnown(error.message, 'limit');
    throw error;
  }
}
