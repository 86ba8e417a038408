import type { SeenImage } from './image-facts.ts';
import { fitOf } from './platform-machine.ts';

/**
 * The machines of an image's programs, where the machine that it is for can start none of them; null otherwise. Files that
 * nothing starts do not count: firmware and what is for cross compilers lies in images of every machine.
 */
export function machinesOf({ found }: SeenImage, platform: string): string | null {
  const names = new Set<string>();
  for (const { extraction } of found) {
    const { acceptance, machine } = extraction.facts;
    if (!acceptance.known || acceptance.value.by !== 'kernel') continue;
    if (!machine.known || fitOf(platform, machine.value) !== 'no') return null;
    names.add(machine.value.name);
  }
  return names.size === 0 ? null : [...names].sort().join(', ');
}
