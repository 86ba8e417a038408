import type { Selector } from './policy.ts';

/** The members of a selector, as a configuration spells them. */
export function membersOf(where: Selector): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(where).map(([name, value]) => [
      name === 'buildId' ? 'build-id' : name,
      [value].flat().map(textOf),
    ]),
  );
}

/** `path /opt/x/**`, `package busybox and kind object`. */
export function selectorText(where: Selector): string {
  return Object.entries(membersOf(where))
    .map(([name, values]) => `${name} ${values.join(', ')}`)
    .join(' and ');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
