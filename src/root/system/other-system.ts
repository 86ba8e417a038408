import type { Fact } from '../../base/fact.ts';
import { oncePer } from '../../base/once-per.ts';
import { baseName } from '../../base/path-parts.ts';
import type { Evidence } from '../../base/verdict.ts';
import type { SystemName } from '../../facts/libc/other-loaders.ts';
import type { System } from '../../facts/system.ts';
import type { Root } from '../../layers/root.ts';

/** A system whose kernel is not Linux, and what makes the file one of its programs or libraries. */
export interface OtherSystem {
  readonly name: Exclude<SystemName, 'Linux' | 'Android' | 'none' | 'unknown'>;
  readonly evidence: readonly Evidence[];
}

/** Of a file without a root around it: it can run only where the files are that it requires. */
export function otherSystemAlone(system: Fact<System>): OtherSystem | null {
  return system.known ? other(system.value) : null;
}

/**
 * In a root, the files that it requires must not be there, under any path: what has the name of FreeBSD's loader may be a loader of
 * Linux, and the program then starts. What an image says of its platform decides nothing: some runtimes only warn.
 */
export function otherSystemIn(root: Root): (system: Fact<System>) => OtherSystem | null {
  return (system) => {
    const found = otherSystemAlone(system);
    if (found === null || !system.known) return null;
    return system.value.requires.some((name) => namesIn(root).has(baseName(name))) ? null : found;
  };
}

function other({ name, evidence }: System): OtherSystem | null {
  switch (name) {
    case 'Linux':
    case 'Android':
    case 'none':
    case 'unknown':
      return null;
    default:
      return { name, evidence };
  }
}

/** Last parts of all paths. Collected once, and only where a file of another system is. */
const namesIn = oncePer((root: Root): ReadonlySet<string> => {
  const names = new Set<string>();
  for (const { path } of root.entries()) names.add(baseName(path));
  return names;
});
