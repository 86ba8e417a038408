import { decodeName } from '../../base/text.ts';
import { SHF, SHT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { piecesOf } from '../../elf/reading/file-pieces.ts';
import { optional } from '../../elf/reading/witness.ts';
import type { Contradiction } from './contradiction.ts';

/**
 * In UTF-8, as Latin-1 shows it: marks that turn text around (U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069) and
 * characters that show nothing (U+00AD, U+115F, U+1160, U+200B to U+200D, U+2060 to U+2065, U+3164, U+FEFF, U+FFA0, tags).
 */
const hidden =
  /\xd8\x9c|\xc2\xad|\xe1\x85[\x9f\xa0]|\xe2\x80[\x8b-\x8f\xaa-\xae]|\xe2\x81[\xa0-\xa9]|\xe3\x85\xa4|\xef(?:\xbb\xbf|\xbe\xa0)|\xf3\xa0[\x80\x81][\x80-\xbf]/;
const leads = [0xc2, 0xd8, 0xe1, 0xe2, 0xe3, 0xef, 0xf3];

/** Longer ones are cut. */
const longestShown = 80;

/**
 * Names of symbols, sections and libraries that a person reads as others than they are. Loaders compare bytes, so a look-alike
 * is another name. The first one of each table.
 */
export function nameContradictions(elf: Elf): Contradiction[] {
  const dynamic = optional(() => elf.dynamicSymbolTable.nameBytes);
  const found =
    dynamic === null
      ? null
      : hiddenIn(Buffer.from(dynamic.buffer, dynamic.byteOffset, dynamic.length));
  return [
    ...(found === null ? [] : [contradiction(found, 'of the dynamic section')]),
    ...sectionNames(elf),
  ];
}

/** String tables that no loader reads: names of sections and of `.symtab`. */
function sectionNames(elf: Elf): Contradiction[] {
  const tables = elf.sections.filter(
    ({ type, flags }) => type === SHT.STRTAB && (flags & SHF.ALLOC) === 0n,
  );
  return tables.flatMap(({ name, offset, size }) => {
    const end = offset + size < BigInt(elf.bytes.size) ? offset + size : BigInt(elf.bytes.size);
    if (offset >= end) return [];
    for (const { bytes } of piecesOf(elf.bytes, Number(offset), Number(end), longestShown)) {
      const found = hiddenIn(bytes);
      if (found !== null) return [contradiction(found, `in ${name || 'a string table'}`)];
    }
    return [];
  });
}

function hiddenIn(table: Buffer): string | null {
  // Hardly any table has such bytes, and this is much faster than the pattern.
  if (!leads.some((lead) => table.includes(lead))) return null;
  const at = placeIn(table);
  if (at === null) return null;
  const start = table.lastIndexOf(0, at) + 1;
  const end = table.indexOf(0, at);
  const name = table.subarray(Math.max(start, at - longestShown), end < 0 ? table.length : end);
  return decodeName(name.subarray(0, 2 * longestShown));
}

/** As texts of a few megabytes: one of all of a large table may be longer than a string can be. */
function placeIn(table: Buffer): number | null {
  for (let from = 0; from < table.length; from += pieceSize) {
    const found = hidden.exec(table.toString('latin1', from, from + pieceSize + longestPattern));
    if (found !== null) return from + found.index;
  }
  return null;
}

const pieceSize = 4 * 1024 * 1024;
const longestPattern = 4;

function contradiction(name: string, where: string): Contradiction {
  return {
    message: `a name ${where} holds a character that is not visible, or that turns text around`,
    what: 'name',
    saw: name,
  };
}
