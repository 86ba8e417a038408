import { type FunctionTable, sizeOfFunctions } from './function-table.ts';

/** A part of a file, by offsets of its first byte and after its last one. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export function isWithin(spans: readonly Span[], offset: number): boolean {
  return spans.some(({ start, end }) => start <= offset && offset < end);
}

export function sizeOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** crt1, PLT and padding that no unwind information describes. */
const undescribedAllowance = 1024;

/** Whether known functions make up so much of some code that what is true of them is true of it. */
export function isCovered(spans: readonly Span[], functions: FunctionTable): boolean {
  const size = sizeOf(spans);
  return size - sizeOfFunctions(functions) <= Math.max(undescribedAllowance, size / 2);
}
