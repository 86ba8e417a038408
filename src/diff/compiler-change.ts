import { listed } from '../base/amount.ts';
import { factAt, type Subject } from '../policy/subject.ts';

/** Another compiler than before, as `.comment` names them. Another version of the same one is not listed. */
export function compilerChange(old: Subject, fresh: Subject): string | null {
  if (old.judged.sha256 === fresh.judged.sha256) return null;
  const [was, is] = [namesOf(old), namesOf(fresh)];
  if (was.join() === is.join() || was.length === 0 || is.length === 0) return null;
  return `made by ${listed(was)} before, now by ${listed(is)}`;
}

function namesOf({ judged }: Subject): readonly string[] {
  const compilers = factAt(judged, 'compilers');
  if (!Array.isArray(compilers)) return [];
  const names = compilers.map(({ name }: { readonly name: unknown }) => String(name));
  return [...new Set(names)].filter((name) => name !== 'other').toSorted();
}
