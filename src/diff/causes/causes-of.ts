import { amount } from '../../base/amount.ts';
import { isSeverity, type Severity, worstSeverity } from '../../base/verdict.ts';
import type { Fix } from '../../reporters/remedies/fix.ts';
import { fixOfRule } from '../../reporters/remedies/fixes-of.ts';
import { toolchainOf } from '../../reporters/remedies/toolchain.ts';
import { placeKey } from '../binary-change.ts';
import type { Cause, VerdictChange } from '../difference.ts';
import { becameText } from '../shown-causes.ts';
import type { TurnedChange } from '../verdict-changes.ts';
import { exampleText, figuresText, newCodeFigures } from './figures.ts';
import { followedIn, isInFurtherCode, isNoteAlone, lostFlag } from './lost-flag.ts';
import { sameFlagPlace } from './same-flag.ts';

/** `worse` as it is listed, the most severe first. Causes keep the order of their first entries. */
export function causesOf(worse: readonly TurnedChange[]): readonly Cause[] {
  const groups = new Map<string, Group>();
  const places = new Set(worse.map(({ change }) => placeKey(change.target, change)));
  const groupAt = new Map<string, Group>();
  const repeated: { readonly at: number; readonly place: string }[] = [];
  for (const [at, turned] of worse.entries()) {
    const place = sameFlagPlace(turned);
    if (place !== null && places.has(place)) repeated.push({ at, place });
    else {
      const flag = lostFlag(turned);
      const key = keyOf(turned, flag);
      const group: Group = groups.get(key) ?? { flag, entries: [], also: [] };
      group.entries.push({ at, turned });
      groups.set(key, group);
      groupAt.set(placeKey(turned.change.target, turned.change), group);
    }
  }
  for (const { at, place } of repeated) groupAt.get(place)?.also.push(at);
  return [...groups.values()].map(causeOf);
}

interface Group {
  readonly flag: string | null;
  readonly entries: { readonly at: number; readonly turned: TurnedChange }[];
  /** Places of entries by the options that the file records, which say the same. */
  readonly also: number[];
}

/** One option that was lost is one cause. Without an option it is what the rule says, whatever the figures are. */
function keyOf({ change, subject }: TurnedChange, flag: string | null): string {
  const { rule, whose, before, after, message } = change;
  const toolchain = subject === null ? '' : toolchainOf(subject);
  const reason =
    flag === null
      ? [before === null, change.newCode === true, after, message.replace(/\d+/g, '#')]
      : [flag, toolchain];
  return JSON.stringify([rule, whose, ...reason]);
}

function causeOf({ flag, entries, also }: Group): Cause {
  const changes = entries.map(({ turned }) => turned.change);
  const [first] = entries;
  if (first === undefined) throw new Error('a cause of nothing');
  const { rule, whose } = first.turned.change;
  const files = [...new Set(changes.map(({ path }) => path))].sort();
  const severity: Severity = worstSeverity(changes);
  return {
    rule,
    flag,
    sentence: sentenceOf(flag, changes, files.length),
    files,
    entries: [...entries.map(({ at }) => at), ...also].toSorted((a, b) => a - b),
    whose,
    severity,
    remedy: remedyOf(first.turned, flag),
  };
}

/** `` `-fstack-protector-strong` was lost in 12 files: 1420 of 1600 functions in all had a canary, now 370 of 1580 ``. */
function sentenceOf(flag: string | null, changes: readonly VerdictChange[], files: number): string {
  const [first] = changes;
  if (first === undefined) throw new Error('a cause of nothing');
  const { newCode } = first;
  const figures =
    (newCode ? newCodeFigures(changes) : figuresText(changes)) ??
    exampleText(changes, ({ message }) => message);
  if (flag === null && first.rule === 'stack-protector' && changes.every(isOfFurtherCode))
    return `further code lacks it: ${figures}`;
  if (flag === null) return `${becameText(first)}: ${figures}`;
  const places = files === 1 ? '' : ` in ${amount(files, 'file')}`;
  return `\`${flag}\` ${changes.some(isSeen) ? 'was lost' : 'may be lost'}${places}: ${figures}`;
}

function isOfFurtherCode({ degree, newCode }: VerdictChange): boolean {
  return newCode !== true && isInFurtherCode(degree);
}

/** What nothing shows any more may be there. */
function isSeen({ before, after, degree }: VerdictChange): boolean {
  const isGone = after === 'not-applicable' && degree?.after?.share?.[0] === 0;
  return isSeverity(after) || before === after || isGone;
}

function remedyOf({ change, subject }: TurnedChange, flag: string | null): string | null {
  if (subject === null) return null;
  if (flag === null && isNoteAlone(change)) return noteRemedy;
  const followed = flag === null ? followedIn(change.rule, subject) : null;
  if (followed !== null) return followed;
  const fix = fixOfRule(change.rule, subject);
  const text = fix === null ? null : fixMarkdown(fix);
  // The project's own remedy is the level that most programs want.
  return flag === '-fstack-protector-all'
    ? (text?.replace('-fstack-protector-strong', flag) ?? null)
    : text;
}

const noteRemedy =
  'the code was compiled for it as before: let the linker name its inputs without the note, by `-Wl,-z,cet-report=error` (x86) or `-Wl,-z,bti-report=error` (AArch64), and do not force the note';

/** What is copied is code: prose would escape its marks. */
function fixMarkdown(fix: Fix): string {
  switch (fix.form) {
    case 'command':
      return `\`${fix.text}\``;
    case 'settings':
      return `in ${fix.file}: ${fix.lines.map((line) => `\`${line}\``).join('; ')}`;
    case 'advice':
      return fix.text;
  }
}
