import { EM, ET, STT } from '../../../src/elf/constants.ts';
import { createLinker, type Linkage } from '../../../src/root/linkage/linkage.ts';
import {
  type ProcessContext,
  unknownContext,
} from '../../../src/root/loader/process/process-context.ts';
import type { Link } from '../../../src/root/loader/result/link-result.ts';
import type { ElfDescription } from '../../support/elf/elf-builder.ts';
import { buildRoot, elf, type Thing, type Things } from '../../support/roots/root-builder.ts';

/** Small files of processes on x86-64. */

const R_X86_64_GLOB_DAT = 6;
const R_X86_64_JUMP_SLOT = 7;

interface Parts extends ElfDescription {
  /** Names, or `name@version` of the first needed library. */
  readonly imports?: readonly string[];
  readonly calls?: readonly string[];
  readonly exports?: readonly string[];
}

export function program(libc: 'musl' | 'glibc', parts: Parts = {}, more: Thing = {}): Thing {
  const interpreter = libc === 'musl' ? muslPath : glibcPath;
  return elf({ interpreter, type: ET.DYN, ...described(parts) }, more);
}

export function library(soname: string, parts: Parts = {}, more: Thing = {}): Thing {
  return elf({ soname, ...described(parts) }, more);
}

export const muslPath = '/lib/ld-musl-x86_64.so.1';
export const glibcPath = '/lib64/ld-linux-x86-64.so.2';

/** A loader as the facts recognise it; `constants` stand where its read-only data would. */
export function muslLoader(
  exports: readonly string[] = [],
  constants: string = '',
  instructions: readonly number[] = [],
): Thing {
  const texts = Buffer.from(`musl libc (x86_64)\nVersion\0${constants}\0`);
  const code = Buffer.concat([texts, Buffer.from(instructions)]);
  return elf({
    soname: 'libc.musl-x86_64.so.1',
    entry: 0x1000,
    code,
    ...described({ exports: ['_dl_debug_addr', ...exports] }),
  });
}

export function glibcLoader(
  directories: readonly string[],
  machine: number = EM.X86_64,
  messages: readonly string[] = [],
): Thing {
  const code = Buffer.from(
    `\0${directories.map((each) => `${each}/\0`).join('')}\0${messages.join('\0')}\0`,
  );
  return elf({
    soname: 'ld-linux-x86-64.so.2',
    entry: 0x1000,
    machine,
    code,
    ...described({ exports: ['_rtld_global'] }),
  });
}

/** Texts of the loaders of Debian's releases, by which they are known. */
export const releaseMessages = {
  '2.31': [
    'version->filename == NULL',
    'ASSUME_KERNEL',
    'ELF load command alignment not page-aligned',
    'cannot dynamically load position-independent executable',
  ],
  '2.36': [
    'version->filename == NULL',
    'cannot dynamically load position-independent executable',
    'CPU ISA level is lower than required',
    'DT_RELR without GLIBC_ABI_DT_RELR dependency',
    '--glibc-hwcaps-prepend',
    'Legacy HWCAP subdirectories',
  ],
  '2.41': [
    'glibc.rtld.execstack',
    'cannot dynamically load position-independent executable',
    'CPU ISA level is lower than required',
    'DT_RELR without GLIBC_ABI_DT_RELR dependency',
    '--glibc-hwcaps-prepend',
  ],
} as const;

/** Links one program of a root. */
export function linkageIn(
  things: Things,
  path: string,
  context: Partial<ProcessContext> = {},
): Extract<Linkage, { where: 'root' }> {
  const root = buildRoot(things);
  const entry = root.resolve(path);
  const extraction = root.extractions.get(entry?.elf ?? '');
  if (entry === undefined || extraction === undefined)
    throw new Error(`${path} is not an ELF file`);
  const linker = createLinker(root, { ...unknownContext, ...context });
  const linkage = linker.linkageOf(entry, extraction);
  if (linkage.where !== 'root') throw new Error(`${path} lies in no root`);
  return linkage;
}

export function linkIn(things: Things, path: string, context: Partial<ProcessContext> = {}): Link {
  const { link } = linkageIn(things, path, context);
  if (link === null) throw new Error(`${path} has no loader that is known`);
  return link;
}

/** A context that sets nothing but LD_LIBRARY_PATH. */
export function withLibraryPath(value: string): Partial<ProcessContext> {
  return { environment: new Map([['LD_LIBRARY_PATH', value]]) };
}

/** What a loader finds of the needs of `/bin/app`, as `summary` says it. */
export interface SearchCase {
  readonly name: string;
  readonly things: Things;
  readonly libraryPath?: string;
  readonly libraries?: readonly string[];
  readonly missing?: readonly string[];
  readonly undecided?: number;
}

/** What a case looks at: paths of libraries, and names of what is missing. */
export function summary(link: Link) {
  return {
    libraries: link.libraries.slice(1).map(({ path }) => path),
    missing: [
      ...link.missingLibraries.map(({ name }) => name),
      ...link.missingVersions.map(({ version }) => version),
      ...link.missingSymbols.map(({ name, atFirstCall }) =>
        atFirstCall ? `${name} (call)` : name,
      ),
    ],
    undecided: link.undecided.length,
  };
}

function described({ imports = [], calls = [], exports = [], ...rest }: Parts): ElfDescription {
  const asked = [...imports, ...calls].map((full) => {
    const [name = '', version] = full.split('@');
    const library = rest.needed?.[0] ?? '';
    return version === undefined ? { name } : { name, version, library };
  });
  const defined = exports.map((full) => {
    const [name = '', version] = full.split('@');
    const symbol = { name, defined: true, value: 0x1000, type: STT.FUNC };
    return version === undefined ? symbol : { ...symbol, version };
  });
  const bare = (full: string) => full.split('@')[0] ?? '';
  return {
    symbols: [...asked, ...defined],
    relocations: [
      ...imports.map((name) => ({
        type: R_X86_64_GLOB_DAT,
        symbol: bare(name),
        at: { word: 1 },
      })),
      ...calls.map((name) => ({
        type: R_X86_64_JUMP_SLOT,
        symbol: bare(name),
        at: { word: 2 },
        plt: true,
      })),
    ],
    ...rest,
  };
}
