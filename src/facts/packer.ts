import { MalformedElf } from '../base/errors.ts';
import type { Evidence } from '../base/verdict.ts';
import { PF, PT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { optional } from '../elf/reading/witness.ts';
import { factExtractor } from './fact-extractor.ts';
import { findText } from './search/byte-search.ts';

/** What compressed the program: the file then holds an unpacking stub, and the program's own headers are hidden. */
export interface Packer {
  readonly name: string;
  readonly evidence: readonly Evidence[];
}

const magic = 'UPX!';

/**
 * UPX lays a program out so (src/p_unix.cpp, p_lx_elf.cpp): program headers, l_info with its magic, p_info, a chain of
 * compressed blocks with a b_info before each, and behind the last one the stub, where the program is entered. Anybody
 * can write the magic, and can take it away: the stub never reads it. So a file is packed where the chain holds, fills
 * what is executable but for a stub, looks like compressed data, and leads to the entry point. Throws MalformedElf for a
 * chain that begins so and leads elsewhere: it was cut or broken after it was packed.
 */
const packer = factExtractor('tables', (elf): Packer | null => {
  if (isLinked(elf)) return null;
  const magicAt = findText(elf.bytes, magic, 0, 1024);
  const behindHeaders = programHeadersEnd(elf);
  const starts = new Set([behindHeaders, (magicAt ?? behindHeaders + l_info.magic) - l_info.magic]);
  const chains = [...starts].map((start) => chainFrom(elf, start));
  const packed = chains.find((chain) => isPacked(elf, chain));
  if (packed !== undefined) {
    return {
      name: 'UPX',
      evidence: [
        ...(magicAt === null
          ? []
          : [{ what: 'l_info magic', saw: magic, offset: BigInt(magicAt) }]),
        {
          what: 'compressed blocks up to the entry point',
          saw: String(packed.blocks.length),
          offset: BigInt(packed.blocks[0]?.offset ?? 0),
        },
      ],
    };
  }
  const isMarked = magicAt === behindHeaders + l_info.magic;
  const broken = chains.find((chain) => isBroken(elf, chain, isMarked));
  if (broken === undefined) return null;
  throw new MalformedElf(
    `the compressed blocks of UPX end at 0x${broken.end.toString(16)}, expected the entry point behind them`,
  );
});

/** What is not packed as a whole excuses nothing. */
export function packedBy(elf: Elf): Packer | null {
  return optional(() => packer(elf));
}

export default packer;

function isPacked(elf: Elf, chain: Chain): boolean {
  const { blocks, end } = chain;
  if (blocks.length < 2 || !chain.leadsToEntry) return false;
  const code = executableEnd(elf);
  const isStub = code !== null && code >= end && code - end <= longestStub + longestGap;
  return isStub && looksCompressed(elf, blocks);
}

/** By its magic where it belongs, or by more compressed bytes than chance gives. */
function isBroken(elf: Elf, { blocks }: Chain, isMarked: boolean): boolean {
  if (isMarked) return blocks.length > 0;
  const isLong = blocks.some(({ size }) => size >= enoughBytes);
  return blocks.length >= 2 && isLong && looksCompressed(elf, blocks);
}

/** The stub asks no loader for anything. */
function isLinked({ segments }: Elf): boolean {
  return segments.some(({ type }) => type === PT.DYNAMIC || type === PT.INTERP);
}

function programHeadersEnd({ header, segments }: Elf): number {
  return Number(header.programHeaderOffset) + segments.length * header.programHeaderSize;
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
  /** In the file: the last one may be cut. */
  readonly size: number;
}

interface Chain {
  readonly blocks: readonly Block[];
  /** Behind the last block. */
  readonly end: number;
  readonly leadsToEntry: boolean;
}

/** Blocks, as far as they follow each other. */
function chainFrom(elf: Elf, start: number): Chain {
  const entry = elf.fileOffset(elf.header.entry, 1);
  const blocks: Block[] = [];
  let at = start + l_info.size + p_info.size;
  const leads = () => entry !== null && at <= entry && entry - at < longestGap;
  while (start >= 0 && blocks.length < mostBlocks && !(blocks.length > 0 && leads())) {
    const size = packedSize(elf, at);
    if (size === null) break;
    const offset = at + b_info.size;
    blocks.push({ offset, size: Math.min(size, elf.bytes.size - offset) });
    at = offset + size;
  }
  return { blocks, end: at, leadsToEntry: blocks.length > 0 && leads() };
}

function packedSize({ bytes, header }: Elf, at: number): number | null {
  if (at + b_info.size > bytes.size) return null;
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
