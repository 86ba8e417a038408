import { EM } from '../../../elf/constants.ts';
import type { LinkTables } from '../../../facts/link-tables/link-tables.ts';
import { type Objection, objectionToProtection } from '../glibc/glibc-refusals.ts';
import { type LoadedObject, type ProcessImage, sameArchitecture } from '../process-image.ts';
import type { MuslRelease } from './musl-release.ts';

/**
 * What do_relocs and do_relr_relocs of musl make of an object. `mapsProgram`: the loader was called as a command, and maps
 * the program as it maps libraries, instead of the kernel.
 */
export function muslObjection(
  object: LoadedObject,
  image: ProcessImage,
  release: MuslRelease,
  mapsProgram: boolean,
): Objection | null {
  const { tables } = object;
  const refused = refusedType(tables, image.program.tables, release);
  if (!sameArchitecture(tables, image.program.tables)) {
    return refused === null
      ? { kind: 'undecided', because: 'is for another machine, at which musl does not look' }
      : { kind: 'refused', because: 'is for another machine' };
  }
  if (refused !== null) return { kind: 'refused', because: hasType(refused, tables) };
  const isKernels = object === image.program && !mapsProgram;
  return (
    writesCode(object, image, mapsProgram) ??
    relative(tables, release) ??
    (isKernels ? objectionToProtection(tables) : null)
  );
}

function hasType(type: number, { hasIndirectRelocations }: LinkTables): string {
  return hasIndirectRelocations
    ? 'has relocations for IFUNC, which musl does not have'
    : `has relocations of type ${type}, which musl does not know`;
}

/**
 * map_library makes all of an object writable that says DT_TEXTREL. A program was mapped by the kernel, and its code stays as
 * it is: the first relocation there ends in SIGSEGV.
 */
function writesCode(
  object: LoadedObject,
  { program }: ProcessImage,
  mapsProgram: boolean,
): Objection | null {
  const { writesReadOnly, hasTextRelocationTag } = object.tables;
  if (!writesReadOnly) return null;
  const isProgram = object === program && !mapsProgram;
  if (!isProgram && hasTextRelocationTag) return null;
  const because = isProgram
    ? 'has text relocations, which musl does in libraries only'
    : 'has text relocations and no DT_TEXTREL, without which musl leaves code read-only';
  return { kind: 'crash', because };
}

/** Without DT_RELR an address stays what it was in the file: a function that is called at start is not there. */
function relative(
  { relative: has }: LinkTables,
  { appliesRelative, version }: MuslRelease,
): Objection | null {
  if (has === 'nothing' || appliesRelative === 'yes') return null;
  const musl = version === null ? 'this musl' : `musl ${version}`;
  if (appliesRelative === 'not-known') {
    const because = `has its relocations in DT_RELR, and whether ${musl} applies them is not known`;
    return { kind: 'undecided', because };
  }
  const because = `has its relocations in DT_RELR, which ${musl} passes over (1.2.4 and later apply them)`;
  return { kind: has === 'initialisers' ? 'crash' : 'undecided', because };
}

/** The first type that musl has no case for; null also where its types for the machine are not known. */
function refusedType(
  { relocationTypes: used }: LinkTables,
  program: LinkTables,
  release: MuslRelease,
): number | null {
  const known = knownTypes.find(
    ({ machine, bits }) => machine === program.machine && (bits ?? program.bits) === program.bits,
  );
  if (known === undefined) return null;
  const isKnown = (type: number) =>
    known.types.includes(type) ||
    known.later?.some(
      ({ types, since }) => types.includes(type) && release.isSince(since) !== false,
    );
  return used.find((type) => !isKnown(type)) ?? null;
}

/** arch/ARCH/reloc.h of musl 1.1.19, and what later releases added. */
const knownTypes: readonly {
  readonly machine: number;
  readonly bits?: 32 | 64;
  readonly types: readonly number[];
  readonly later?: readonly {
    readonly since: Parameters<MuslRelease['isSince']>[0];
    readonly types: readonly number[];
  }[];
}[] = [
  { machine: EM.X86_64, bits: 64, types: [1, 2, 5, 6, 7, 8, 16, 17, 18, 36] },
  { machine: EM.X86_64, bits: 32, types: [2, 5, 6, 7, 8, 10, 16, 17, 18, 36] },
  { machine: EM.I386, types: [1, 2, 5, 6, 7, 8, 14, 35, 36, 37, 41] },
  {
    machine: EM.AARCH64,
    types: [257, 1024, 1025, 1026, 1027, 1028, 1029, 1030, 1031],
  },
  {
    machine: EM.ARM,
    types: [2, 17, 18, 19, 20, 21, 22, 23],
    later: [{ since: [1, 1, 21], types: [13] }],
  },
  {
    machine: EM.RISCV,
    bits: 64,
    types: [2, 3, 4, 5, 7, 9, 11],
    later: [{ since: [1, 2, 5], types: [12] }],
  },
  {
    machine: EM.PPC64,
    types: [19, 20, 21, 22, 38, 68, 73, 78],
    later: [{ since: [1, 1, 24], types: [43] }],
  },
  {
    machine: EM.PPC,
    types: [1, 19, 20, 21, 22, 68, 73, 78],
    later: [{ since: [1, 1, 24], types: [24] }],
  },
  { machine: EM.S390, types: [9, 10, 11, 12, 22, 54, 55, 56] },
  { machine: EM.LOONGARCH, types: [2, 3, 4, 5, 7, 9, 11] },
];
