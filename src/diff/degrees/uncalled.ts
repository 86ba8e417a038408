import { factAt, type Subject } from '../../policy/subject.ts';

/**
 * Whether no function that was called with checks is called without them now: each is checked still, or not called at all. What is
 * left then was left alone before too, so nothing was lost. clang checks fewer functions than gcc: where it makes what gcc made, only
 * what both check is asked.
 */
export function isNoneUnchecked(old: Subject, fresh: Subject): boolean {
  const [was, is] = [namesOf(old), namesOf(fresh)];
  if (was === null || is === null) return false;
  const isClangNow = isByClang(fresh) && !isByClang(old);
  const asked = was.checked.filter((name) => !isClangNow || builtIn.has(name));
  return (
    asked.length > 0 &&
    asked.every((name) => is.checked.includes(name) || isUncalled(name, was, is))
  );
}

/**
 * What was called without checks before too is not what this one became; nor is it a call of its own name where several others are
 * still checked, which a single one in dead code does not show.
 */
function isUncalled(name: string, was: Names, is: Names): boolean {
  const isStillSet = is.checked.length > 1 && was.plain.includes(name);
  if (leavesNoName.has(name) || (is.plain.includes(name) && !isStillSet)) return false;
  const isRelative = (other: string) => familyOf(other) === familyOf(name);
  const became = is.plain.filter((other) => !was.plain.includes(other));
  return is.checked.some(isRelative) || !became.some(isRelative);
}

/** What names show of functions with a checked variant that were called with checks alone, in order. */
export interface NewlyPlain {
  /** They are called without checks alone. */
  readonly alone: readonly string[];
  /** They are called without checks too. */
  readonly too: readonly string[];
}

/**
 * Of what the same compiler made. null: names do not show it, or some function that was called without checks is called with them
 * alone now, so that other code explains both.
 */
export function newlyPlain(old: Subject, fresh: Subject): NewlyPlain | null {
  const [was, is] = [namesOf(old), namesOf(fresh)];
  if (was === null || is === null || isByClang(old) !== isByClang(fresh)) return null;
  if (checkedAlone(is).some((name) => was.plain.includes(name))) return null;
  const plain = checkedAlone(was).filter((name) => is.plain.includes(name));
  return {
    alone: plain.filter((name) => !is.checked.includes(name)),
    too: plain.filter((name) => is.checked.includes(name)),
  };
}

function checkedAlone({ checked, plain }: Names): readonly string[] {
  return checked.filter((name) => !plain.includes(name) && !leavesNoName.has(name));
}

function isByClang({ judged }: Subject): boolean {
  const compilers = factAt(judged, 'compilers');
  return Array.isArray(compilers) && compilers.some(({ name }) => name === 'clang');
}

interface Names {
  readonly checked: readonly string[];
  readonly plain: readonly string[];
}

/** null: the file does not show by names what it calls. */
function namesOf({ judged }: Subject): Names | null {
  if (!named.has(String(factAt(judged, 'fortify.state')))) return null;
  const [checked, plain] = ['fortify.fortified', 'fortify.fortifiable'].map((path) => {
    const names = factAt(judged, path);
    return Array.isArray(names) ? names.map(String) : null;
  });
  if (!checked || !plain || factAt(judged, 'linking.how') === 'static') return null;
  return { checked: checked.map((name) => name.replace(variant, '')), plain };
}

const named: ReadonlySet<string> = new Set(['checked', 'partly', 'sizes-decide']);
const variant = /^_+|_(chk|2|warn)$/g;

/** Compilers turn one of these into another where its result or a length is known (gcc 12 and clang 16). */
const copies: ReadonlySet<string> = new Set(
  'memcpy memmove mempcpy snprintf sprintf stpcpy strcat strcpy strncpy'.split(' '),
);

/** clang 16 with glibc 2.36 checks these, in C the printf family too, and hardly any other. */
const builtIn: ReadonlySet<string> = new Set(
  'memcpy memmove mempcpy memset stpcpy strcat strcpy strncat strncpy'.split(' '),
);

function familyOf(name: string): string {
  if (copies.has(name)) return 'memcpy';
  return name.replace(/64$/, '');
}

/** Without checks there is no call (FD_SET), or one of several names (longjmp). */
const leavesNoName: ReadonlySet<string> = new Set([
  'FD_CLR',
  'FD_ISSET',
  'FD_SET',
  'fdelt',
  'longjmp',
]);
