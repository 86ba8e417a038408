import { factAt, type Subject } from '../policy/subject.ts';

/** A program may be linked in another way, and is one. What is neither has the name that the facts give it. */
export function kindOf({ judged }: Subject): string {
  const kind = String(factAt(judged, 'kind.kind') ?? '');
  if (kind.includes('library')) return 'library';
  return programs.has(kind) ? 'program' : kind;
}

export function isLinked(subject: Subject): boolean {
  return linked.has(kindOf(subject));
}

const linked: ReadonlySet<string> = new Set(['program', 'library', 'loader']);

const programs: ReadonlySet<string> = new Set(['executable', 'static-executable', 'static-pie']);

/** As the rule says that reads its debug information; a report without it says nothing. */
export function isNamed(subject: Subject | null): boolean {
  return (subject?.judged.verdicts ?? []).some(
    ({ rule, degree }) => rule === 'no-debug-leak' && (degree?.parts?.length ?? 0) > 0,
  );
}
