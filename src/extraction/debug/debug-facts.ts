import { isDeepStrictEqual } from 'node:util';
import type { Fact } from '../../base/fact.ts';
import { withDebugFile } from '../../elf/debug/with-debug-file.ts';
import type { Elf } from '../../elf/model.ts';
import { extractors, type FileFacts } from '../../facts/index.ts';
import type { DebugFile } from './debug-file.ts';
import { type DebugSource, findDebugFile } from './find-debug-file.ts';
import { addSplitUnits } from './split-units.ts';

/** What symbols and debug information can show; headers and loaded bytes show the rest, with or without them. */
const shownByDebugFiles = [
  'compilers',
  'controlFlow',
  'cxxAssertions',
  'dangerousImports',
  'fortify',
  'instrumentation',
  'language',
  'libc',
  'otherProtections',
  'recordedFlags',
  'stackClash',
  'stackProtector',
  'timeCalls',
] as const satisfies readonly (keyof typeof extractors)[];

/**
 * Facts that the separate debug file of a program shows, in addition to those that it shows by itself. null: none is there. `factOf`
 * has to turn damage into what is not known.
 */
export function debugFacts(
  program: Elf,
  own: FileFacts,
  source: DebugSource,
  factOf: FactOf,
): DebugFile | null {
  if (own.kind.known && own.kind.value.kind === 'debug-only') return null;
  const found = findDebugFile(program, source);
  if (found === null) return splitFacts(program, own, source, factOf);
  if ('state' in found) return found;
  const { name, foundBy, elf, alternate, close } = found;
  try {
    const joined = withDebugFile(program, elf, alternate);
    addSplitUnits(joined, source);
    return { state: 'used', name, foundBy, facts: factsOfJoined(joined, own, factOf) };
  } finally {
    close();
  }
}

type FactOf = <T>(elf: Elf, extract: (elf: Elf) => T) => Fact<T>;

/** Of a program that was not stripped, and whose compiler wrote most of the debug information to files of their own. */
function splitFacts(
  program: Elf,
  own: FileFacts,
  source: DebugSource,
  factOf: FactOf,
): DebugFile | null {
  if (!own.recordedFlags.known && own.recordedFlags.cause === 'not-needed') return null;
  // The same file, of which nothing was found out yet.
  const joined: Elf = Object.create(program);
  const name = addSplitUnits(joined, source);
  if (name === null) return null;
  return { state: 'used', name, foundBy: 'split-unit', facts: factsOfJoined(joined, own, factOf) };
}

/** Those of a program and its debug file together that the program alone does not have. */
export function factsOfJoined(joined: Elf, own: FileFacts, factOf: FactOf): Partial<FileFacts> {
  const facts: Record<string, Fact<unknown>> = {};
  for (const each of shownByDebugFiles) {
    if (!own[each].known && own[each].cause === 'not-needed') continue;
    const fact = factOf<unknown>(joined, extractors[each]);
    if (fact.known && !isDeepStrictEqual(fact, own[each])) facts[each] = fact;
  }
  // Each by its name, from the extractor of that name.
  return facts as Partial<FileFacts>;
}
