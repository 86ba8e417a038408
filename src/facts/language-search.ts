// supporting: looks for the marks of every language, the cheapest evidence first
import { DT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { optional } from '../elf/witness.ts';
import type { Evidence } from '../verdict.ts';
import { findConstant, findData } from './constants.ts';
import { knownNames } from './known-names.ts';
import type { Language } from './language.ts';
import { type LanguageMarks, languageMarks } from './language-marks.ts';
import { packedBy } from './packer.ts';
import type { Match } from './pattern-search.ts';
import { runtimeProof } from './runtime-proof.ts';
import { findStaticName } from './static-names.ts';
import { namesOf } from './symbol-names.ts';

/** All that one search looks through. */
interface Haystack {
  readonly elf: Elf;
  /** Of those in the marks. */
  readonly dynamicNames: ReadonlySet<string>;
}

interface Sighting {
  readonly evidence: Evidence;
  readonly version: string | null;
}

const markNames = knownNames(languageMarks.flatMap(({ symbols = [] }) => symbols));

export function findLanguages(elf: Elf): Language[] {
  if (packedBy(elf) !== null) return [];
  const haystack: Haystack = {
    elf,
    dynamicNames: namesOf(elf.dynamicSymbols, ({ name }) => markNames.has(name)),
  };
  return languageMarks.flatMap((marks): Language[] => {
    const sighting = look(haystack, marks);
    if (sighting === null) return [];
    const { name, hardenedBy } = marks;
    const { version, evidence } = sighting;
    if (hardenedBy === 'flags') return [{ name, version, hardenedBy, evidence: [evidence] }];
    const proof = runtimeProof(elf, marks);
    return proof === null
      ? [{ name, version, hardenedBy: 'unproven', evidence: [evidence] }]
      : [{ name, version, hardenedBy, evidence: [evidence, proof] }];
  });
}

function look(haystack: Haystack, marks: LanguageMarks): Sighting | null {
  return (
    inComment(haystack.elf, marks) ??
    inNeeded(haystack.elf, marks) ??
    inSymbols(haystack, marks) ??
    inSections(haystack.elf, marks) ??
    inBytes(marks.constant && findConstant(haystack.elf, marks.constant)) ??
    inBytes(marks.data && findData(haystack.elf, marks.data))
  );
}

function inComment(elf: Elf, { comment }: LanguageMarks): Sighting | null {
  for (const saw of comment === undefined ? [] : commentsOf(elf)) {
    const found = comment?.exec(saw);
    if (found) return { evidence: { what: '.comment', saw }, version: versionIn(found) };
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
  const dynamic =
    exact ?? (mangled && elf.dynamicSymbols.find(({ name }) => mangled.test(name))?.name);
  if (dynamic !== undefined) return seen('dynamic symbol', dynamic);
  const named = optional(() => findStaticName(elf, symbols));
  return named === null ? null : seen('.symtab', named);
}

function inSections(elf: Elf, { sections = [] }: LanguageMarks): Sighting | null {
  const section =
    sections.length === 0 ? undefined : elf.sections.find(({ name }) => sections.includes(name));
  return section === undefined ? null : seen('section', section.name);
}

function inBytes(found: Match | null | undefined): Sighting | null {
  if (!found) return null;
  const { offset, match } = found;
  const evidence = {
    what: 'bytes of its runtime',
    saw: printable(match[0]),
    offset: BigInt(offset),
  };
  return { evidence, version: versionIn(match) };
}

/** Text up to its NUL; binary marks in hex. */
function printable(text: string): string {
  const [shown = ''] = text.split('\0');
  return /^[ -~]+$/.test(shown) ? shown : Buffer.from(shown, 'latin1').toString('hex');
}

function versionIn(match: RegExpExecArray): string | null {
  return match.groups?.['version'] ?? null;
}

function seen(what: string, saw: string): Sighting {
  return { evidence: { what, saw }, version: null };
}
