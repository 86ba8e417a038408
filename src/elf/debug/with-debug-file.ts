import { SHT } from '../constants.ts';
import type { Elf } from '../model.ts';
import { once } from '../reading/compute-once.ts';
import type { Section } from '../records.ts';
import { isAllocated, placeOf } from './disagreement.ts';

/** In the place of the section of that name in the alternate file, of the joined file. */
export const alternateStrings = '.debug_str of the alternate file';

/**
 * The program as it was before its symbols and debug information were moved out: its own header, segments, memory and loaded
 * sections, and what no process sees from `debug`, which agrees with it (`disagreement`). `alternate`: what dwz moved out of `debug`.
 * Nothing of `debug` takes the place of a byte that is loaded.
 */
export function withDebugFile(program: Elf, debug: Elf, alternate: Elf | null): Elf {
  const strings = once(() => alternateSection(alternate, debug.sections.length));
  const hasSymbols = once(() => debug.sections.some(({ type }) => type === SHT.SYMTAB));
  const sections = once(() => {
    const own = hasSymbols() ? [] : ownSymbols(program, debug.sections.length + strings().length);
    return [...joined(program, debug), ...strings(), ...own];
  });
  const symbols = () => (hasSymbols() ? debug : program);
  const moved = once(() => new Set(debug.sections));
  const sectionBytes = (section: Section): Buffer => {
    if (strings().includes(section)) return alternate?.sectionBytes(section) ?? Buffer.of();
    return moved().has(section) ? debug.sectionBytes(section) : program.sectionBytes(section);
  };
  // Everything else is asked of the program itself: its getters do not use `this`.
  const joinedElf: Elf = Object.create(program, {
    sections: { get: sections },
    sectionBytes: { value: sectionBytes },
    staticSymbolTable: { get: () => symbols().staticSymbolTable },
    staticSymbols: { get: () => symbols().staticSymbols },
    comments: { get: () => (program.comments.length > 0 ? program.comments : debug.comments) },
  });
  return joinedElf;
}

/** In the order of the debug file, by which its symbols know them. */
function joined(program: Elf, debug: Elf): readonly Section[] {
  const own = new Map(program.sections.filter(isAllocated).map((each) => [placeOf(each), each]));
  return debug.sections.map((section) =>
    isAllocated(section) ? (own.get(placeOf(section)) ?? section) : section,
  );
}

function alternateSection(alternate: Elf | null, index: number): readonly Section[] {
  const found = alternate?.sections.find(({ name }) => name === '.debug_str');
  return found === undefined ? [] : [{ ...found, index, name: alternateStrings }];
}

/** Where only debug information was moved out, the symbols are still in the program. */
function ownSymbols({ sections }: Elf, index: number): readonly Section[] {
  const table = sections.find(({ type }) => type === SHT.SYMTAB);
  const strings = table && sections[table.link];
  if (table === undefined || strings === undefined) return [];
  return [
    { ...strings, index },
    { ...table, index: index + 1, link: index },
  ];
}
