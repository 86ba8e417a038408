import { PF, PT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import type { Evidence } from '../verdict.ts';
import { findText } from './byte-search.ts';
import { factExtractor } from './fact-extractor.ts';
import { mappedOffset } from './mapped-page.ts';

/** What compressed the program: the file then holds an unpacking stub, and the program's own headers are hidden. */
export interface Packer {
  readonly name: string;
  readonly evidence: readonly Evidence[];
}

const magic = 'UPX!';

/**
 * UPX lays a program out so (src/p_unix.cpp, p_lx_elf.cpp): program headers, l_info with its magic, p_info, a chain of
 * compressed blocks with a b_info before each, and behind the last one the stub, where the program is entered. Anybody
 * can write the magic. So a file is packed only where the chain holds, fills what is executable but for a stub, looks
 * like compressed data, and leads to the entry point.
 */
export default factExtractor('tables', (elf): Packer | null => {
  const found = findText(elf.bytes, magic, 0, 1024);
  if (found === null || isLinked(elf)) return null;
  const start = found - l_info.magic;
  const entry = mappedOffset(elf, elf.header.entry);
  if (start < 0 || entry === null) return null;
  const blocks = blocksBetween(elf, start + l_info.size + p_info.size, entry);
  if (blocks === null || blocks.length < 2) return null;
  const end = executableEnd(elf);
  if (end === null || end < entry || end - entry > longestStub) return null;
  if (!looksCompressed(elf, blocks)) return null;
  return {
    name: 'UPX',
    evidence: [
      { what: 'l_info magic', saw: magic, offset: BigInt(found) },
      {
        what: 'compressed blocks up to the entry point',
        saw: String(blocks.length),
        offset: BigInt(blocks[0]?.offset ?? start),
      },
    ],
  };
});

/** The stub asks no loader for anything. */
function isLinked({ segments }: Elf): boolean {
  return segments.some(({ type }) => type === PT.DYNAMIC || type === PT.INTERP);
}

/** Sizes of the records, and where fields are in them. */
const l_info = { size: 12, magic: 4 };
const p_info = { size: 12 };
const b_info = { size: 12, unpacked: 0, packed: 4, method: 8 };

/** NRV2B, NRV2D and NRV2E each in three forms, LZMA, deflate, zstd; 0 where a block is stored. */
const methods: ReadonlySet<number> = new Set([0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 14, 15, 16]);

/** Each PT_LOAD of the program gives two blocks at most. */
const mostBlocks = 64;
/** The stub is 2 to 6 KiB, aligned behind the last block. */
const longestStub = 32 * 1024;
const longestGap = 64;

interface Block {
  readonly offset: number;
  readonly size: number;
}

/** null where the chain breaks before the entry point. */
function blocksBetween(elf: Elf, start: number, entry: number): readonly Block[] | null {
  const blocks: Block[] = [];
  let at = start;
  while (at <= entry && blocks.length < mostBlocks) {
    if (blocks.length > 0 && entry - at < longestGap) return blocks;
    const size = packedSize(elf, at, entry);
    if (size === null) return null;
    blocks.push({ offset: at + b_info.size, size });
    at += b_info.size + size;
  }
  return null;
}

function packedSize({ bytes, header }: Elf, at: number, entry: number): number | null {
  if (at + b_info.size > entry) return null;
  const info = bytes.read(at, b_info.size);
  const word = (offset: number) =>
    header.byteOrder === 'little' ? info.readUInt32LE(offset) : info.readUInt32BE(offset);
  const packed = word(b_info.packed);
  const isSound =
    methods.has(info[b_info.method] ?? 1) && packed > 0 && packed <= word(b_info.unpacked);
  return isSound ? packed : null;
}

/** Where the file bytes of executable segments end; null without one. */
function executableEnd({ segments }: Elf): number | null {
  const ends = segments
    .filter(
      ({ type, flags, fileSize }) => type === PT.LOAD && (flags & PF.X) !== 0 && fileSize > 0n,
    )
    .map(({ offset, fileSize }) => Number(offset + fileSize));
  return ends.length === 0 ? null : Math.max(...ends);
}

/** Machine code has 5.5 to 6.5 bits in a byte, what was compressed well above 7: measured from 4 KiB on. */
const leastEntropy = 7;
const enoughBytes = 4096;
const mostBytes = 256 * 1024;

function looksCompressed({ bytes }: Elf, blocks: readonly Block[]): boolean {
  const largest = blocks.reduce((a, b) => (b.size > a.size ? b : a));
  if (largest.size < enoughBytes) return true;
  const size = Math.min(largest.size, mostBytes);
  const counts = new Uint32Array(256);
  for (const byte of bytes.read(largest.offset, size)) counts[byte] = (counts[byte] ?? 0) + 1;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / size) * Math.log2(count / size);
  return bits >= leastEntropy;
}
