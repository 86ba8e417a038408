import { DT, EM } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { propertyBits } from './gnu-properties.ts';

/** DT_RELR with at least one relocation: loaders that do not know it leave pointers that nobody relocated. */
export function hasPackedRelative(elf: Elf): boolean {
  return (elf.dynamicValue(DT.RELR) ?? 0n) !== 0n && elf.dynamicValue(DT.RELRSZ) !== 0n;
}

/** GNU_PROPERTY_X86_ISA_1_NEEDED (x86-64 psABI, section "Program Property"). */
const processorNeeded = 0xc0008002;

/** Bits of that property; 0 without it and on other machines. */
export function processorNeeds(elf: Elf): number {
  const { machine } = elf.header;
  const isX86 = machine === EM.X86_64 || machine === EM.I386;
  return isX86 ? (propertyBits(elf, processorNeeded)?.bits ?? 0) : 0;
}
