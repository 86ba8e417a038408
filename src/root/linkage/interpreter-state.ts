import type { Extraction } from '../../extraction/extraction.ts';
import { importsIn } from '../../facts/link-tables/import-list.ts';
import type { LinkTables } from '../../facts/link-tables/link-tables.ts';
import type { Root } from '../../layers/root.ts';

/** The file that the kernel would start for a program's PT_INTERP (fs/binfmt_elf.c, load_elf_binary). */
export type InterpreterState =
  | {
      readonly state: 'found';
      readonly name: string;
      /** Links resolved. */
      readonly path: string;
      /** Of the file itself; `unknown` when it is not a loader with a known libc. */
      readonly libc: string;
      /**
       * It is an ordinary program with the start code of its libc: the kernel gives it no loader and no libraries, and it dies by
       * its first call of them.
       */
      readonly isProgram?: true;
    }
  | { readonly state: 'missing'; readonly name: string }
  /** Relative, and it is not known from which directory the program is started. */
  | { readonly state: 'relative'; readonly name: string }
  /** There, but the kernel refuses it. */
  | {
      readonly state: 'unusable';
      readonly name: string;
      readonly path: string;
      readonly because: string;
    };

/** `directory`: the working directory of the process, from which the kernel opens a relative name; null: not known. */
export function findInterpreter(
  root: Root,
  name: string,
  program: Pick<LinkTables, 'machine' | 'bits' | 'byteOrder'>,
  directory: string | null,
): InterpreterState {
  if (!name.startsWith('/') && directory === null) return { state: 'relative', name };
  const entry = root.resolve(name.startsWith('/') ? name : `${directory}/${name}`);
  if (entry === undefined) return { state: 'missing', name };
  const refuse = (because: string): InterpreterState => ({
    state: 'unusable',
    name,
    path: entry.path,
    because,
  });
  if (entry.type !== 'file') return refuse(`is a ${entry.type}`);
  const extraction = entry.elf === null ? undefined : root.extractions.get(entry.elf);
  if (extraction === undefined) return refuse('is not an ELF file');
  if ((entry.mode & 0o111) === 0) return refuse('is not executable');
  if (!extraction.linking.known) return refuse(`cannot be read: ${extraction.linking.because}`);
  const { machine, bits, byteOrder } = extraction.linking.value;
  if (machine !== program.machine || bits !== program.bits || byteOrder !== program.byteOrder) {
    return refuse('is for another machine');
  }
  const more = isOrdinary(extraction) ? ({ isProgram: true } as const) : {};
  return { state: 'found', name, path: entry.path, libc: libcOf(extraction), ...more };
}

function isOrdinary({ facts: { kind }, linking }: Extraction): boolean {
  if (!kind.known || kind.value.kind !== 'executable' || !linking.known) return false;
  if (linking.value.interpreter === null || linking.value.needed.length === 0) return false;
  for (const { name } of importsIn(linking.value.imports))
    if (name === '__libc_start_main') return true;
  return false;
}

function libcOf({ facts: { libc, kind } }: Extraction): string {
  const isLoader = kind.known && kind.value.kind === 'loader';
  return libc.known && isLoader ? libc.value.name : 'unknown';
}
