import { executableRanges } from '../../code/functions/executable-ranges.ts';
import { programSpans } from '../../code/functions/program-spans.ts';
import type { Elf } from '../../elf/model.ts';
import type { LanguageName } from './language-marks.ts';

/**
 * KiB of code, less than half of what the smallest program has. Measured: Go 1.26 496, Rust 1.95 217, Zig 85; the others
 * as large as their runtimes are.
 */
const leastCode: Readonly<Partial<Record<LanguageName, number>>> = {
  crystal: 100,
  d: 32,
  dart: 100,
  'dotnet-aot': 200,
  'free-pascal': 16,
  go: 256,
  graalvm: 512,
  haskell: 128,
  ocaml: 64,
  rust: 32,
  zig: 32,
};

/** A mark in a file whose code has no room for the runtime that it names marks nothing. */
export function hasRoomFor(elf: Elf, name: LanguageName): boolean {
  const least = (leastCode[name] ?? 0) * 1024;
  return least === 0 || codeSize(elf) >= least;
}

/** Without the C library that a static program contains, if it can be separated. */
function codeSize(elf: Elf): number {
  const spans = programSpans(elf)?.spans;
  const sizes = (spans ?? executableRanges(elf)).map((each) =>
    'start' in each ? each.end - each.start : each.end - each.offset,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
