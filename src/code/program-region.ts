import type { Elf } from '../elf/model.ts';
import { executableRanges } from './executable-ranges.ts';
import type { StartCode } from './machine.ts';
import { machineOf } from './machine-of.ts';

/** Where a static executable keeps its own code, as file offsets. Link order is crt1, program, its libraries, libc. */
export interface ProgramRegion {
  readonly start: number;
  /** `__libc_start_main`, the first function of libc that anything refers to. */
  readonly end: number;
  /** `main`, which compilers put before all others, among the code that runs at start. */
  readonly main: number | null;
}

/** null when the start code is not understood, or when the linker sorted sections so that the order tells nothing. */
export function programRegion(elf: Elf): ProgramRegion | null {
  const startup = machineOf(elf.header)?.startup?.(startCode(elf)) ?? null;
  if (startup === null) return null;
  const place = (address: bigint) => elf.fileOffset(address, 1);
  const start = place(elf.header.entry & ~1n);
  const end = place(startup.libcStart & ~1n);
  const main = startup.main === null ? null : place(startup.main & ~1n);
  const inOrder = start !== null && end !== null && start < end && (main === null || main < end);
  return inOrder ? { start, end, main } : null;
}

function startCode(elf: Elf): StartCode {
  const pointerSize = elf.header.bits / 8;
  const little = elf.header.byteOrder === 'little';
  return {
    entry: elf.header.entry,
    codeAt(address, length) {
      const offset = elf.fileOffset(address, 1);
      const range = executableRanges(elf).find(
        (each) => offset !== null && each.offset <= offset && offset < each.end,
      );
      if (offset === null || range === undefined) return Buffer.alloc(0);
      return range.bytes.subarray(offset - range.offset, offset - range.offset + length);
    },
    pointerAt(address) {
      const offset = elf.fileOffset(address, pointerSize);
      if (offset === null) return null;
      const bytes = elf.bytes.read(offset, pointerSize);
      if (pointerSize === 4) return BigInt(little ? bytes.readUInt32LE(0) : bytes.readUInt32BE(0));
      return little ? bytes.readBigUInt64LE(0) : bytes.readBigUInt64BE(0);
    },
  };
}
