import { MalformedElf } from '../../base/errors.ts';
import type { Elf } from '../../elf/model.ts';

/**
 * Throws MalformedElf where the section headers are there and cannot be read: what they would have told is lost, and a
 * question that is left open without them is left open by damage.
 */
export function demandSections({ sectionDamage }: Elf): void {
  if (sectionDamage !== null) throw new MalformedElf(sectionDamage);
}
