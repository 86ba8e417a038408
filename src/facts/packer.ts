import type { Elf } from '../elf/model.ts';
import type { Evidence } from '../verdict.ts';
import { findText } from './byte-search.ts';
import { factExtractor } from './fact-extractor.ts';

/** What compressed the program: the file then holds an unpacking stub, and the program's own headers are hidden. */
export interface Packer {
  readonly name: string;
  readonly evidence: readonly Evidence[];
}

const magic = 'UPX!';
const notice = '$Info: This file is packed with the UPX';

/**
 * UPX writes l_info (a checksum, then its magic) straight behind the program headers, and a pack header that begins
 * with the magic at the end of the file. A program that merely contains the word somewhere is not packed: the magic
 * must stand in its place, or near the start with a second witness.
 */
export default factExtractor('tables', (elf): Packer | null => {
  const { bytes } = elf;
  const loaderInfo = findText(bytes, magic, 0, 1024);
  if (loaderInfo === null) return null;
  const packHeader = findText(bytes, magic, Math.max(bytes.size - 256, loaderInfo + 4));
  const stubNotice = findText(bytes, notice);
  const inPlace = BigInt(loaderInfo) === programHeadersEnd(elf) + 4n;
  if (!inPlace && packHeader === null && stubNotice === null) return null;
  return {
    name: 'UPX',
    evidence: [
      ...seen('l_info magic', magic, loaderInfo),
      ...seen('pack header magic', magic, packHeader),
      ...seen('notice in the stub', notice, stubNotice),
    ],
  };
});

function programHeadersEnd({ header }: Elf): bigint {
  return header.programHeaderOffset + BigInt(header.programHeaderCount * header.programHeaderSize);
}

function seen(what: string, saw: string, offset: number | null): Evidence[] {
  return offset === null ? [] : [{ what, saw, offset: BigInt(offset) }];
}
