import type { Finding } from '../findings.ts';
import { factAt } from './fact-at.ts';

/**
 * Where a file shows that it was built with the very flags that its rule asks for: the flags did not help, and to say
 * them again helps nobody. null: nothing shows it.
 */
export function followedRemedy({ target, judged, verdict }: Finding): string | null {
  const file = { target, judged };
  const requests = factAt(file, 'bindNow.requests');
  const bindsNow = Array.isArray(requests) && requests.length > 0;
  if (verdict.rule === 'relro' && factAt(file, 'relro.state') === 'partial' && bindsNow)
    return 'relro: -z relro and -z now are there already, and this linker leaves slots outside: link with a newer binutils, or with lld (-fuse-ld=lld)';
  const flag = recordable[verdict.rule];
  if (flag === undefined || !isRecordedEverywhere(file, flag)) return null;
  return `${verdict.rule}: compiled with ${flag.name} already, as the file records: look for ${flag.cause}`;
}

interface Recordable {
  readonly name: string;
  readonly pattern: RegExp;
  /** Why the flag may not show. */
  readonly cause: string;
}

/** Flags that compilers record: -D is not among them, nor is what the linker is told. */
const recordable: Readonly<Record<string, Recordable>> = {
  'stack-protector': {
    name: '-fstack-protector-strong',
    pattern: /^-fstack-protector-(?:strong|all)$/,
    cause: 'static libraries and assembly without it',
  },
  'stack-clash-protection': {
    name: '-fstack-clash-protection',
    pattern: /^-fstack-clash-protection$/,
    cause: 'static libraries without it',
  },
  'control-flow-protection': {
    name: '-fcf-protection',
    pattern: /^-fcf-protection(?:=full|=branch)?$|^-mbranch-protection=(?!none)/,
    cause: 'start files, static libraries and assembly without the note',
  },
};

function isRecordedEverywhere(
  file: Parameters<typeof factAt>[0],
  { pattern }: Recordable,
): boolean {
  const records = factAt(file, 'recordedFlags');
  return (
    Array.isArray(records) &&
    records.length > 0 &&
    records.every(
      ({ options }: { readonly options?: unknown }) =>
        Array.isArray(options) && options.some((option) => pattern.test(String(option))),
    )
  );
}
