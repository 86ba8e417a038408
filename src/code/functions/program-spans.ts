import { DT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import type { StartCode, Startup } from '../machine.ts';
import { machineOf } from '../machine-of.ts';
import { codeOffset } from './code-address.ts';
import { executableRanges } from './executable-ranges.ts';
import { functionsOf } from './functions.ts';
import type { Span } from './span.ts';

/** musl's `_start` hands over to a second part of crt1.o right behind it, which is not libc yet. */
const startCodeSize = 512;

export interface ProgramSpans {
  readonly spans: readonly Span[];
  /** `main` is among them. */
  readonly withMain: boolean;
}

/**
 * Where a static executable keeps its own code: link order is crt1, program, its libraries, libc, so it lies between
 * the entry point and `__libc_start_main`, with `main` (which compilers put among the code that runs at start) apart.
 * null when the start code is not understood, or when the linker sorted sections, so that the order means nothing.
 */
export function programSpans(elf: Elf): ProgramSpans | null {
  if (elf.interpreter !== null || elf.dynamicValue(DT.NEEDED) !== null) return null;
  const startup = startupOf(elf);
  if (startup === null) return null;
  const place = (address: bigint) => codeOffset(elf, address);
  const start = place(elf.header.entry);
  const end = place(startup.libcStart);
  const main = startup.main === null ? null : place(startup.main);
  if (start === null || end === null || end - start < startCodeSize) return null;
  if (main !== null && main >= end) return null;
  const between = { start, end };
  const apart = main !== null && main < start ? functionAt(elf, main) : null;
  if (apart !== null) return { spans: [apart, between], withMain: true };
  return { spans: [between], withMain: main !== null && main >= start };
}

/** Where the code at the entry point leads; null where it is not understood. */
export function startupOf(elf: Elf): Startup | null {
  return machineOf(elf.header)?.startup?.(startCode(elf)) ?? null;
}

function functionAt(elf: Elf, offset: number): Span | null {
  const functions = functionsOf(elf);
  if (!functions.known) return null;
  const { starts, ends } = functions.table;
  const index = starts.indexOf(offset);
  return index < 0 ? null : { start: offset, end: ends[index] ?? offset };
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
      return elf.bytes.read(offset, Math.min(length, range.end - offset));
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
