// supporting: what a dynamic loader was built with is kept in the LinkTables of its file
import type { Bytes } from '../elf/bytes.ts';
import type { Elf } from '../elf/model.ts';
import { constantRanges, findText } from './byte-search.ts';
import kind from './kind.ts';

/** What a dynamic loader was built with, as its own constants tell it. */
export interface LoaderTexts {
  /** Directories that a glibc loader searches without being told; [] when no such list is found. */
  readonly systemDirectories: readonly string[];
  /** What a musl loader calls its machine, as in /etc/ld-musl-x86_64.path; null in any other loader. */
  readonly muslArchitecture: string | null;
}

/** null for a file that is no loader. */
export function loaderTexts(elf: Elf): LoaderTexts | null {
  if (kind(elf).kind !== 'loader') return null;
  const muslArchitecture = findMuslArchitecture(elf);
  const systemDirectories = muslArchitecture === null ? findSystemDirectories(elf) : [];
  return { systemDirectories, muslArchitecture };
}

/** The usage message of `ldd` (ldso/dynlink.c): `musl libc (x86_64)`. */
function findMuslArchitecture({ bytes }: Elf): string | null {
  const lead = 'musl libc (';
  const at = findText(bytes, lead);
  if (at === null) return null;
  const text = textAt(bytes, at + lead.length, 64);
  return /^([\w-]+)\)/.exec(text)?.[1] ?? null;
}

/** Looked at in one file before giving up: hostile files repeat them. */
const mostCandidates = 1000;
/** Every loader known has at most four, each shorter than a path of the Nix store. */
const longestList = 2048;

/**
 * elf/dl-load.c, `system_dirs`: names that begin and end with a slash, one after the other, each ended by NUL:
 * `/lib64/`, `/usr/lib64/`, or on Debian `/lib/x86_64-linux-gnu/` and more.
 */
function findSystemDirectories(elf: Elf): readonly string[] {
  let candidates = 0;
  for (const { start, end } of constantRanges(elf)) {
    const area = elf.bytes.read(start, end - start);
    for (let at = area.indexOf('/lib'); at >= 0; at = area.indexOf('/lib', at + 1)) {
      candidates += 1;
      if (candidates > mostCandidates) return [];
      const first = area.lastIndexOf(0, at) + 1;
      if (at - first > longestList) continue;
      const found = leadingDirectories(area.toString('latin1', first, first + longestList));
      if (found.length > 0) return found;
    }
  }
  return [];
}

function leadingDirectories(text: string): readonly string[] {
  const names = text.split('\0');
  const end = names.findIndex((name) => !/^(\/[\w.+-]+)+\/$/.test(name));
  return names.slice(0, Math.max(end, 0)).map((name) => name.slice(0, -1));
}

function textAt(bytes: Bytes, offset: number, length: number): string {
  return bytes.read(offset, Math.min(length, bytes.size - offset)).toString('latin1');
}
