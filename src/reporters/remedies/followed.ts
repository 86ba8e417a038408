import type { Finding } from '../findings/findings-of.ts';
import { factAt } from './fact-at.ts';

/**
 * For a file that was built with the flags that its rule recommends: the flags did not help, and repeating them does
 * not either. null: nothing shows that.
 */
export function followedRemedy({ target, judged, verdict }: Finding): string | null {
  const file = { target, judged };
  const requests = factAt(file, 'bindNow.requests');
  const bindsNow = Array.isArray(requests) && requests.length > 0;
  const relro = factAt(file, 'relro.state');
  if (verdict.rule === 'relro' && relro === 'full') return smallPages;
  if (verdict.rule === 'relro' && factAt(file, 'relro.leftOut') === 'DYNAMIC') return movedSection;
  if (verdict.rule === 'relro' && relro === 'partial' && bindsNow)
    return 'relro: -z relro and -z now are there already, and this linker leaves slots outside: link with a newer binutils, or with lld (-fuse-ld=lld)';
  // The code is ready, and no flag of this build writes the note that the start files of the distribution lack.
  if (
    verdict.rule === 'control-flow-protection' &&
    factAt(file, 'controlFlow.state') === 'instrumented'
  )
    return 'control-flow-protection: your code is ready; what it is linked with (start files of the distribution, static libraries, assembly) lacks the note, which no flag of your build adds';
  const flag = recordable.get(verdict.rule);
  const records = flag === undefined ? [] : recordsOf(file, flag);
  if (flag === undefined || records.length === 0) return null;
  if (!records.every((options) => options.some((option) => flag.pattern.test(option)))) return null;
  // The last of a line wins.
  const last = records.map((options) => options.at(-1) ?? '').find((o) => !flag.pattern.test(o));
  if (last !== undefined)
    return `${verdict.rule}: ${last} stands after ${flag.name}, as the file records, and wins: take it out of the build`;
  return `${verdict.rule}: compiled with ${flag.name} already, as the file records: look for ${flag.cause}`;
}

const smallPages =
  'relro: -z relro and -z now are there already, and this linker ends the range with a page of 4 KiB: link with -Wl,-z,common-page-size=65536, by lld 19 or GNU ld (programs of lld 16 then do not start)';
const movedSection =
  'relro: patchelf, or another tool, has moved the dynamic section out of the range: set the run path when linking (-Wl,-rpath,DIR) and needed libraries too, and leave the tool out';

interface Recordable {
  readonly name: string;
  readonly pattern: RegExp;
  /** Every option that has a say in it. */
  readonly family: RegExp;
  /** Why the flag may not show. */
  readonly cause: string;
}

/** Flags that compilers record: -D is not among them, nor are options of the linker. */
const recordable: ReadonlyMap<string, Recordable> = new Map([
  [
    'stack-protector',
    {
      name: '-fstack-protector-strong',
      pattern: /^-fstack-protector-(?:strong|all)$/,
      family: /^-f(?:no-)?stack-protector(?:-|$)/,
      cause: 'static libraries and assembly without it',
    },
  ],
  [
    'stack-clash-protection',
    {
      name: '-fstack-clash-protection',
      pattern: /^-fstack-clash-protection$/,
      family: /^-f(?:no-)?stack-clash-protection$/,
      cause: 'static libraries without it',
    },
  ],
  [
    'control-flow-protection',
    {
      name: '-fcf-protection',
      pattern: /^-fcf-protection(?:=full|=branch)?$|^-mbranch-protection=(?!none)/,
      family: /^-f(?:no-)?cf-protection(?:=|$)|^-m(?:no-)?branch-protection(?:=|$)/,
      cause: 'start files, static libraries and assembly without the note',
    },
  ],
]);

/** Of each line that a compiler recorded, what concerns the flag, in its order. */
function recordsOf(
  file: Parameters<typeof factAt>[0],
  { family }: Recordable,
): readonly (readonly string[])[] {
  const records = factAt(file, 'recordedFlags');
  if (!Array.isArray(records)) return [];
  return records.map(({ options }: { readonly options?: unknown }) =>
    Array.isArray(options) ? options.map(String).filter((option) => family.test(option)) : [],
  );
}
