import type { Elf } from '../../elf/model.ts';
import { propertyDamage } from '../file/gnu-properties.ts';
import type { Contradiction } from './contradiction.ts';

/** More than a few of one sort say nothing new. */
const maxReported = 8;

/**
 * Notes start no program and stop none, so a broken one hides nothing that runs: it weighs little. Text for people in a
 * section of notes is harmless; tools that read notes stop there.
 */
export function noteContradictions(elf: Elf): Contradiction[] {
  const tables = elf.noteDamage.map(
    ({ title, offset, message, text }): Contradiction => ({
      message: `${title} ${message}`,
      what: 'notes',
      saw: text ?? 'no note',
      offset,
      severity: text === undefined ? 'low' : 'note',
    }),
  );
  const properties = propertyDamage(elf).map(
    ({ offset, saw }): Contradiction => ({
      message: 'a GNU property reaches beyond its note',
      what: 'NT_GNU_PROPERTY_TYPE_0',
      saw,
      offset: BigInt(offset),
      severity: 'low',
    }),
  );
  return [...tables, ...properties].slice(0, maxReported);
}
