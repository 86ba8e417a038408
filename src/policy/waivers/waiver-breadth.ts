import { alternativesOf } from '../../base/glob.ts';
import {
  type Selecting,
  selecting,
  type WaiverConfig,
  type WaiverLimits,
} from '../config/config.ts';

/** What of its breadth a configuration does not allow, as parts of a sentence. */
export function breadthLacks(
  waiver: WaiverConfig,
  select: WaiverLimits['select'],
): readonly string[] {
  if (select === undefined) return [];
  if (select === 'required')
    return selecting.some((kind) => names(waiver, kind))
      ? []
      : [`it names none of ${selecting.join(', ')}${wide(waiver, selecting)}`];
  const lacking = select.filter((kind) => !isNarrow(waiver, kind));
  return lacking.map((kind) => `it names no ${kind}${wide(waiver, [kind])}`);
}

/** What is for one binary is for fewer files than any path or package. */
function isNarrow(waiver: WaiverConfig, kind: Selecting): boolean {
  const standing =
    kind === 'path' || kind === 'package' ? ([kind, 'digest', 'build-id'] as const) : [kind];
  return standing.some((each) => names(waiver, each));
}

/** Alternatives widen each other: each of them has to name something. */
function names(waiver: WaiverConfig, kind: Selecting): boolean {
  const globs = waiver[kind] ?? [];
  if (kind === 'digest' || kind === 'build-id') return globs.length > 0;
  return globs.length > 0 && globs.flatMap(alternativesOf).every(namesSomething);
}

/** A whole part without a wildcard, or three letters in a row: `**`, `/*`, `*.so` and `[!.]*` are for nearly everything. */
function namesSomething(glob: string): boolean {
  const plain = glob.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, '?');
  const isName = (part: string) => /[A-Za-z0-9]/.test(part) && !/[*?]/.test(part);
  return plain.split('/').some(isName) || /[A-Za-z0-9]{3}/.test(plain);
}

function wide(waiver: WaiverConfig, kinds: readonly Selecting[]): string {
  const given = kinds.flatMap((kind) => (kind in waiver ? (waiver[kind] ?? []) : []));
  return given.length === 0 ? '' : `: ${given.join(', ')} is for nearly everything`;
}
