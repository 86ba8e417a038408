/**
 * What one of the first instructions of a program does.
 * - `dies`: it is one of the kernel's, and Linux ends a process that executes it
 * - `plain`: execution goes on behind it
 * - `jump`, `branch`, `call`: it goes on at `target`; behind it too for the other two
 * - `return`: behind the call
 * - `unknown`: where it goes on, or whether it calls the kernel, is not known
 */
export type Step =
  | { readonly does: 'dies'; readonly name: string }
  | { readonly does: 'plain'; readonly length: number }
  | { readonly does: 'jump' | 'branch' | 'call'; readonly length: number; readonly target: bigint }
  | { readonly does: 'return' | 'unknown' };

/** Bytes from an address on that are mapped executable; null: others are there, or none. */
export type InstructionAt = (address: bigint) => Buffer | null;

/** The instruction at an address. `code` begins with it, and is cut where the file ends: valid until `instructionAt` is called. */
export type StepReader = (code: Buffer, address: bigint, instructionAt: InstructionAt) => Step;

export const unknownStep: Step = { does: 'unknown' };
export const returns: Step = { does: 'return' };

export function dies(name: string): Step {
  return { does: 'dies', name };
}

export function plain(length: number): Step {
  return { does: 'plain', length };
}

export function goes(
  does: 'jump' | 'branch' | 'call',
  length: number,
  address: bigint,
  distance: number,
): Step {
  return { does, length, target: address + BigInt(distance) };
}
