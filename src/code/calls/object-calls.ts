import { EM, SHN } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { objectCode } from '../functions/object-code.ts';

/** Relocation types of instructions that call or jump; each machine's psABI, as in <elf.h>. */
const callTypes: ReadonlyMap<number, readonly number[]> = new Map([
  [EM.X86_64, [4]], // PLT32
  [EM.I386, [4]],
  [EM.AARCH64, [282, 283]], // JUMP26, CALL26
  [EM.ARM, [1, 10, 27, 28, 29, 30]], // PC24, THM_CALL, PLT32, CALL, JUMP24, THM_JUMP24
  [EM.RISCV, [17, 18, 19]], // JAL, CALL, CALL_PLT
  [EM.PPC, [10, 18]], // REL24, PLTREL24
  [EM.PPC64, [10, 116]], // REL24, REL24_NOTOC
  [EM.S390, []],
  [EM.MIPS, [4, 11, 30, 37]], // 26, CALL16, CALL_HI16, JALR
  [EM.LOONGARCH, [66, 110]], // B26, CALL36
]);

/**
 * Which of the named undefined functions the code of an ET_REL file calls, by the relocations of its instructions; all
 * where the machine is not known. A call through a register that an address was loaded into is not seen.
 */
export function calledInObject(elf: Elf, names: readonly string[]): readonly string[] {
  const { machine } = elf.header;
  const types = callTypes.get(machine);
  if (types === undefined) return names;
  const undefinedOnes = new Map<number, string>();
  for (const { index, name, sectionIndex } of elf.staticSymbols) {
    if (sectionIndex === SHN.UNDEF && names.includes(name)) undefinedOnes.set(index, name);
  }
  const code = objectCode(elf);
  const called = new Set<string>();
  elf.visitRelocations(({ type, symbol, place: at }, section) => {
    const name = undefinedOnes.get(symbol);
    const place = name === undefined ? undefined : code.get(section);
    if (name === undefined || place === undefined || at >= place.size) return;
    if (
      types.includes(type) ||
      (at >= 2 && isCall(machine, elf.bytes.read(place.offset + at - 2, 2)))
    )
      called.add(name);
  });
  return names.filter((name) => called.has(name));
}

/** If types do not decide, the two bytes before the place do. */
function isCall(machine: number, before: Buffer): boolean {
  const [first = 0, second = 0] = before;
  switch (machine) {
    case EM.X86_64:
    case EM.I386:
      // `call` and `jmp` straight to it, or through the GOT.
      return (
        second === 0xe8 ||
        second === 0xe9 ||
        (first === 0xff && (second === 0x15 || second === 0x25)) ||
        (first === 0xff &&
          machine === EM.I386 &&
          ((second & 0xf8) === 0x90 || (second & 0xf8) === 0xa0))
      );
    case EM.S390:
      // `brasl` and `brcl`, but not `larl`, which has the same relocation.
      return first === 0xc0 && ((second & 15) === 5 || (second & 15) === 4);
    default:
      return false;
  }
}
