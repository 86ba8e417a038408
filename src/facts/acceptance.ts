import { DamagedInput } from '../base/errors.ts';
import type { Evidence } from '../base/verdict.ts';
import { ET, PT } from '../elf/constants.ts';
import { entryFault } from '../elf/headers/entry-point.ts';
import { fileTypeName, machineName } from '../elf/headers/names.ts';
import { kernelStart } from '../elf/memory/kernel-start.ts';
import { isMappedByMusl } from '../elf/memory/musl-map.ts';
import { namesLoader } from '../elf/memory/raw-program-headers.ts';
import type { Elf } from '../elf/model.ts';
import type { Bytes } from '../elf/reading/bytes.ts';
import { factExtractor } from './fact-extractor.ts';
import { cutBeforeLinking, cutBeforeUse } from './file/cut-file.ts';

/**
 * Who takes the file for what it is for.
 * - `kernel`: Linux starts it (execve).
 * - `loader`: no kernel does, but a dynamic loader maps it: as a library, or as `ld.so FILE`.
 * - `boot-loader`: neither does, but there are PT_LOAD segments to copy into memory: kernels, firmware.
 * - `linker`, `module-loader`: of object files and kernel modules; `linker` also of a library that has sections only.
 * - `core-reader`: debuggers, of memory images.
 * - `nothing`: no one. The file is damaged beyond use, cut before what every start needs, or only begins as an ELF file does.
 */
export type Taker =
  | 'kernel'
  | 'loader'
  | 'boot-loader'
  | 'linker'
  | 'module-loader'
  | 'core-reader'
  | 'nothing';

export interface Acceptance {
  readonly by: Taker;
  /** Why Linux does not start it; where `by` is `nothing`, why nothing takes it. null where Linux starts it. */
  readonly refusal: string | null;
  /** What Linux answers where it does not start it. Absent: ENOEXEC. */
  readonly errno?: 'EACCES';
  /**
   * Why a process that becomes it dies before its first instruction has run, or by it; null where it does not, and where Linux
   * returns an error instead.
   */
  readonly fault: string | null;
  /** Why it dies, where its loader is one that reads the dynamic section; absent where such a loader finds it. */
  readonly lostToLoader?: string;
  /** Set where no other loader takes it, for a header that only musl's loader does not mind. */
  readonly mappedByMusl?: true;
  /** Set where Linux does not start it, and it was linked to be started by a loader. */
  readonly namesLoader?: true;
  readonly evidence: readonly Evidence[];
}

export default factExtractor('tables', (elf): Acceptance => {
  const start = kernelStart(elf);
  const cut = elf.header.type === ET.REL ? null : cutBeforeUse(elf, start.starts);
  if (cut !== null) {
    // The kernel maps pages that the file does not have, and who reads them dies.
    const fault = start.starts || start.isFatal ? cut : null;
    return { by: 'nothing', refusal: cut, fault, evidence: evidenceOf(elf) };
  }
  if (start.starts) return started(elf);
  const by = takerOf(elf);
  const refusal =
    by === 'nothing' && elf.header.type === ET.REL ? lostSections(elf) : start.because;
  const fault = start.isFatal ? start.because : null;
  const more = by === 'nothing' || by === 'linker' ? ofMusl(elf.bytes) : {};
  const answer = start.errno === undefined ? {} : { errno: start.errno };
  const meant = isMeantToStart(elf.bytes);
  return { by, refusal, fault, ...answer, ...more, ...meant, evidence: evidenceOf(elf) };
});

function ofMusl(bytes: Bytes): Pick<Acceptance, 'mappedByMusl'> {
  return isMappedByMusl(bytes) ? { mappedByMusl: true } : {};
}

function isMeantToStart(bytes: Bytes): Pick<Acceptance, 'namesLoader'> {
  return namesLoader(bytes) ? { namesLoader: true } : {};
}

function started(elf: Elf): Acceptance {
  const lost = cutBeforeLinking(elf);
  return {
    by: 'kernel',
    refusal: null,
    fault: readable(() => entryFault(elf)),
    ...(lost === null ? {} : { lostToLoader: lost }),
    evidence: evidenceOf(elf),
  };
}

/** Of a file whose header cannot be read at all. */
export function acceptedByNothing(because: string, bytes: Bytes): Acceptance {
  const more = { ...ofMusl(bytes), ...isMeantToStart(bytes) };
  return { by: 'nothing', refusal: because, fault: null, ...more, evidence: [] };
}

function takerOf(elf: Elf): Taker {
  const { type } = elf.header;
  if (type === ET.REL) return hasSections(elf) ? objectTaker(elf) : 'nothing';
  if (!has(elf, null)) return type === ET.DYN && hasSections(elf) ? 'linker' : 'nothing';
  if (type === ET.CORE) return 'core-reader';
  if (has(elf, PT.LOAD) && has(elf, PT.DYNAMIC)) return 'loader';
  if (has(elf, PT.LOAD)) return 'boot-loader';
  return hasSections(elf) ? 'linker' : 'nothing';
}

function objectTaker({ sections }: Elf): Taker {
  const isModule = sections.some(({ name }) => name === '.gnu.linkonce.this_module');
  return isModule ? 'module-loader' : 'linker';
}

/** An object file has nothing but its sections. */
function lostSections(elf: Elf): string {
  try {
    return `e_shnum is ${elf.sections.length}: there are no sections`;
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    return error.message;
  }
}

/** Whether there is a segment of this type, or of any. A damaged table counts as no segment. */
function has(elf: Elf, wanted: number | null): boolean {
  return (
    readable(() => elf.segments)?.some(({ type }) => wanted === null || type === wanted) ?? false
  );
}

function hasSections(elf: Elf): boolean {
  return (readable(() => elf.sections)?.length ?? 0) > 0;
}

/** The question here is whether a table can be read, so damage is an answer. */
function readable<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    return null;
  }
}

function evidenceOf({ header }: Elf): Evidence[] {
  return [
    { what: 'e_type', saw: fileTypeName(header.type), offset: 0x10n },
    { what: 'e_machine', saw: machineName(header.machine), offset: 0x12n },
  ];
}
