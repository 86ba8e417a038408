import { DT, EM, STT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { wordSize } from '../../elf/reading/layout.ts';

const DT_MIPS_LOCAL_GOTNO = 0x7000000a;
const DT_MIPS_GOTSYM = 0x70000013;

/**
 * Addresses of the global part of the GOT, which the loader fills from the dynamic symbols DT_MIPS_GOTSYM and up
 * (MIPS psABI, "Global Offset Table"). [] on other machines.
 */
export function mipsGlobalOffsetTable(elf: Elf): readonly bigint[] {
  const table = elf.dynamicValue(DT.PLTGOT);
  const local = elf.dynamicValue(DT_MIPS_LOCAL_GOTNO);
  const firstSymbol = elf.dynamicValue(DT_MIPS_GOTSYM);
  if (elf.header.machine !== EM.MIPS || table === null || local === null || firstSymbol === null) {
    return [];
  }
  const word = BigInt(wordSize(elf.header));
  return elf.dynamicSymbols
    .filter(({ index }) => BigInt(index) >= firstSymbol)
    .map(({ index }) => table + (local + BigInt(index) - firstSymbol) * word);
}

/** Functions called through a stub that binds them at the first call: undefined, with the stub's address as value. */
export function mipsLazyStubs(elf: Elf): number {
  if (elf.header.machine !== EM.MIPS || elf.dynamic === null) return 0;
  return elf.dynamicSymbols.filter(
    ({ sectionIndex, type, value }) => sectionIndex === 0 && type === STT.FUNC && value !== 0n,
  ).length;
}
