import { escapeText } from '../../base/escape.ts';

/** As CycloneDX has them; a name may come again. */
export interface Property {
  readonly name: string;
  readonly value: string;
}

/** `hullcheck:NAME`. */
export function property(name: string, value: string): Property {
  return { name: `hullcheck:${name}`, value: escapeText(value) };
}
