import type { Fact } from '../fact.ts';
import type { BinaryReport, TargetReport } from '../report.ts';

/** A binary and where it stands: what selectors and baselines ask about. */
export interface Subject {
  readonly target: TargetReport;
  readonly binary: BinaryReport;
}

/** Name without version; null where the file belongs to none or that is not known. */
export function packageOf(subject: Subject): string | null {
  const name = factAt(subject.binary, 'package.name');
  return typeof name === 'string' ? name : null;
}

/** Whether the file is known to belong to no package: the image's author put it there. */
export function isUnpackaged({ binary }: Subject): boolean {
  const fact = factsOf(binary)['package'];
  return fact?.known === true && fact.value === null;
}

/** Whether the binary's layer came with the base image; null where the boundary is not known. */
export function originOf({ target, binary }: Subject): 'base' | 'own' | null {
  return target.layers[binary.layer]?.origin ?? null;
}

/** GNU's build id in hexadecimal, or Go's; null where there is none. */
export function buildIdOf({ binary }: Subject): string | null {
  const id = factAt(binary, 'buildId.id');
  return typeof id === 'string' ? id : null;
}

/** The value at a dotted path that begins with the name of a fact; undefined where there is none, or it is not known. */
export function factAt(binary: BinaryReport, path: string): unknown {
  const [name = '', ...members] = path.split('.');
  const fact = factsOf(binary)[name];
  if (fact?.known !== true) return undefined;
  let value = fact.value;
  for (const member of members) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = new Map(Object.entries(value)).get(member);
  }
  return value;
}

/** As a table: a saved report may be of a version that had other facts. */
function factsOf({ facts }: BinaryReport): Readonly<Record<string, Fact<unknown>>> {
  return { ...facts };
}
