import { EM } from '../elf/constants.ts';
import { machineName } from '../elf/headers/names.ts';
import type { FileHeader } from '../elf/records.ts';
import { factExtractor } from './fact-extractor.ts';

export interface Machine {
  /** As compilers call it: `x86-64`, `x32`, `ppc64le`; readelf's name for a machine without one. */
  readonly name: string;
  /** e_machine. */
  readonly number: number;
  readonly bits: 32 | 64;
  readonly byteOrder: 'little' | 'big';
}

export default factExtractor(
  'headers',
  ({ header }): Machine => ({
    name: nameOf(header),
    number: header.machine,
    bits: header.bits,
    byteOrder: header.byteOrder,
  }),
);

/** One machine number can stand for several machines to a compiler: they differ in class or byte order. */
function nameOf({ machine, bits, byteOrder }: FileHeader): string {
  const little = byteOrder === 'little' ? 'le' : '';
  switch (machine) {
    case EM.X86_64:
      return bits === 64 ? 'x86-64' : 'x32';
    case EM.I386:
      return 'i386';
    case EM.AARCH64:
      return byteOrder === 'little' ? 'aarch64' : 'aarch64be';
    case EM.ARM:
      return byteOrder === 'little' ? 'arm' : 'armeb';
    case EM.RISCV:
      return `riscv${bits}`;
    case EM.PPC:
      return `ppc${little}`;
    case EM.PPC64:
      return `ppc64${little}`;
    case EM.S390:
      return bits === 64 ? 's390x' : 's390';
    case EM.MIPS:
      return `mips${bits === 64 ? '64' : ''}${byteOrder === 'little' ? 'el' : ''}`;
    case EM.LOONGARCH:
      return `loongarch${bits}`;
    default:
      return machineName(machine);
  }
}
