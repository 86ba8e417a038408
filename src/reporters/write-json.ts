// supporting: JSON of report values, for every reporter that writes JSON
import { escapeJson } from './escape.ts';

/** One line of JSON: addresses as `"0x..."`, and no character that a terminal would act on. */
export function writeJson(value: unknown): string {
  return escapeJson(
    JSON.stringify(value, (_, item: unknown) =>
      typeof item === 'bigint' ? hexadecimal(item) : item,
    ),
  );
}

export function hexadecimal(value: bigint): string {
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}
