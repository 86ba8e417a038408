import type { Elf } from '../elf/model.ts';
import { constantRanges, findPattern } from './byte-search.ts';
import { ownUnits } from './dwarf-units.ts';
import { factExtractor } from './fact-extractor.ts';
import packer from './packer.ts';

/** A path of the machine that the file was built on. */
export interface BuildPath {
  readonly path: string;
  /** `DW_AT_comp_dir`, or a string constant: an assertion, a panic, a log message. */
  readonly where: 'debug information' | 'string constant';
  readonly offset: bigint | null;
}

/** First bytes of directories below which people and build services work. */
const anchors = ['/home/', '/root/', '/build', '/Users/', '/tmp/', '/worksp', '/__w/', '/github'];

const root = /^\/(home|root|builds?|Users|tmp|workspace|__w|github)\//;

/** A source file in one of them, not part of a longer path or address: `/home` alone proves nothing. */
const source =
  /^[^\w./@+~-](\/(home|root|builds?|Users|tmp|workspace|__w|github)\/[\w./@+~-]{1,180}\.(adb|c|cc|cpp|cr|cxx|d|f90|go|h|hh|hpp|hs|ml|nim|pas|rs|swift|zig))\b/;

/** The first directory that debug information names, and one path for each sort of directory. [] when none was left. */
export default factExtractor('code', (elf): readonly BuildPath[] => {
  if (packer(elf) !== null) return [];
  return [...inDebugInformation(elf), ...inConstants(elf)];
});

function inDebugInformation(elf: Elf): BuildPath[] {
  const named = ownUnits(elf).find(({ directory }) => root.test(`${directory}/`));
  if (named === undefined) return [];
  return [{ path: named.directory, where: 'debug information', offset: null }];
}

function inConstants(elf: Elf): BuildPath[] {
  const ranges = constantRanges(elf);
  return anchors.flatMap((anchor): BuildPath[] => {
    const found = findPattern(elf.bytes, ranges, { anchor, lead: 1, pattern: source });
    const path = found?.match[1];
    if (found === null || path === undefined) return [];
    return [{ path, where: 'string constant', offset: BigInt(found.offset + 1) }];
  });
}
