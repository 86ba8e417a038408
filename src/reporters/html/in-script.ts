import { writeJson } from '../writing/write-json.ts';

/** JSON for a script element: without `<` no string can end the element or open a comment in it. */
export function inScript(value: unknown): string {
  return writeJson(value).replaceAll('<', '\\u003c');
}
