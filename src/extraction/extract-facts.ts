import { hash } from 'node:crypto';
import { LimitExceeded, MalformedElf } from '../base/errors.ts';
import { type Fact, known, notKnown } from '../base/fact.ts';
import type { Elf } from '../elf/model.ts';
import { readElf } from '../elf/read-elf.ts';
import { type Bytes, bytesOf } from '../elf/reading/bytes.ts';
import type { ElfLimits } from '../elf/reading/decoding-budget.ts';
import { acceptedByNothing } from '../facts/acceptance.ts';
import type { FactExtractor } from '../facts/fact-extractor.ts';
import { dataOfCoreIn } from '../facts/file/com32.ts';
import { otherMachine } from '../facts/file/other-machine.ts';
import { extractors, type FileFacts } from '../facts/index.ts';
import { linkTables } from '../facts/link-tables/link-tables.ts';
import { debugFacts } from './debug/debug-facts.ts';
import type { DebugSource } from './debug/find-debug-file.ts';
import type { Digests, Extraction } from './extraction.ts';

/** Of one file in memory. */
export function extract(
  buffer: Buffer,
  wanted: ReadonlySet<string>,
  limits?: ElfLimits,
): Extraction {
  const others = { md5: hash('md5', buffer), sha1: hash('sha1', buffer) };
  const found = extractFrom(bytesOf(buffer), wanted, limits);
  return { sha256: hash('sha256', buffer), others, ...found };
}

/**
 * Extracts one file, wherever its bytes are read from. `wanted` are names of facts; those that depend on a root
 * filesystem are left to it. `links`: the tables that linking needs are wanted too. `debug`: where its debug file may lie. Throws
 * what `bytes` throws, except for damage of the file.
 */
export function extractFrom(
  bytes: Bytes,
  wanted: ReadonlySet<string>,
  limits?: ElfLimits,
  links = true,
  debug: DebugSource | null = null,
): Omit<Extraction, keyof Digests> {
  const elf = attempt(() => readOwn(bytes, limits));
  const facts = factsOf(elf, wanted, bytes);
  const linking = links ? factOf(elf, linkTables) : notNeeded;
  const data = links || !elf.known ? [] : dataOfCoreIn(elf.value);
  const offers = data.length === 0 ? {} : { syslinuxData: data };
  const found = { size: bytes.size, facts, linking, ...offers };
  if (debug === null || !elf.known) return found;
  const debugFile = debugFacts(elf.value, facts, debug, (joined, extract) =>
    factOf(known(joined), extract),
  );
  return debugFile === null ? found : { ...found, debugFile };
}

/** Every fact, known or not, whatever the bytes are: a damaged table costs the facts that rest on it and no other. */
export function extractFacts(buffer: Buffer, wanted: ReadonlySet<string>): FileFacts {
  const bytes = bytesOf(buffer);
  return factsOf(
    attempt(() => readOwn(bytes)),
    wanted,
    bytes,
  );
}

/** What is for another machine than it says cannot be read as what it says. */
function readOwn(bytes: Bytes, limits?: ElfLimits): Elf {
  const elf = readElf(bytes, limits);
  const because = otherMachine(elf);
  if (because !== null) throw new MalformedElf(because);
  return elf;
}

const notNeeded = notKnown('not needed by the rules of this run', 'not-needed');

function factsOf(elf: Fact<Elf>, wanted: ReadonlySet<string>, bytes: Bytes): FileFacts {
  const facts = Object.entries<FactExtractor<unknown>>(extractors).map(([name, extractor]) => [
    name,
    wanted.has(name) ? factOf(elf, extractor) : notNeeded,
  ]);
  // A header that cannot be read is the only damage that this fact reports.
  if (!elf.known) facts.push(['acceptance', known(acceptedByNothing(elf.because, bytes))]);
  // The registry's names with their own extractors' values: a mapped type that Object.entries loses.
  return Object.fromEntries(facts) as FileFacts;
}

function factOf<T>(elf: Fact<Elf>, extractor: (elf: Elf) => T): Fact<T> {
  return elf.known ? attempt(() => extractor(elf.value)) : elf;
}

/** The boundary at which damage in the input becomes data. Any other error is a bug and escapes. */
function attempt<T>(extract: () => T): Fact<T> {
  try {
    return known(extract());
  } catch (error) {
    if (error instanceof MalformedElf) return notKnown(error.message, 'damage');
    if (error instanceof LimitExceeded) return notKnown(error.message, 'limit');
    throw error;
  }
}
