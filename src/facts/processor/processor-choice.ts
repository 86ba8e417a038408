import { STT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';
import { typeOf } from '../../elf/symbols/symbol-table.ts';
import { hex } from '../file/header-offsets.ts';
import { relocationUses } from '../link-tables/relocation-uses.ts';
import { holdsConstant } from '../search/byte-search.ts';
import { undefinedNames } from '../search/symbol-names.ts';

/**
 * Names of functions and variables by which code learns what the processor has: of the C library, of the compiler's runtime,
 * and of other libraries (`OPENSSL_ia32cap_P`, `av_get_cpu_flags`, `SDL_HasAVX2`). One name too many makes a verdict unknown.
 */
const asking =
  /getauxval|__cpu_|x86_get_cpu|cpu_?(id|info|feat|flag|caps?|type|model|supports?|has|is)|ia32cap|has_?(avx|sse|simd)|hwcap/i;

/** Of schedulers and clocks. */
const harmless = /^(__sched_cpu|sched_getcpu|clock_getcpuclockid|pthread_getcpuclockid)/;

/** What shows that a file for x86-64 may choose its code at run time; null: nothing. `asks`: file offset of CPUID or XGETBV. */
export function choiceIn(elf: Elf, asks: number | null): string | null {
  if (asks !== null) return `CPUID at offset ${hex(BigInt(asks))}`;
  if (hasIndirectFunctions(elf)) return 'IFUNC';
  for (const name of undefinedNames(elf))
    if (asking.test(name) && !harmless.test(name)) return name;
  return holdsConstant(elf, '/proc/cpuinfo') ? 'the text /proc/cpuinfo' : null;
}

function hasIndirectFunctions(elf: Elf): boolean {
  if (relocationUses(elf).indirect) return true;
  const { dynamicSymbolTable: table } = elf;
  for (let index = 1; index < table.length; index += 1)
    if (typeOf(table, index) === STT.GNU_IFUNC) return true;
  return false;
}
