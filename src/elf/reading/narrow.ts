import { MalformedElf } from '../../base/errors.ts';

/**
 * An offset, size or count as a number. Those that a number cannot hold exactly lie beyond the end of any file,
 * so they are refused here; smaller ones are checked against the file by Bytes.
 */
export function narrow(value: bigint, what: string): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new MalformedElf(`${what} is ${hex(value)}, which no file reaches`);
  }
  return Number(value);
}

export function hex(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}
