import { ET } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { merged } from '../functions/ascending.ts';
import { codePieces } from '../functions/code-pieces.ts';
import { executableRanges } from '../functions/executable-ranges.ts';
import { visitFunctionCode } from '../functions/function-code.ts';
import type { FunctionTable } from '../functions/function-table.ts';
import type { Machine } from '../machine.ts';
import type { Sightings } from '../sightings.ts';

/**
 * The sightings with the addresses that functions compute from frame pointers, where these are wanted: in files that may
 * be unprotected. Without optimisation there are no others; with it, functions are many that need no frame pointer.
 */
export function withFrameAddresses(
  elf: Elf,
  machine: Machine,
  functions: FunctionTable,
  sightings: Sightings,
): Sightings {
  const { frameAddresses, framesApart } = machine;
  const { canaryStores, canaryChecks } = sightings;
  const isProtected = canaryStores.length + canaryChecks.length > 0;
  const confirmed = confirmer(elf, machine);
  const stackAddresses = withIndexed(sightings, isProtected ? functions : null, confirmed);
  if (frameAddresses === null || (isProtected && elf.header.type !== ET.REL)) {
    return { ...sightings, stackAddresses };
  }
  if (framesApart === true && stackAddresses.length > enoughAddresses) {
    return { ...sightings, stackAddresses };
  }
  const found: number[] = [];
  if (framesApart === true) {
    for (const { bytes, offset, start, end } of codePieces(elf, machine.reach)) {
      for (const at of frameAddresses(bytes)) {
        if (offset + at >= start && offset + at < end) found.push(offset + at);
      }
    }
  } else {
    visitFunctionCode(elf, functions, (code, start) => {
      for (const at of frameAddresses(code)) found.push(start + at);
    });
  }
  return { ...sightings, stackAddresses: merged(stackAddresses, confirmed(found)) };
}

/** To confirm more would take too long: so many are enough, though one in ten is none. */
const mostConfirmed = 20_000;

/** Those of some places at which an instruction has its opcode, where the machine can say so. */
function confirmer(elf: Elf, { isOpcode }: Machine): (offsets: readonly number[]) => number[] {
  return (offsets) => {
    if (isOpcode === undefined || offsets.length > mostConfirmed) return [...offsets];
    const ranges = executableRanges(elf);
    let index = 0;
    return offsets.filter((at) => {
      while (index + 1 < ranges.length && (ranges[index]?.end ?? 0) <= at) index += 1;
      const { offset = at, end = at } = ranges[index] ?? {};
      const from = Math.max(offset, at - isOpcode.reach);
      const code = elf.bytes.read(from, Math.min(end, at + isOpcode.reach) - from);
      return isOpcode.confirms(code, at - from);
    });
  };
}

/**
 * With the stores at an index that are confirmed; in protected files those in described functions alone. Assembly, which nothing describes, keeps
 * tables in its frames and has no canaries.
 */
function withIndexed(
  { stackAddresses, indexedStores }: Sightings,
  within: FunctionTable | null,
  confirmed: (offsets: readonly number[]) => number[],
): number[] {
  if (indexedStores.length === 0) return stackAddresses;
  const added = within === null ? indexedStores : insideOf(within, indexedStores);
  return merged(stackAddresses, confirmed(added));
}

/** Both ascend. */
function insideOf({ length, starts, ends }: FunctionTable, offsets: readonly number[]): number[] {
  let index = 0;
  return offsets.filter((offset) => {
    while (index + 1 < length && (starts[index + 1] ?? 0) <= offset) index += 1;
    return length > 0 && (starts[index] ?? 0) <= offset && offset < (ends[index] ?? 0);
  });
}

/** With so many known, a few more add nothing. */
const enoughAddresses = 64;

/** Whether it looks so when all code is read as one function: registers serve for other things in other functions. */
export function mayTakeAddresses(elf: Elf, machine: Machine): boolean {
  const { frameAddresses, reach } = machine;
  if (frameAddresses === null) return false;
  const confirmed = confirmer(elf, machine);
  for (const { bytes, offset } of codePieces(elf, reach)) {
    if (confirmed(frameAddresses(bytes).map((at) => offset + at)).length > 0) return true;
  }
  return false;
}
