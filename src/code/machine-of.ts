import { EM, ET } from '../elf/constants.ts';
import type { FileHeader } from '../elf/records.ts';
import type { Machine } from './machine.ts';
import { aarch64 } from './machines/aarch64.ts';
import { arm } from './machines/arm.ts';
import { i386 } from './machines/i386.ts';
import { loongarch64 } from './machines/loongarch64.ts';
import { mips } from './machines/mips.ts';
import { powerpc32, powerpc64 } from './machines/powerpc.ts';
import { riscv64 } from './machines/riscv64.ts';
import { s390x } from './machines/s390x.ts';
import { x32 } from './machines/x32.ts';
import { x86_64 } from './machines/x86-64.ts';

const mipsOf = { little: mips('little'), big: mips('big') };
const powerpc32Of = { little: powerpc32('little'), big: powerpc32('big') };
const powerpc64Of = { little: powerpc64('little'), big: powerpc64('big') };

/** The patterns for a file's machine, null when none are known. Code in other byte orders than these is not read. */
export function machineOf({ machine, bits, type, byteOrder }: FileHeader): Machine | null {
  const isLittle64 = bits === 64 && byteOrder === 'little';
  switch (machine) {
    case EM.X86_64:
      if (bits === 32) return x32;
      return type === ET.REL ? x86_64.relocatable : x86_64.program;
    case EM.I386:
      return i386;
    case EM.AARCH64:
      return isLittle64 ? aarch64 : null;
    case EM.ARM:
      return byteOrder === 'little' ? arm : null;
    case EM.RISCV:
      return isLittle64 ? riscv64 : null;
    case EM.PPC:
      return powerpc32Of[byteOrder];
    case EM.PPC64:
      return powerpc64Of[byteOrder];
    case EM.S390:
      return bits === 64 ? s390x : null;
    case EM.MIPS:
      return mipsOf[byteOrder];
    case EM.LOONGARCH:
      return isLittle64 ? loongarch64 : null;
    default:
      return null;
  }
}
