import { factAt, type Subject } from '../../policy/subject.ts';
import { followedRemedy } from '../../reporters/remedies/followed.ts';
import { type ToolchainName, toolchainOf } from '../../reporters/remedies/toolchain.ts';
import type { VerdictChange } from '../difference.ts';
import type { TurnedChange } from '../verdict-changes.ts';

/** An option of a compiler or linker that was probably given before and is not now; null where no single one is known. */
export function lostFlag({
  change,
  was,
  subject,
}: Pick<TurnedChange, 'change' | 'was' | 'subject'>): string | null {
  // What is new had no options before.
  if (was === null || subject === null || change.before === null || change.newCode === true)
    return null;
  if (followedIn(change.rule, subject) !== null || isNoteAlone(change)) return null;
  const toolchain = toolchainOf(subject);
  const own = byToolchain[toolchain]?.[change.rule];
  return own ?? flags[change.rule]?.(change, was, subject) ?? null;
}

/**
 * What to do about a new file that was built with the option: it was not lost, and something else took its effect. null: nothing shows
 * that. A file whose code is ready and whose note for the loader is gone had the note before, so start files do not explain it.
 */
export function followedIn(rule: string, fresh: Subject): string | null {
  const verdict = fresh.judged.verdicts.find((each) => each.rule === rule);
  return verdict === undefined || rule === 'control-flow-protection'
    ? null
    : followedRemedy({ ...fresh, verdict });
}

/**
 * Only the note for the loader is gone, or is there and does not hold. The code shows the option still: an input without the note, such
 * as a start file, or a forced note.
 */
export function isNoteAlone({ rule, degree }: VerdictChange): boolean {
  if (rule !== 'control-flow-protection' || !degree?.before || !degree.after) return false;
  const [was, is] = [degree.before, degree.after];
  if ((is.faults ?? []).length > (was.faults ?? []).length) return true;
  const parts = is.parts ?? [];
  const isCode = parts.length > 0 && parts.every((part) => ofCode.has(part));
  return isCode && (was.parts ?? []).every((part) => !ofCode.has(part) || parts.includes(part));
}

/** Parts of a degree that instructions show, not the note. */
const ofCode: ReadonlySet<string> = new Set(['landing pads', 'signed returns', 'bti instructions']);

type FlagOf = (change: VerdictChange, old: Subject, fresh: Subject) => string | null;

const flags: Readonly<Record<string, FlagOf | undefined>> = {
  'stack-protector': ({ degree }) => {
    if (isInFurtherCode(degree)) return null;
    const level = degree?.before?.level ?? '';
    return (
      { all: '-fstack-protector-all', plain: '-fstack-protector' }[level] ??
      '-fstack-protector-strong'
    );
  },
  'fortify-source': ({ degree, before, after }) => {
    const level = degree?.before?.level;
    // Some calls are checked still, and nothing shows a level: it was lowered, or is lost in part of the code.
    if (level === undefined && before === 'pass' && after === 'pass') return null;
    // The one function that was checked may be called for a size that is known now.
    if (level === undefined && after === 'unknown' && degree?.before?.share?.[0] === 1) return null;
    return level === undefined ? '-D_FORTIFY_SOURCE' : `-D_FORTIFY_SOURCE=${level}`;
  },
  relro: ({ degree, after }) =>
    degree?.after?.level === 'partial' || (degree?.after == null && after === 'medium')
      ? '-Wl,-z,now'
      : '-Wl,-z,relro',
  'bind-now': () => '-Wl,-z,now',
  pie: () => '-pie',
  'non-executable-stack': () => '-Wl,-z,noexecstack',
  'separate-code': () => '-Wl,-z,separate-code',
  'build-id': () => '-Wl,--build-id',
  'stack-clash-protection': () => '-fstack-clash-protection',
  'control-flow-protection': ({ degree }, old, fresh) => {
    // Linked with a C library that is not ready, a program loses the note whatever its own options are.
    const isMixed = degree?.before && degree.after && degree.before.mixed !== degree.after.mixed;
    if (isMixed || isOtherLibc(old, fresh)) return null;
    return factAt(fresh.judged, 'machine.name') === 'aarch64'
      ? '-mbranch-protection=standard'
      : '-fcf-protection=full';
  },
};

/**
 * More functions have a canary than before, and still more lack one: a part that came in, such as a library that is linked in now, was
 * built without the option.
 */
export function isInFurtherCode(degree: VerdictChange['degree']): boolean {
  const [was, is] = [degree?.before, degree?.after];
  if (!was?.share || !is?.share || was.mixed === true || is.mixed === true) return false;
  const lacking = ([have, need]: readonly [number, number]) => need - have;
  return is.share[0] > was.share[0] && was.share[0] > 0 && lacking(is.share) > lacking(was.share);
}

/** Its start files have the mark or have it not. */
function isOtherLibc(old: Subject, fresh: Subject): boolean {
  const [was, is] = [old, fresh].map(({ judged }) => factAt(judged, 'libc.name'));
  return typeof was === 'string' && typeof is === 'string' && was !== is;
}

/** What rustc and Go call otherwise. C code next to theirs has the flags of C compilers. */
const byToolchain: Readonly<
  Partial<Record<ToolchainName, Readonly<Record<string, string | undefined>>>>
> = {
  rustc: { relro: '-C relro-level=full', pie: '-C relocation-model=pie' },
  cargo: { relro: '-C relro-level=full', pie: '-C relocation-model=pie' },
  go: { pie: '-buildmode=pie' },
};
