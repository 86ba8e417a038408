import type { Group } from '../groups/group.ts';
import { languagesOf } from './fact-at.ts';
import type { Fix } from './fix.ts';
import { fixesOf, type RemedyOptions } from './fixes-of.ts';

/** Of the files of a component, what the first of them needs: they came together. */
export function fixesOfGroup({ entries }: Group, options: RemedyOptions): readonly Fix[] {
  const findings = entries.flatMap((entry) => entry.findings.slice(0, 1));
  const [first, ...rest] = findings.filter(({ verdict }) => verdict.outcome === 'fail');
  const languages = entries.flatMap((entry) => entry.findings.map(languagesOf));
  return first === undefined ? [] : fixesOf([first, ...rest], options, languages);
}
