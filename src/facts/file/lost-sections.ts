import { MalformedElf } from '../../base/errors.ts';
import type { Elf } from '../../elf/model.ts';

/**
 * Throws MalformedElf if the section headers are there but cannot be read: what they would have shown is lost, and a
 * question that stays open without them stays open because of damage.
 */
export function demandSections({ sectionDamage }: Elf): void {
  if (sectionDamage !== null) throw new MalformedElf(sectionDamage);
}
