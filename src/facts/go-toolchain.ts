// supporting: how much C code of a static Go program may be that of Go's own packages and of the C library's start code
import { codeOffset } from '../code/code-address.ts';
import { countNonZero, countPerFunction } from '../code/coverage.ts';
import type { FunctionTable } from '../code/function-table.ts';
import { SHN, STT } from '../elf/constants.ts';
import type { Elf } from '../elf/model.ts';

/**
 * Functions that take a stack address in static programs without C of their own, beside Go's code. Measured with Go 1.26,
 * glibc 2.36 and musl 1.2.3 on x86-64 and aarch64: 5 to 11 by their symbols, 10 to 17 in stripped files.
 */
const mostFunctions = 20;

/** runtime/cgo, the wrappers of net and os/user, and what glibc links before `__libc_start_main`. */
const ofToolchain =
  /^(?:_cgo_|x_cgo_|crosscall|threadentry|fatalf$|_start|__libc_start|_dl_relocate|call_init|handle_intel|update_active|intel_check)/;

/**
 * A static program shows no names of what it calls, which tell these functions apart elsewhere. Names of symbols only
 * narrow it down: anybody can write them, so no more than so many functions are excused by them.
 */
export function mayBeOfToolchain(
  elf: Elf,
  functions: FunctionTable,
  stackAddresses: readonly number[],
): number {
  const needing = countPerFunction(functions, stackAddresses);
  const most = Math.min(mostFunctions, countNonZero(needing));
  const names = namesByOffset(elf);
  if (names.size === 0) return most;
  const excused = functions.starts.subarray(0, functions.length).reduce((sum, start, index) => {
    const isOne = needing[index] !== 0 && ofToolchain.test(names.get(start) ?? '');
    return isOne ? sum + 1 : sum;
  }, 0);
  return Math.min(most, excused);
}

function namesByOffset(elf: Elf): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  for (const { type, sectionIndex, value, name } of elf.staticSymbols) {
    if (type !== STT.FUNC || sectionIndex === SHN.UNDEF) continue;
    const offset = codeOffset(elf, value);
    if (offset !== null) names.set(offset, name);
  }
  return names;
}
