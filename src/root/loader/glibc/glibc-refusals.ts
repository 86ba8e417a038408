import type { LinkTables } from '../../../facts/link-tables/link-tables.ts';
import type { GlibcAbilities } from '../../../facts/link-tables/loader-texts.ts';

/** What a loader says to a file that it found. */
export type Objection =
  /** The search goes on behind it. */
  | { readonly kind: 'passed-over'; readonly because: string }
  /** The program dies. */
  | { readonly kind: 'refused'; readonly because: string }
  /** The loader dies of it, by a signal. */
  | { readonly kind: 'crash'; readonly because: string }
  /** It depends on the machine. */
  | { readonly kind: 'undecided'; readonly because: string };

/** elf/dl-load.c, open_verify and _dl_map_object_from_fd, in their order. `because`: a predicate. */
export function objectionToLibrary(
  { traits }: LinkTables,
  abilities: GlibcAbilities | null,
): Objection | null {
  const refused = (because: string | null): Objection | null =>
    because === null ? null : { kind: 'refused', because };
  if (traits.otherClass) return { kind: 'passed-over', because: 'names another class in EI_CLASS' };
  return (
    (abilities?.asksSystem ? objectionToSystem(traits.builtFor) : null) ??
    (abilities?.asksAlignment ? refused(traits.alignmentRefusal) : null) ??
    refused(traits.refusal) ??
    (abilities?.refusesPrograms && traits.saysProgram
      ? refused('is a position-independent program, not a library')
      : null)
  );
}

/** What it says to a file that a process opens (dlopen) or that is loaded for it. `started`: what the process began with. */
export function objectionToOpening(
  tables: LinkTables,
  started: readonly LinkTables[],
  abilities: GlibcAbilities | null,
): Objection | null {
  const objection = objectionToLibrary(tables, abilities);
  if (objection !== null) return objection;
  const refused = (because: string): Objection => ({ kind: 'refused', because });
  const { traits } = tables;
  if (traits.onlyAtStart)
    return refused('is not to be opened by a process that runs (DF_1_NOOPEN)');
  const isGiven = started.some((each) => each.traits.executableStack);
  return traits.executableStack && !isGiven && abilities?.keepsStack
    ? refused('wants an executable stack, which no process that runs is given')
    : null;
}

/** What it says to every file of a process, the program too, once all of them are loaded. */
export function objectionToObject(
  tables: LinkTables,
  abilities: GlibcAbilities | null,
): Objection | null {
  return objectionToPacking(tables, abilities) ?? objectionToProcessor(tables, abilities);
}

/** elf/dl-reloc.c, _dl_protect_relro, of a program, which the kernel maps; musl's reloc_all likewise. */
export function objectionToProtection({ isUnprotectable }: LinkTables): Objection | null {
  return isUnprotectable
    ? {
        kind: 'refused',
        because:
          'has a PT_GNU_RELRO that reaches where nothing is mapped, so that its protection fails',
      }
    : null;
}

/** elf/dl-reloc.c, _dl_reloc_bad_type, of what is bound at the first call. */
export function objectionToSlots({ typeOfNoSlot: type }: LinkTables): Objection | null {
  if (type === null) return null;
  const hex = `0x${type.toString(16).padStart(2, '0')}`;
  return {
    kind: 'refused',
    because: `has a relocation of type ${hex} in its PLT: unexpected PLT reloc type ${hex}`,
  };
}

/** No machine that runs containers today has an older kernel. */
const oldestKernel = [4, 18, 0];
/** No kernel has a number beyond it. */
const newestKernel = [20, 0, 0];

function objectionToSystem(tag: LinkTables['traits']['builtFor']): Objection | null {
  if (tag === null) return null;
  if (tag.system !== 0)
    return { kind: 'passed-over', because: 'is for another system by its note' };
  if (compare(tag.kernel, oldestKernel) <= 0) return null;
  const version = tag.kernel.join('.');
  return compare(tag.kernel, newestKernel) > 0
    ? { kind: 'passed-over', because: `is for Linux ${version} by its note` }
    : { kind: 'undecided', because: `is for Linux ${version} and later by its note` };
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((each, index) => each !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** elf/dl-version.c, _dl_check_map_versions; before, the relocations stay undone and the first pointer kills the program. */
function objectionToPacking(
  { traits, needed, versionNeeds }: LinkTables,
  abilities: GlibcAbilities | null,
): Objection | null {
  if (!traits.packedRelative) return null;
  if (!abilities?.knowsPackedRelative) {
    return { kind: 'refused', because: 'has DT_RELR, which the loader does not know' };
  }
  const asks = versionNeeds.some(({ versions }) =>
    versions.some(({ name }) => name === 'GLIBC_ABI_DT_RELR'),
  );
  const needsLibc = versionNeeds.length > 0 && needed.some((name) => name.startsWith('libc.so.'));
  return needsLibc && !asks
    ? { kind: 'refused', because: 'has DT_RELR and does not require GLIBC_ABI_DT_RELR' }
    : null;
}

/** GNU_PROPERTY_X86_ISA_1_BASELINE and x86-64-v2: every processor of x86-64 of the last 15 years. */
const everywhere = 0x3;
const levels: readonly (readonly [bit: number, name: string])[] = [
  [0x8, 'x86-64-v4'],
  [0x4, 'x86-64-v3'],
];
const known = 0xf;

/** sysdeps/x86/dl-prop.h, dl_isa_level_check. */
function objectionToProcessor(
  { traits: { processorNeeds } }: LinkTables,
  abilities: GlibcAbilities | null,
): Objection | null {
  if (!abilities?.asksProcessor) return null;
  if ((processorNeeds & ~known) !== 0) {
    return { kind: 'refused', because: 'needs a level of processor that there is not' };
  }
  if ((processorNeeds & ~everywhere) === 0) return null;
  const level = levels.find(([bit]) => (processorNeeds & bit) !== 0);
  return { kind: 'undecided', because: `needs a processor of level ${level?.[1]}` };
}
