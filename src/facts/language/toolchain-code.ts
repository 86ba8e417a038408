import { codeOffset } from '../../code/functions/code-address.ts';
import { countNonZero, countPerFunction } from '../../code/functions/coverage.ts';
import type { FunctionTable } from '../../code/functions/function-table.ts';
import { SHN, STT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';

export interface ToolchainCode {
  /** Functions that take a stack address, in programs without C of their own. */
  readonly most: number;
  readonly names: RegExp;
}

/** What glibc and musl link before `__libc_start_main`. */
const start = '_start|__libc_start|_dl_relocate|call_init|handle_intel|update_active|intel_check';

/**
 * runtime/cgo, the wrappers of net and os/user. Measured with Go 1.26, glibc 2.36 and musl 1.2.3 on x86-64 and aarch64: 5 to 11
 * by their symbols, 10 to 17 in stripped files.
 */
export const ofGo: ToolchainCode = {
  most: 20,
  names: new RegExp(`^(?:_cgo_|x_cgo_|crosscall|threadentry|fatalf$|${start})`),
};

/** LLVM's libunwind, which comes with Rust's targets for musl. Measured with Rust 1.95: 18 or 19, stripped or not. */
export const ofRust: ToolchainCode = {
  most: 22,
  names: new RegExp(
    `^(?:_Unwind_|__?unw_|unw_|unwind_phase|_ZN9libunwind|__register_frame|${start})`,
  ),
};

/**
 * A static program does not show the names of what it calls, which identify these functions elsewhere. Names of symbols
 * only narrow it down: anyone can write them, so they excuse a limited number of functions.
 */
export function mayBeOfToolchain(
  elf: Elf,
  { most, names: ofToolchain }: ToolchainCode,
  functions: FunctionTable,
  stackAddresses: readonly number[],
): number {
  const needing = countPerFunction(functions, stackAddresses);
  const atMost = Math.min(most, countNonZero(needing));
  const names = namesByOffset(elf);
  if (names.size === 0) return atMost;
  const excused = functions.starts.subarray(0, functions.length).reduce((sum, at, index) => {
    const isOne = needing[index] !== 0 && ofToolchain.test(names.get(at) ?? '');
    return isOne ? sum + 1 : sum;
  }, 0);
  return Math.min(atMost, excused);
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
