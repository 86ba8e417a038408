import { executableRanges } from '../../code/functions/executable-ranges.ts';
import { EM } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';

/**
 * How many tags of a dynamic section a musl loader keeps, by its code: DYN_CNT of src/internal/dynlink.h, which the change that
 * brought DT_RELR (tag 36) raised from 32 to 37. null where the code does not show it.
 *
 * decode_vec of ldso/dynlink.c holds each tag against the number: `v[0]-1<cnt-1`. Compilers copy it to its callers, or give it the
 * number as a constant; an auxiliary vector, which goes through it too, has 32 in every release. So 37 anywhere is an answer, and
 * 32 is one where nothing else is seen.
 */
export function muslTags(elf: Elf): 32 | 37 | null {
  const read = readers[elf.header.machine];
  if (read === undefined || elf.header.bits !== 64 || elf.header.byteOrder !== 'little')
    return null;
  const seen = new Set<number>();
  for (const { offset, end } of executableRanges(elf)) {
    const size = Math.min(end - offset, largest);
    for (const limit of read(elf.bytes.read(offset, size))) seen.add(limit);
  }
  if (seen.has(35)) return 37;
  return seen.has(30) ? 32 : null;
}

/** Bytes of code; musl has 400,000. */
const largest = 4 * 1024 * 1024;

const readers: Readonly<Record<number, (code: Buffer) => Iterable<number>>> = {
  [EM.X86_64]: limitsOfX86,
  [EM.AARCH64]: limitsOfAarch64,
};

/** `lea -1(%rcx),%rax; cmp $30,%rax`, in any registers. */
function* limitsOfX86(code: Buffer): Generator<number> {
  for (let at = code.indexOf(0x8d); at > 0; at = code.indexOf(0x8d, at + 1)) {
    const isLess = isWide(code[at - 1]) && isByteAway(code[at + 1]) && code[at + 2] === 0xff;
    if (!isLess || !isWide(code[at + 3]) || code[at + 4] !== 0x83) continue;
    if (((code[at + 5] ?? 0) & 0xf8) === 0xf8) yield code[at + 6] ?? 0;
  }
}

/** A prefix of 64 bits. */
function isWide(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xf8) === 0x48;
}

/** A register and a distance of one byte. */
function isByteAway(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x40 && (byte & 7) !== 4;
}

/** `sub x1, x0, #1; cmp x1, #30`. */
function* limitsOfAarch64(code: Buffer): Generator<number> {
  for (let at = 0; at + 8 <= code.length; at += 4) {
    const less = code.readUInt32LE(at);
    if ((less & 0xfffffc00) >>> 0 !== 0xd1000400) continue;
    const compare = code.readUInt32LE(at + 4);
    const isOfIt =
      (compare & 0xffc0001f) >>> 0 === 0xf100001f && ((compare >>> 5) & 31) === (less & 31);
    if (isOfIt) yield (compare >>> 10) & 0xfff;
  }
}
