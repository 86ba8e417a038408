import type { Evidence } from '../../base/verdict.ts';
import { DT, ET } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { optional } from '../../elf/reading/witness.ts';
import { isMappedSection } from '../file/mapped-section.ts';
import { packedBy } from '../packer.ts';
import { findConstant, findData } from '../search/byte-marks.ts';
import { dynamicNames } from '../search/dynamic-names.ts';
import type { Match } from '../search/pattern-search.ts';
import { type StaticNames, staticNames } from '../search/static-names.ts';
import { firstMangled } from '../search/symbol-names.ts';
import { type Language, type LanguageMarks, languageMarks } from './language-marks.ts';
import { runtimeProof } from './runtime-proof.ts';
import { hasRoomFor } from './runtime-room.ts';

/** All that one search looks through. */
interface Haystack {
  readonly elf: Elf;
  /** Of those in the marks. */
  readonly dynamicNames: ReadonlySet<string>;
}

interface Sighting {
  /** Processes have it in memory. */
  readonly isLoaded: boolean;
  readonly evidence: Evidence;
  readonly version: string | null;
}

const markNames = dynamicNames(languageMarks.flatMap(({ symbols = [] }) => symbols));

const inTable: ReadonlyMap<LanguageMarks, StaticNames> = new Map(
  languageMarks.map((marks) => [marks, staticNames(marks.symbols ?? [])]),
);

export function findLanguages(elf: Elf): Language[] {
  if (packedBy(elf) !== null) return [];
  const haystack: Haystack = {
    elf,
    dynamicNames: new Set(markNames.allIn(elf)),
  };
  return languageMarks.flatMap((marks): Language[] => {
    const sighting = look(haystack, marks);
    if (sighting === null) return [];
    const { name, hardenedBy } = marks;
    const { version, evidence } = sighting;
    if (hardenedBy === 'flags') return [{ name, version, hardenedBy, evidence: [evidence] }];
    const proof = runtimeProof(elf, marks);
    if (proof !== null) return [{ name, version, hardenedBy, evidence: [evidence, proof] }];
    const loaded = sighting.isLoaded ? sighting : lookInMemory(haystack, marks);
    return loaded !== null && hasRoomFor(elf, name)
      ? [{ name, version, hardenedBy: 'unproven', evidence: [loaded.evidence] }]
      : [{ name, version, hardenedBy: 'nothing', evidence: [evidence] }];
  });
}

/** Nothing that runs reads the rest, so its presence alone is not a reason for doubt. */
function lookInMemory({ elf, dynamicNames }: Haystack, marks: LanguageMarks): Sighting | null {
  const dynamic = marks.symbols?.find((name) => dynamicNames.has(name));
  if (dynamic !== undefined) return seen('dynamic symbol', dynamic);
  const section = inSections(elf, marks);
  return section?.isLoaded ? section : inAnyBytes(elf, marks);
}

function look(haystack: Haystack, marks: LanguageMarks): Sighting | null {
  return (
    inComment(haystack.elf, marks) ??
    inNeeded(haystack.elf, marks) ??
    inSymbols(haystack, marks) ??
    inSections(haystack.elf, marks) ??
    inAnyBytes(haystack.elf, marks)
  );
}

function inAnyBytes(elf: Elf, { constant, data }: LanguageMarks): Sighting | null {
  return inBytes(constant && findConstant(elf, constant)) ?? inBytes(data && findData(elf, data));
}

function inComment(elf: Elf, { comment }: LanguageMarks): Sighting | null {
  for (const saw of comment === undefined ? [] : commentsOf(elf)) {
    const found = comment?.exec(saw);
    if (found) {
      return {
        evidence: { what: '.comment', saw },
        version: versionIn(found),
        isLoaded: isObject(elf),
      };
    }
  }
  return null;
}

/** A mark only lets more pass, so one that cannot be read is none. */
function commentsOf(elf: Elf): readonly string[] {
  return optional(() => elf.comments) ?? [];
}

function inNeeded(elf: Elf, { needed }: LanguageMarks): Sighting | null {
  if (needed === undefined) return null;
  const saw = elf.dynamicStrings(DT.NEEDED).find((name) => needed.test(name));
  return saw === undefined ? null : seen('DT_NEEDED', saw);
}

function inSymbols({ elf, dynamicNames }: Haystack, marks: LanguageMarks): Sighting | null {
  const { symbols = [], mangled } = marks;
  const exact = symbols.find((name) => dynamicNames.has(name));
  const dynamic = exact ?? (mangled && firstMangled(elf, mangled));
  if (dynamic !== undefined) return seen('dynamic symbol', dynamic);
  const named = optional(() => inTable.get(marks)?.firstIn(elf) ?? null);
  return named === null ? null : seen('.symtab', named, isObject(elf));
}

/** An object file has nothing but its sections. */
function isObject(elf: Elf): boolean {
  return elf.header.type === ET.REL;
}

function inSections(elf: Elf, { sections = [] }: LanguageMarks): Sighting | null {
  const section =
    sections.length === 0 ? undefined : elf.sections.find(({ name }) => sections.includes(name));
  if (section === undefined) return null;
  return seen('section', section.name, isObject(elf) || isMappedSection(elf, section));
}

function inBytes(found: Match | null | undefined): Sighting | null {
  if (!found) return null;
  const { offset, match } = found;
  const evidence = {
    what: 'bytes of its runtime',
    saw: printable(match[0]),
    offset: BigInt(offset),
  };
  return { evidence, version: versionIn(match), isLoaded: true };
}

/** Text up to its NUL; binary marks in hex. */
function printable(text: string): string {
  const [shown = ''] = text.split('\0');
  return /^[ -~]+$/.test(shown) ? shown : Buffer.from(shown, 'latin1').toString('hex');
}

function versionIn(match: RegExpExecArray): string | null {
  return match.groups?.['version'] ?? null;
}

function seen(what: string, saw: string, isLoaded = true): Sighting {
  return { evidence: { what, saw }, version: null, isLoaded };
}
