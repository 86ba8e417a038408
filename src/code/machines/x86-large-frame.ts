import { largeFrame } from './x86.ts';
import { x86InstructionAt } from './x86-instruction.ts';

const REX_B = 0x41;

/** `sub $n,%rsp`; null where an instruction is not known. */
export function x86MakesLargeFrame(wide: boolean): (code: Buffer) => boolean | null {
  return (code) => {
    for (let at = 0; at < code.length; ) {
      const instruction = x86InstructionAt(code, at, wide);
      if (instruction === null) return null;
      const { opcodeAt, end } = instruction;
      const isSub = code[opcodeAt] === 0x81 && code[opcodeAt + 1] === 0xec;
      const isOfHighRegister =
        wide && opcodeAt > at && ((code[opcodeAt - 1] ?? 0) & 0xf1) === REX_B;
      const isLong = end === opcodeAt + 6;
      if (isSub && isLong && !isOfHighRegister && code.readInt32LE(opcodeAt + 2) > largeFrame)
        return true;
      at = end;
    }
    return false;
  };
}
