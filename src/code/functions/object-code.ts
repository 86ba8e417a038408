import { SHF, SHT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';

/** A section of code in an ET_REL file. */
export interface ObjectCode {
  /** File offset. */
  readonly offset: number;
  /** Bytes of it that are in the file. */
  readonly size: number;
}

/** By section index, those of which the file has any bytes. */
export function objectCode(elf: Elf): ReadonlyMap<number, ObjectCode> {
  const code = new Map<number, ObjectCode>();
  for (const { index, type, flags, offset, size } of elf.sections) {
    if (type !== SHT.PROGBITS || (flags & SHF.EXECINSTR) === 0n) continue;
    const left = BigInt(elf.bytes.size) - offset;
    const present = size < left ? size : left;
    if (present > 0n) code.set(index, { offset: Number(offset), size: Number(present) });
  }
  return code;
}
