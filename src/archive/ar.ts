import { LimitExceeded, MalformedInput } from '../base/errors.ts';
import type { Limits } from '../base/limits.ts';
import type { RandomAccess } from '../base/random-access.ts';
import { decodeName } from '../base/text.ts';

export interface ArMember {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Place of its bytes in the archive. */
  readonly offset: number;
  readonly size: number;
}

export const arMagic = '!<arch>\n';

const headerSize = 60;

/** System V and GNU keep long names in a member of this name, BSD in front of the body. */
const longNames = '//';

/** Members that index the others. */
const indexes: ReadonlySet<string> = new Set(['/', '/SYM64/', '__.SYMDEF', '__.SYMDEF SORTED']);

/**
 * Members of an ar archive in order, the indexes of symbols and names left out. Those before the damage are yielded
 * before MalformedInput is thrown.
 */
export async function* arMembers(file: RandomAccess, limits: Limits): AsyncIterable<ArMember> {
  let names: Buffer = Buffer.alloc(0);
  let count = 0;
  for (let at = arMagic.length; at < file.size; ) {
    const header = decodeHeader(await file.read(at, headerSize), at);
    const start = at + headerSize;
    count += 1;
    if (count > limits.maxEntries)
      throw new LimitExceeded(`archive has more than ${limits.maxEntries} members`);
    if (start + header.size > file.size) {
      throw new MalformedInput(
        `ar member at offset ${at} has ${header.size} bytes, the archive ends after ${file.size - start}`,
      );
    }
    if (header.name === longNames) names = await longNameTable(file, start, header.size, limits);
    else if (!indexes.has(header.name)) yield await named(file, header, start, names);
    // Bodies begin at even offsets.
    at = start + header.size + (header.size % 2);
  }
}

type Header = Omit<ArMember, 'offset'>;

/** Fields are text, padded with blanks: name 16, time 12, uid 6, gid 6, mode 8 (octal), size 10, magic 2. */
function decodeHeader(bytes: Buffer, at: number): Header {
  if (bytes.length < headerSize || bytes[58] !== 0x60 || bytes[59] !== 0x0a) {
    throw new MalformedInput(`no ar member begins at offset ${at}, expected a header of 60 bytes`);
  }
  const text = (start: number, end: number) => bytes.toString('latin1', start, end).trimEnd();
  const size = text(48, 58);
  if (!/^\d{1,10}$/.test(size)) {
    throw new MalformedInput(
      `ar size is ${JSON.stringify(size)} at offset ${at + 48}, expected a number`,
    );
  }
  return {
    name: decodeName(bytes.subarray(0, 16)).trimEnd(),
    uid: number(text(28, 34), 10),
    gid: number(text(34, 40), 10),
    mode: number(text(40, 48), 8) & 0o7777,
    size: Number(size),
  };
}

/** Import libraries and indexes leave these fields blank. */
function number(text: string, base: 8 | 10): number {
  return Number.parseInt(text, base) || 0;
}

function longNameTable(file: RandomAccess, start: number, size: number, limits: Limits) {
  if (size <= limits.maxDocumentSize) return file.read(start, size);
  throw new LimitExceeded(
    `ar table of names has ${size} bytes, the limit is ${limits.maxDocumentSize}`,
  );
}

async function named(
  file: RandomAccess,
  header: Header,
  offset: number,
  names: Buffer,
): Promise<ArMember> {
  const inFront = /^#1\/(\d{1,5})$/.exec(header.name);
  if (inFront !== null) {
    const length = Math.min(Number(inFront[1]), header.size);
    const name = untilNul(await file.read(offset, length));
    return { ...header, name, offset: offset + length, size: header.size - length };
  }
  const inTable = /^\/(\d{1,9})$/.exec(header.name);
  const name = inTable === null ? header.name : tableName(names, Number(inTable[1]), offset);
  return { ...header, name: name.replace(/\/$/, ''), offset };
}

/** A name ends with `/` and a newline; in archives of Windows with NUL. */
function tableName(names: Buffer, start: number, offset: number): string {
  if (start >= names.length) {
    throw new MalformedInput(
      `ar member before offset ${offset} has its name at ${start} of a table of ${names.length} bytes`,
    );
  }
  const newline = names.indexOf(0x0a, start);
  return untilNul(names.subarray(start, newline < 0 ? names.length : newline));
}

function untilNul(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return decodeName(end < 0 ? bytes : bytes.subarray(0, end));
}
