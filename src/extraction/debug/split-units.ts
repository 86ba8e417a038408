import { basename } from 'node:path';
import { DamagedInput } from '../../base/errors.ts';
import type { Elf } from '../../elf/model.ts';
import { readElf } from '../../elf/read-elf.ts';
import {
  addUnits,
  type CompileUnit,
  type SplitUnit,
  skeletonsIn,
  unitsOfDwo,
} from '../../facts/dwarf/dwarf-units.ts';
import type { DebugSource } from './find-debug-file.ts';
import { type ListedFiles, listedFiles } from './listed-files.ts';
import { openDebugFile } from './open-debug-file.ts';

/** More files are not opened for one program. */
const mostFiles = 10_000;
/** More files of one name are not tried. */
const mostTried = 8;

/**
 * Gives a program the units that `gcc -gsplit-dwarf` left in `.dwo` files: each is found by its name, and has the number of the unit in
 * the program. All or none of them: some would say nothing of the others. Returns the path of the first file; null: there are none.
 */
export function addSplitUnits(elf: Elf, source: DebugSource): string | null {
  const files = listedFiles(source.folders);
  if (!files.hasDwo) return null;
  const skeletons = skeletonsOf(elf);
  if (skeletons.length === 0 || skeletons.length > mostFiles) return null;
  const units: CompileUnit[] = [];
  let first: string | null = null;
  for (const skeleton of skeletons) {
    const found = unitOf(skeleton, files, source);
    if (found === null) return null;
    units.push(found.unit);
    first ??= found.name;
  }
  addUnits(elf, units);
  return first;
}

/** Damage is said where facts are read. */
function skeletonsOf(elf: Elf): readonly SplitUnit[] {
  try {
    return skeletonsIn(elf);
  } catch (error) {
    if (error instanceof DamagedInput) return [];
    throw error;
  }
}

function unitOf({ id, file }: SplitUnit, files: ListedFiles, { limits }: DebugSource) {
  for (const { name, path } of files.byName(basename(file)).slice(0, mostTried)) {
    const units = path === null ? [] : unitsAt(path, limits);
    const unit = units.find(({ split }) => split?.id === id);
    if (unit !== undefined) return { unit, name };
  }
  return null;
}

function unitsAt(path: string, limits: DebugSource['limits']): readonly CompileUnit[] {
  try {
    const { bytes, close } = openDebugFile(path, limits.maxFileSize);
    try {
      return unitsOfDwo(readElf(bytes, limits));
    } finally {
      close();
    }
  } catch (error) {
    if (error instanceof DamagedInput) return [];
    throw error;
  }
}
