import { EM, STT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import type { ElfSymbol } from '../../elf/records.ts';
import { noRules } from '../frames/call-frame.ts';
import { FunctionList, type FunctionTable } from './function-table.ts';
import { type ObjectCode, objectCode } from './object-code.ts';
import type { Span } from './span.ts';

/**
 * The functions of an ET_REL file, by its symbols: .eh_frame has relocations in place of their addresses. Symbols whose
 * code overlaps (aliases, second entry points) are one function. Symbols say nothing about frames.
 */
export function objectFunctions(elf: Elf): FunctionTable {
  const functions = new FunctionList();
  let last: Span | null = null;
  for (const span of functionSpans(elf).sort((a, b) => a.start - b.start)) {
    if (last === null || span.start >= last.end) {
      if (last !== null) functions.add(last.start, last.end, noRules);
      last = span;
    } else if (span.end > last.end) last = { start: last.start, end: span.end };
  }
  if (last !== null) functions.add(last.start, last.end, noRules);
  return functions.sorted();
}

function functionSpans(elf: Elf): Span[] {
  const code = objectCode(elf);
  // There bit 0 selects the instruction set.
  const isTagged = elf.header.machine === EM.ARM || elf.header.machine === EM.MIPS;
  return elf.staticSymbols.flatMap((symbol): readonly Span[] => {
    const place = isFunction(symbol) ? code.get(symbol.sectionIndex) : undefined;
    const span = place === undefined ? null : spanOf(symbol, place, isTagged);
    return span === null ? [] : [span];
  });
}

function isFunction({ type, size }: ElfSymbol): boolean {
  return (type === STT.FUNC || type === STT.GNU_IFUNC) && size > 0n;
}

/** null where a symbol says that its code lies outside of its section. */
function spanOf({ value, size }: ElfSymbol, code: ObjectCode, isTagged: boolean): Span | null {
  const at = isTagged ? value & ~1n : value;
  if (at + size > BigInt(code.size)) return null;
  const start = code.offset + Number(at);
  return { start, end: start + Number(size) };
}
