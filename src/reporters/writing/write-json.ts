import { escapeJson, escapeText } from '../../base/escape.ts';

/** One line of JSON: addresses as `"0x..."`, and no character that a terminal would act on. */
export function writeJson(value: unknown): string {
  const json = JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'bigint' ? hexadecimal(item) : item,
  );
  return escapeJson(json.includes('\\ud') ? spellBytes(json) : json);
}

/**
 * A byte that is not UTF-8 is half a surrogate pair inside (see text.ts), which JSON.stringify writes as `\udc80`: strict
 * parsers refuse that, and others lose it. So it is spelled as every other format has it.
 */
function spellBytes(json: string): string {
  return json.replace(/\\(?:u(d[89a-f][0-9a-f]{2})|.)/g, (written, unit?: string) =>
    unit === undefined
      ? written
      : `\\${escapeText(String.fromCharCode(Number.parseInt(unit, 16)))}`,
  );
}

export function hexadecimal(value: bigint): string {
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}
