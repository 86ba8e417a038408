import type { Elf } from '../elf/model.ts';
import { ownUnits } from './dwarf/dwarf-units.ts';
import { factExtractor } from './fact-extractor.ts';
import { packedBy } from './packer.ts';
import { buildDirectory, sourcePatterns } from './search/build-path-patterns.ts';
import { findConstant } from './search/byte-marks.ts';

/** A path of the machine that the file was built on. */
export interface BuildPath {
  readonly path: string;
  /** `DW_AT_comp_dir`, or a string constant: an assertion, a panic, a log message. */
  readonly where: 'debug information' | 'string constant';
  readonly offset: bigint | null;
}

/** The first directory that debug information names, and one path for each sort of directory. [] when none was left. */
export default factExtractor('code', (elf): readonly BuildPath[] => {
  if (packedBy(elf) !== null) return [];
  return [...inDebugInformation(elf), ...inConstants(elf)];
});

function inDebugInformation(elf: Elf): BuildPath[] {
  const named = ownUnits(elf).find(({ directory }) => buildDirectory.test(`${directory}/`));
  if (named === undefined) return [];
  return [{ path: named.directory, where: 'debug information', offset: null }];
}

function inConstants(elf: Elf): BuildPath[] {
  return sourcePatterns.flatMap((pattern): BuildPath[] => {
    const found = findConstant(elf, pattern);
    const path = found?.match[1];
    if (found === null || path === undefined) return [];
    return [{ path, where: 'string constant', offset: BigInt(found.offset + 1) }];
  });
}
