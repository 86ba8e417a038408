import { ET } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';
import { merged } from './ascending.ts';
import { codePieces } from './code-pieces.ts';
import { visitFunctionCode } from './function-code.ts';
import type { FunctionTable } from './function-table.ts';
import type { Machine } from './machine.ts';
import type { Sightings } from './sightings.ts';

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
  const { canaryStores, canaryChecks, stackAddresses } = sightings;
  const isProtected = canaryStores.length + canaryChecks.length > 0;
  if (frameAddresses === null || (isProtected && elf.header.type !== ET.REL)) return sightings;
  if (framesApart === true && stackAddresses.length > enoughAddresses) return sightings;
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
  return { ...sightings, stackAddresses: [...merged(stackAddresses, found)] };
}

/** Where so many are known, a few more tell nothing new. */
const enoughAddresses = 64;

/** Whether it looks so when all code is read as one function: registers serve for other things in other functions. */
export function mayTakeAddresses(elf: Elf, { frameAddresses, reach }: Machine): boolean {
  if (frameAddresses === null) return false;
  for (const { bytes } of codePieces(elf, reach)) if (frameAddresses(bytes).length > 0) return true;
  return false;
}
