import type { Elf } from '../../elf/model.ts';
import type { CallPatterns } from '../machine.ts';

/** A call in some code. */
export interface CallSite {
  readonly elf: Elf;
  readonly calls: CallPatterns;
  readonly code: Buffer;
  /** Virtual address of the first byte of `code`. */
  readonly address: number;
  /** Offset of the call in the code. */
  readonly at: number;
  /** As in CallPatterns. */
  readonly table: number | null;
}

/**
 * Which argument of a function leads to what it fills, and what shows that this is a buffer. Positions count from 0.
 * - `always`: it writes a string of any length
 * - `size`: as many bytes as the product of some arguments, if they are constants; from `least` on they are those of a buffer and not of
 *   a number; null: no constant is a proof
 * - `format`: what its conversions of strings lead to, which stand behind it
 */
type Filling =
  | { readonly by: 'always'; readonly argument: number }
  | {
      readonly by: 'size';
      readonly argument: number;
      readonly factors: readonly number[];
      readonly least: number | null;
    }
  | { readonly by: 'format'; readonly format: number };

/** Numbers, pairs of numbers and addresses have at most so many bytes. */
const aboveNumbers = 17;
/** -fstack-protector guards arrays of so many characters and more. */
const leastArray = 8;

const fillings: ReadonlyMap<string, Filling> = new Map([
  ...always(0, 'strcpy strcat stpcpy sprintf vsprintf gets getwd'),
  ...always(0, '__strcpy_chk __strcat_chk __stpcpy_chk __sprintf_chk __vsprintf_chk __gets_chk'),
  ...always(1, 'realpath __realpath_chk'),
  ...sized(0, [2], leastArray, 'strncpy strncat stpncpy __strncpy_chk __strncat_chk'),
  ...sized(0, [1], leastArray, 'fgets getcwd snprintf vsnprintf'),
  ...sized(0, [1], leastArray, '__fgets_chk __getcwd_chk __snprintf_chk __vsnprintf_chk'),
  ...sized(0, [1, 2], aboveNumbers, 'fread fread_unlocked'),
  ...sized(1, [2], aboveNumbers, 'read recv recvfrom pread pread64 readlink'),
  ...sized(1, [2], aboveNumbers, '__read_chk __recv_chk __recvfrom_chk __pread_chk __readlink_chk'),
  // Compilers call it for structures that they pass by value, of which no array is made.
  ...sized(0, [2], null, 'memcpy __memcpy_chk'),
  ...formatted(0, 'scanf __isoc99_scanf __isoc23_scanf'),
  ...formatted(1, 'sscanf __isoc99_sscanf __isoc23_sscanf fscanf __isoc99_fscanf __isoc23_fscanf'),
]);

function always(argument: number, names: string): readonly [string, Filling][] {
  return names.split(' ').map((name) => [name, { by: 'always', argument }]);
}

function sized(
  argument: number,
  factors: readonly number[],
  least: number | null,
  names: string,
): readonly [string, Filling][] {
  return names.split(' ').map((name) => [name, { by: 'size', argument, factors, least }]);
}

function formatted(format: number, names: string): readonly [string, Filling][] {
  return names.split(' ').map((name) => [name, { by: 'format', format }]);
}

/** The named function is one that fills a buffer, and is passed one in the caller's frame: by its address and size. */
export function fillsFrame(call: CallSite, name: string): boolean {
  const filling = fillings.get(name);
  if (filling === undefined) return false;
  switch (filling.by) {
    case 'always':
      return isOfFrame(call, filling.argument);
    case 'size': {
      if (!isOfFrame(call, filling.argument)) return false;
      const factors = filling.factors.map((each) =>
        call.calls.constantArgument(call.code, call.at, each),
      );
      if (factors.includes(null)) return true;
      const size = factors.reduce<number>((product, factor) => product * (factor ?? 0), 1);
      return filling.least !== null && size >= filling.least;
    }
    case 'format':
      return strings(formatOf(call, filling.format)).some((behind) =>
        isOfFrame(call, filling.format + behind),
      );
  }
}

function isOfFrame({ calls, code, at }: CallSite, argument: number): boolean {
  return calls.isOfFrame?.(code, at, argument) === true;
}

/** Position of the format of functions whose checked variant a compiler turns back into the plain one for some formats alone. */
const formatOfPrinting: ReadonlyMap<string, number> = new Map([
  ['sprintf', 1],
  ['snprintf', 2],
]);

/**
 * The call has a constant format with conversions, and more than "%s". For these level 2 leaves no plain call, whatever the sizes are (gcc's
 * gimple-fold.cc, gimple_fold_builtin_sprintf_chk; LLVM's isFortifiedCallFoldable).
 */
export function convertsByFormat(call: CallSite, name: string): boolean {
  const position = formatOfPrinting.get(name);
  if (position === undefined) return false;
  const format = formatOf(call, position);
  return format !== '%s' && format.includes('%');
}

/** Formats are looked at as far as this. */
const longestFormat = 64;

/** The text of a format; empty where its address is not near the call, or is not of the file. */
function formatOf({ elf, calls, code, address, at, table }: CallSite, argument: number): string {
  const place = calls.addressArgument?.(code, address, at, argument, table) ?? null;
  const offset = place === null || place < 0 ? null : elf.fileOffset(BigInt(place), 1);
  if (offset === null) return '';
  const bytes = elf.bytes.read(offset, Math.min(longestFormat, elf.bytes.size - offset));
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end < 0 ? 0 : end);
}

const conversion = /%(?:%|(\*?)(\d*)(?:hh|h|ll|l|L|j|z|t|m)?(\[\^?\]?[^\]]*\]|[a-zA-Z]))/g;

/** Which arguments behind a format of scanf are arrays of at least 8 characters, counted from 1; the format says no width, or that one. */
function strings(format: string): readonly number[] {
  const found: number[] = [];
  let behind = 0;
  for (const [, suppressed, width = '', kind] of format.matchAll(conversion)) {
    if (kind === undefined || suppressed === '*') continue;
    behind += 1;
    const isString = kind === 's' || kind.startsWith('[');
    if (isString && (width === '' || Number(width) + 1 >= leastArray)) found.push(behind);
  }
  return found;
}
