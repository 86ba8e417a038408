import { fitOf, type Narrower } from './platform-machine.ts';
import type { SeenImage } from './seen-image.ts';

export interface StrangeMachines {
  /** `aarch64, x86-64` */
  readonly names: string;
  /** What starts some of them all the same; null where nothing does that the platform names. */
  readonly narrower: Narrower | null;
}

/**
 * The machines of an image's programs, where not every machine that it is for can start any of them; null otherwise. Files that
 * nothing starts do not count: firmware and what is for cross compilers lies in images of every machine.
 */
export function machinesOf({ found }: SeenImage, platform: string): StrangeMachines | null {
  const names = new Set<string>();
  let narrower: Narrower | null = null;
  for (const { extraction } of found) {
    const { acceptance, machine } = extraction.facts;
    if (!acceptance.known || acceptance.value.by !== 'kernel') continue;
    const fit = machine.known ? fitOf(platform, machine.value) : null;
    if (!machine.known || fit === null || fit === 'yes') return null;
    if (fit !== 'no') narrower ??= fit;
    names.add(machine.value.name);
  }
  return names.size === 0 ? null : { names: [...names].sort().join(', '), narrower };
}
