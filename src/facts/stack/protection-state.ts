import type { UnsafeStackFunctions } from '../../code/canaries/unsafe-stack.ts';
import type { Coverage } from '../../code/functions/coverage.ts';

/**
 * - `protected`: the functions that need a canary have one
 * - `only-endless`: canaries are stored but `__stack_chk_fail` is never called, since those functions do not return
 * - `own-failure`: canaries are compared, but what is called where one differs is a function of the file itself
 * - `partial`: a few functions have a canary, nearly all that need one do not
 * - `outnumbered`: of a few functions one or the other has a canary, and more than these fill an array without one
 * - `mixed`: as partial, but C functions cannot be separated from those of a runtime that needs no canaries
 * - `only-libc`: a static program whose only canaries are those that libc brings
 * - `unprotected`: functions need a canary, none has one
 * - `lone-buffer`: hardly a function needs a canary and none has one, but a buffer in a frame is handed to a function that fills it
 * - `unused-import`: `__stack_chk_fail` is imported, but no use of it is seen, and functions need a canary
 * - `second-stack`: functions keep their buffers on a stack of its own, where no return address lies (clang's SafeStack)
 * - `few-addresses`: no canary, and hardly an instruction that may take a stack address, in functions that no table describes
 * - `few-functions`: an object file without a canary, of whose functions hardly one may need it, and none surely does
 * - `maybe-assembly`: an object file without a canary, and nothing shows that a compiler made it
 * - `not-compiled`: an object file for link-time optimisation, whose machine code is made when it is linked
 * - `libc`: the C library itself, or a part of it that runs before there is a guard, built without
 * - `assembly`: glibc's vector functions, which no compiler made
 * - `nothing-to-protect`: no function takes the address of anything on the stack
 * - `other-runtime`: the language keeps buffers in bounds by itself
 * - `unproven-runtime`: a mark of such a language is there, which anybody can write, and no function that is surely C's
 * - `no-pattern`: nothing is known of this machine's canaries
 * - `inseparable`: static, with no more canaries than libc alone brings, and no way to separate its functions
 */
export type ProtectionState =
  | 'protected'
  | 'only-endless'
  | 'own-failure'
  | 'partial'
  | 'outnumbered'
  | 'mixed'
  | 'only-libc'
  | 'unprotected'
  | 'lone-buffer'
  | 'unused-import'
  | 'second-stack'
  | 'few-addresses'
  | 'few-functions'
  | 'maybe-assembly'
  | 'not-compiled'
  | 'libc'
  | 'assembly'
  | 'nothing-to-protect'
  | 'other-runtime'
  | 'unproven-runtime'
  | 'no-pattern'
  | 'inseparable';

/** Which of the compiler's levels the coverage looks like; null with too few functions. */
export type ProtectionLevel = 'all' | 'strong' | 'plain' | 'little' | null;

export interface Protection {
  readonly state: ProtectionState;
  readonly level: ProtectionLevel;
  /** The coverage that the state rests on, of the program without libc where it is static. */
  readonly coverage: Coverage | null;
  /** Of `lone-buffer`: the function of the C library that fills it. */
  readonly filledBy?: string;
  /** Of `second-stack`: functions that keep buffers there. */
  readonly onSecondStack?: UnsafeStackFunctions;
  /** The state and the coverage are those of C functions next to code of another language. */
  readonly ofC?: true;
}
