import { EM, ET } from '../elf/constants.ts';
import type { FileHeader } from '../elf/model.ts';
import type { Machine } from './machine.ts';
import { aarch64 } from './machines/aarch64.ts';
import { i386 } from './machines/i386.ts';
import { x32 } from './machines/x32.ts';
import { x86_64 } from './machines/x86-64.ts';

/** The patterns for a file's machine, null when none are known. */
export function machineOf({ machine, bits, type, byteOrder }: FileHeader): Machine | null {
  switch (machine) {
    case EM.X86_64:
      if (bits === 32) return x32;
      return type === ET.REL ? x86_64.relocatable : x86_64.program;
    case EM.I386:
      return i386;
    case EM.AARCH64:
      return byteOrder === 'little' && bits === 64 ? aarch64 : null;
    default:
      return null;
  }
}
