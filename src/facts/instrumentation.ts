import type { Evidence } from '../base/verdict.ts';
import { DT, SHN, STB } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { optional } from '../elf/reading/witness.ts';
import { bindingOf } from '../elf/symbols/symbol-table.ts';
import { factExtractor } from './fact-extractor.ts';
import go from './go.ts';
import kind from './kind.ts';
import { findConstant } from './search/byte-marks.ts';
import { dynamicNames } from './search/dynamic-names.ts';
import {
  type Instrument,
  type InstrumentName,
  instruments,
  symbolBeginnings,
} from './search/instrument-marks.ts';
import { demandStaticNames, type StaticNames, staticNames } from './search/static-names.ts';
import { demandExports } from './search/symbol-names.ts';

/** Code that was compiled in to watch the program while it is tested. */
export interface Instrumentation {
  readonly name: InstrumentName;
  readonly evidence: readonly Evidence[];
}

/** [] when nothing was found. The runtime libraries of the tools themselves are not instrumented. */
export default factExtractor('tables', (elf): readonly Instrumentation[] => {
  if (isRuntime(elf)) return [];
  const suspects = suspectsIn(elf);
  const found = instruments.flatMap((instrument) => {
    const evidence = look(elf, suspects, instrument);
    return evidence === null ? [] : [{ name: instrument.name, evidence: [evidence] }];
  });
  const all = [...found, ...goSettings(elf, found)];
  if (all.length === 0) {
    // What was there and cannot be read may have named one. A stripped file never says so, and is not suspected.
    demandStaticNames(elf);
    if (isProgram(elf)) demandExports(elf);
  }
  return all;
});

/** What sanitizers' libraries offer: functions for instrumented code, and what they put before those of libc. */
const ofRuntimes = /^_{2,3}(asan|hwasan|lsan|msan|tsan|dfsan|ubsan|sanitizer|interceptor)_/;
/** Of what such a library offers 70 % or more, at least 120 (gcc 12). An instrumented one offers what it was written for. */
const leastRuntimeShare = 0.5;
const fewestRuntimeNames = 40;

/** A library's name proves nothing: it is a tool's runtime by what it defines. */
function isRuntime(elf: Elf): boolean {
  if (kind(elf).kind !== 'shared-library') return false;
  const table = elf.dynamicSymbolTable;
  const { length, sections, beginnings } = table;
  let offered = 0;
  let count = 0;
  for (let index = 1; index < length; index += 1) {
    const binding = bindingOf(table, index);
    if (sections[index] === SHN.UNDEF || binding === STB.LOCAL) continue;
    offered += 1;
    if (beginnings[index] === reserved && ofRuntimes.test(table.name(index))) count += 1;
  }
  return count >= fewestRuntimeNames && count >= leastRuntimeShare * offered;
}

const reserved = Buffer.from('__').readUInt16BE();
const begins = new Uint8Array(0x10000);
for (const letters of symbolBeginnings) begins[Buffer.from(letters).readUInt16BE()] = 1;

/** What is a mark of some instrument, whichever: hardly ever anything. */
interface Suspects {
  readonly symbols: readonly string[];
  readonly needed: readonly string[];
  readonly sections: readonly string[];
}

function suspectsIn(elf: Elf): Suspects {
  return {
    symbols: linkedNames(elf),
    needed: elf.dynamicStrings(DT.NEEDED).filter((name) => anyNeeded.test(name)),
    sections: elf.sections.map(({ name }) => name).filter((name) => anySection.has(name)),
  };
}

const inTable: ReadonlyMap<Instrument, StaticNames> = new Map(
  instruments.map((instrument) => [instrument, staticNames(instrument.staticNames ?? [])]),
);

/** A C library with its `.symtab` offers these to programs, and calls none of them. */
const ofLibc = dynamicNames(['mcount', '_mcount', '__fentry__']);

function offeredBy(elf: Elf): readonly string[] {
  return isProgram(elf) ? [] : (optional(() => ofLibc.definedIn(elf)) ?? []);
}

function look(elf: Elf, suspects: Suspects, instrument: Instrument): Evidence | null {
  const needed = suspects.needed.find((name) => instrument.needed?.test(name));
  if (needed !== undefined) return { what: 'DT_NEEDED', saw: needed };
  const dynamic = suspects.symbols.find((name) => instrument.symbol.test(name));
  if (dynamic !== undefined) return { what: 'dynamic symbol', saw: dynamic };
  // A broken table costs its own names only, where something else shows the tool.
  const named = optional(() => inTable.get(instrument)?.firstIn(elf, offeredBy(elf)) ?? null);
  if (named !== null) return { what: '.symtab', saw: named };
  const section = suspects.sections.find((name) => instrument.sections?.includes(name));
  if (section !== undefined) return { what: 'section', saw: section };
  const { constant } = instrument;
  const found = constant && findConstant(elf, constant);
  if (!found) return null;
  const saw = found.match[0].replace('\0', '');
  return { what: 'string constant', saw, offset: BigInt(found.offset) };
}

/**
 * Names that the file cannot do without, and a program's own. Weak references are hooks for a tool that may not be
 * there (every start file refers weakly to __gmon_start__); a library's definitions are what it offers to others.
 */
function linkedNames(elf: Elf): readonly string[] {
  const program = isProgram(elf);
  const table = kind(elf).kind === 'object' ? elf.staticSymbolTable : elf.dynamicSymbolTable;
  const { length, sections, beginnings } = table;
  const names: string[] = [];
  for (let index = 1; index < length; index += 1) {
    const binding = bindingOf(table, index);
    const isLinked = sections[index] === SHN.UNDEF ? binding !== STB.WEAK : program;
    if (!isLinked || begins[beginnings[index] ?? 0] === 0) continue;
    const name = table.name(index);
    if (anySymbol.test(name)) names.push(name);
  }
  return names;
}

function isProgram(elf: Elf): boolean {
  return ['executable', 'static-executable', 'static-pie'].includes(kind(elf).kind);
}

const anySymbol = anyOf(instruments.map(({ symbol }) => symbol));
const anyNeeded = anyOf(instruments.flatMap(({ needed }) => needed ?? []));
const anySection = new Set(instruments.flatMap(({ sections }) => sections ?? []));

function anyOf(patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => `(?:${source})`).join('|'));
}

/** Options of `go build`, by the names of the tools that it used. */
const goFlags: readonly { readonly setting: string; readonly name: InstrumentName }[] = [
  { setting: '-race', name: 'ThreadSanitizer' },
  { setting: '-msan', name: 'MemorySanitizer' },
  { setting: '-asan', name: 'AddressSanitizer' },
  { setting: '-cover', name: 'Go coverage' },
];

function goSettings(elf: Elf, found: readonly Instrumentation[]): Instrumentation[] {
  const settings = go(elf)?.settings ?? {};
  return goFlags
    .filter(
      ({ setting, name }) =>
        settings[setting] === 'true' && !found.some((other) => other.name === name),
    )
    .map(({ setting, name }) => ({
      name,
      evidence: [{ what: 'Go build setting', saw: `${setting}=true` }],
    }));
}
