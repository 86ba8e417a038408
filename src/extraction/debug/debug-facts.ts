import { isDeepStrictEqual } from 'node:util';
import type { Fact } from '../../base/fact.ts';
import { withDebugFile } from '../../elf/debug/with-debug-file.ts';
import type { Elf } from '../../elf/model.ts';
import { extractors, type FileFacts } from '../../facts/index.ts';
import type { DebugFile } from './debug-file.ts';
import { type DebugSource, findDebugFile } from './find-debug-file.ts';

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
  factOf: <T>(elf: Elf, extract: (elf: Elf) => T) => Fact<T>,
): DebugFile | null {
  if (own.kind.known && own.kind.value.kind === 'debug-only') return null;
  const found = findDebugFile(program, source);
  if (found === null || 'state' in found) return found;
  const { name, foundBy, elf, alternate, close } = found;
  try {
    const joined = withDebugFile(program, elf, alternate);
    const facts: Record<string, Fact<unknown>> = {};
    for (const each of shownByDebugFiles) {
      if (!own[each].known && own[each].cause === 'not-needed') continue;
      const fact = factOf<unknown>(joined, extractors[each]);
      if (fact.known && !isDeepStrictEqual(fact, own[each])) facts[each] = fact;
    }
    // Each by its name, from the extractor of that name.
    return { state: 'used', name, foundBy, facts: facts as Partial<FileFacts> };
  } finally {
    close();
  }
}
