import { basename } from 'node:path';
import { DamagedInput } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { ET } from '../../elf/constants.ts';
import { buildIdOf, buildIdOfDebugFile } from '../../elf/debug/build-id-of.ts';
import { alternateLinkOf, type DebugLink, debugLinkOf } from '../../elf/debug/debug-link.ts';
import { disagreement } from '../../elf/debug/disagreement.ts';
import type { Elf } from '../../elf/model.ts';
import { readElf } from '../../elf/read-elf.ts';
import type { RefusedDebugFile, UsedDebugFile } from './debug-file.ts';
import type { DebugFolders } from './debug-folders.ts';
import { type Candidate, type ListedFiles, listedFiles } from './listed-files.ts';
import { type OpenDebugFile, openDebugFile } from './open-debug-file.ts';

/** Where debug files are, and what may be read of them. */
export interface DebugSource {
  readonly folders: DebugFolders;
  readonly limits: Limits;
}

/** Of one that agrees with the program: read until `close`. */
export interface FoundDebugFile extends Pick<UsedDebugFile, 'name'> {
  readonly foundBy: 'build-id' | 'debug-link';
  readonly elf: Elf;
  /** What dwz moved out of it; null: nothing, or it is not there. */
  readonly alternate: Elf | null;
  readonly close: () => void;
}

/** More files of one name, or one build ID, are not tried. */
const mostTried = 8;

/**
 * The debug file of a linked program: that of its build ID, or else one of the name that `.gnu_debuglink` gives, whose CRC has to be the
 * one there. A build ID that both have is the same, and so are their headers. null: none is there. Of several that do not match
 * it is the first.
 */
export function findDebugFile(
  program: Elf,
  source: DebugSource,
): FoundDebugFile | RefusedDebugFile | null {
  if (program.header.type !== ET.EXEC && program.header.type !== ET.DYN) return null;
  const files = listedFiles(source.folders);
  let refused: RefusedDebugFile | null = null;
  for (const asked of questionsOf(program, files)) {
    const found = tried(program, asked, source);
    if (!('state' in found)) return found;
    refused ??= found;
  }
  return refused;
}

interface Question extends Pick<FoundDebugFile, 'foundBy'> {
  readonly candidate: Candidate;
  readonly buildId: string | null;
  /** null: its CRC is not asked. */
  readonly link: DebugLink | null;
}

function questionsOf(program: Elf, files: ListedFiles): readonly Question[] {
  const buildId = buildIdOf(program);
  const link = linkOf(program);
  const byId = buildId === null ? [] : files.byBuildId(buildId).slice(0, mostTried);
  const byName = link === null ? [] : files.byName(link.name).slice(0, mostTried);
  return [
    ...byId.map((candidate) => ({ candidate, buildId, link: null, foundBy: 'build-id' as const })),
    ...byName.map((candidate) => ({ candidate, buildId, link, foundBy: 'debug-link' as const })),
  ];
}

/** A link that cannot be read leads nowhere. */
function linkOf(program: Elf): DebugLink | null {
  try {
    return debugLinkOf(program);
  } catch (error) {
    if (error instanceof DamagedInput) return null;
    throw error;
  }
}

function tried(
  program: Elf,
  question: Question,
  { folders, limits }: DebugSource,
): FoundDebugFile | RefusedDebugFile {
  const { link, foundBy } = question;
  const { name, path } = question.candidate;
  const refusal = (because: string): RefusedDebugFile => ({ state: 'refused', name, because });
  if (path === null) return refusal('it is a link out of the folder of debug files');
  let file: OpenDebugFile | null = null;
  try {
    file = openDebugFile(path, limits.maxFileSize);
    const elf = readElf(file.bytes, limits);
    const because = mismatch(program, elf, question) ?? wrongCrc(file, link);
    if (because === null) return withAlternate({ name, foundBy, elf }, file, { folders, limits });
    file.close();
    return refusal(because);
  } catch (error) {
    file?.close();
    if (!(error instanceof DamagedInput)) throw error;
    return refusal(error.message);
  }
}

function mismatch(
  program: Elf,
  debug: Elf,
  { buildId, foundBy }: Pick<Question, 'buildId' | 'foundBy'>,
): string | null {
  const other = buildIdOfDebugFile(debug);
  if (buildId !== null && other !== null && other !== buildId)
    return `its build ID is ${other}, and that of the program ${buildId}`;
  if (other === null && foundBy === 'build-id') return 'it has no build ID';
  return disagreement(program, debug);
}

/** Last: it reads all of the file. */
function wrongCrc(file: OpenDebugFile, link: DebugLink | null): string | null {
  if (link === null) return null;
  const crc = file.crc();
  if (crc === link.crc) return null;
  return `its CRC is ${hexOf(crc)}, and .gnu_debuglink of the program expects ${hexOf(link.crc)}`;
}

function hexOf(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}

function withAlternate(
  found: Omit<FoundDebugFile, 'alternate' | 'close'>,
  file: OpenDebugFile,
  source: DebugSource,
): FoundDebugFile {
  const alternate = openAlternate(found.elf, source);
  const close = () => {
    file.close();
    alternate?.file.close();
  };
  return { ...found, alternate: alternate?.elf ?? null, close };
}

interface Alternate {
  readonly elf: Elf;
  readonly file: OpenDebugFile;
}

/** By its build ID, or by the name in its link; without it the strings that it holds are not known. */
function openAlternate(debug: Elf, { folders, limits }: DebugSource): Alternate | null {
  const link = alternateLinkOf(debug);
  if (link === null) return null;
  const files = listedFiles(folders);
  const all = [...files.byBuildId(link.buildId), ...files.byName(basename(link.name))];
  for (const { path } of all.slice(0, mostTried)) {
    const opened = path === null ? null : openIf(path, link.buildId, limits);
    if (opened !== null) return opened;
  }
  return null;
}

function openIf(path: string, buildId: string, limits: Limits): Alternate | null {
  let file: OpenDebugFile | null = null;
  try {
    file = openDebugFile(path, limits.maxFileSize);
    const elf = readElf(file.bytes, limits);
    if (buildIdOfDebugFile(elf) === buildId) return { elf, file };
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
  }
  file?.close();
  return null;
}
