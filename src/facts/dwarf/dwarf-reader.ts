import { constants, inflateSync } from 'node:zlib';
import { LimitExceeded, MalformedElf } from '../../base/errors.ts';
import { unzstdNow } from '../../base/unzstd-now.ts';
import { SHF } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';

/** A place in a section that moves on with each read. Reads outside the section throw MalformedElf. */
export interface Cursor {
  at: number;
  readonly end: number;
  /** An unsigned number of 1, 2, 4 or 8 bytes; one over 2^53 is refused. */
  unsigned(size: number): number;
  leb128(): number;
  /** A word of 64 bits, in hex. */
  eightBytes(): string;
  text(): string;
}

export function cursorAt(bytes: Buffer, start: number, littleEndian: boolean): Cursor {
  const need = (at: number, length: number) => {
    if (at >= 0 && at + length <= bytes.length) return;
    throw new MalformedElf(
      `debug information ends at ${bytes.length}, ${length} bytes expected at ${at} of its section`,
    );
  };
  const cursor: Cursor = {
    at: start,
    end: bytes.length,
    unsigned(size) {
      const { at } = cursor;
      need(at, size);
      cursor.at += size;
      if (size === 8) {
        const value = littleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at);
        return Number(value);
      }
      return littleEndian ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size);
    },
    eightBytes() {
      const { at } = cursor;
      need(at, 8);
      cursor.at += 8;
      const value = littleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at);
      return value.toString(16);
    },
    leb128() {
      let value = 0;
      for (let factor = 1; ; factor *= 128) {
        const byte = cursor.unsigned(1);
        if (factor < 2 ** 49) value += (byte & 0x7f) * factor;
        if (byte < 0x80) return value;
      }
    },
    text() {
      const end = bytes.indexOf(0, cursor.at);
      if (end === -1)
        throw new MalformedElf(`text at ${cursor.at} of debug information does not end`);
      const value = bytes.toString('utf8', cursor.at, Math.min(end, cursor.at + maxText));
      cursor.at = end + 1;
      return value;
    },
  };
  return cursor;
}

/** Bytes of one text: the longest producers, with all their options, have about 2,000. */
const maxText = 16_384;

/** Bytes of one section when decompressed. */
const maxSection = 256 * 1024 ** 2;

const zlib = 1;
const zstd = 2;

/** A section by name, decompressed; empty when there is none. */
export function debugSection(elf: Elf, name: string): Buffer {
  const section = elf.sections.find((candidate) => candidate.name === name);
  if (section === undefined) return Buffer.alloc(0);
  const stored = elf.sectionBytes(section);
  if ((section.flags & SHF.COMPRESSED) === 0n) return stored;
  const header = cursorAt(stored, 0, elf.header.byteOrder === 'little');
  const type = header.unsigned(4);
  const content = stored.subarray(elf.header.bits === 64 ? 24 : 12);
  if (type === zlib) return inflate(content, name);
  if (type === zstd) return unzstd(content, sizeIn(stored, elf), name);
  throw new LimitExceeded(
    `section ${name} is compressed by method ${type}; only zlib (1) and zstd (2) are read here`,
  );
}

/** `ch_size` of the header. */
function sizeIn(stored: Buffer, { header: { bits, byteOrder } }: Elf): number {
  const [at, bytes] = bits === 64 ? [8, 8] : [4, 4];
  return Number(cursorAt(stored, at, byteOrder === 'little').unsigned(bytes));
}

function unzstd(compressed: Buffer, size: number, name: string): Buffer {
  if (size > maxSection)
    throw new LimitExceeded(
      `section ${name} has ${size} bytes when decompressed, the limit is ${maxSection}`,
    );
  const content = unzstdNow(compressed, size);
  if (content === null) throw new MalformedElf(`section ${name} does not decompress by zstd`);
  return content;
}

function inflate(compressed: Buffer, name: string): Buffer {
  try {
    return inflateSync(compressed, {
      maxOutputLength: maxSection,
      finishFlush: constants.Z_FINISH,
    });
  } catch (error) {
    throw new MalformedElf(
      `section ${name} does not decompress: ${error instanceof Error ? error.message : error}`,
    );
  }
}
