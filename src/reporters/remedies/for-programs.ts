import { oncePer } from '../../base/once-per.ts';
import type { Judged, TargetReport } from '../../report/report.ts';
import { ownershipOf } from '../groups/ownership-of.ts';
import { factAt } from './fact-at.ts';
import { advice, type Fix, fixText, type Located } from './fix.ts';

/**
 * -pie takes the place of -shared, and -fPIE that of -fPIC, where they stand behind them. This is said where libraries lie next to the
 * program that one build may have made with it; systems that distinguish programs and libraries need no such words.
 */
export function onlyForPrograms(fix: Fix, file: Located): Fix | null {
  const text = fixText(fix);
  const [, link] = /(?:LDFLAGS="|zig cc )[^"]*(-(?:static-)?pie)\b/.exec(text) ?? [];
  if (link === undefined || !librariesIn(file.target).has(keyOf(file.judged))) return null;
  const flags = text.includes('-fPIE') ? `-fPIE and ${link} are` : `${link} is`;
  return advice(
    `${flags} for programs: no library links with ${flags.endsWith('are') ? 'them' : 'it'}`,
  );
}

/** Whose libraries a target holds. Each of its files asks. */
const librariesIn = oncePer((target: TargetReport): ReadonlySet<string> => {
  const libraries = target.binaries.filter((judged) =>
    String(factAt({ target, judged }, 'kind.kind')).includes('library'),
  );
  return new Set(libraries.map(keyOf));
});

/** What is yours is taken for one build; what others made, by its component. */
function keyOf(judged: Judged): string {
  const { whose, component } = ownershipOf(judged);
  return JSON.stringify(whose === 'yours' ? [whose] : [component?.ecosystem, component?.group]);
}
