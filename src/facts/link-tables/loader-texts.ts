import type { Elf } from '../../elf/model.ts';
import kind from '../kind.ts';
import { type MuslTexts, muslTexts } from '../libc/musl-texts.ts';
import { constantRanges, findText } from '../search/byte-search.ts';

/** What a dynamic loader was built with, from its own constants. */
export interface LoaderTexts {
  /** Directories that a glibc loader searches by default; [] when no such list is found. */
  readonly systemDirectories: readonly string[];
  /** What a glibc loader does, by its own messages; null in any other loader. */
  readonly glibc: GlibcAbilities | null;
  /** null in any other loader. */
  readonly musl: MuslTexts | null;
}

/**
 * By the texts that a loader of glibc holds, and not by its version: distributions bring changes to older releases. Where a
 * text is not there, neither is what it belongs to.
 */
export interface GlibcAbilities {
  /** Looks at the kernel and the system of note GNU_ABI_TAG, and passes over libraries for others (until 2.35). */
  readonly asksSystem: boolean;
  /** Holds segments to their p_align (until 2.34). */
  readonly asksAlignment: boolean;
  /** Refuses a program that says so (DF_1_PIE) as a library (since 2.30). */
  readonly refusesPrograms: boolean;
  /** Holds files to the level of processor that they need (since 2.33, x86). */
  readonly asksProcessor: boolean;
  /** Applies DT_RELR, in files that require the version GLIBC_ABI_DT_RELR (since 2.36). */
  readonly knowsPackedRelative: boolean;
  /** Ends with an assertion if a library without versions is required to have some (until 2.40). */
  readonly assertsVersions: boolean;
  /** Gives no process that runs an executable stack (since 2.41). */
  readonly keepsStack: boolean;
  /** Searches subdirectories of `glibc-hwcaps` (since 2.33). */
  readonly levelDirectories: boolean;
  /** Searches subdirectories such as `tls` and `haswell` (until 2.36). */
  readonly featureDirectories: boolean;
}

/** null for a file that is not a loader. */
export function loaderTexts(elf: Elf): LoaderTexts | null {
  if (kind(elf).kind !== 'loader') return null;
  const musl = muslTexts(elf);
  const systemDirectories = musl === null ? findSystemDirectories(elf) : [];
  return { systemDirectories, glibc: musl === null ? findAbilities(elf) : null, musl };
}

function findAbilities({ bytes }: Elf): GlibcAbilities {
  const holds = (text: string) => findText(bytes, text) !== null;
  const levelDirectories = holds('--glibc-hwcaps-prepend');
  return {
    asksSystem: holds('ASSUME_KERNEL\0'),
    asksAlignment: holds('ELF load command alignment not page-aligned'),
    refusesPrograms: holds('cannot dynamically load position-independent executable'),
    asksProcessor: holds('CPU ISA level is lower than required'),
    knowsPackedRelative: holds('DT_RELR without GLIBC_ABI_DT_RELR dependency'),
    assertsVersions: holds('version->filename == NULL'),
    keepsStack: holds('glibc.rtld.execstack'),
    levelDirectories,
    featureDirectories: !levelDirectories || holds('Legacy HWCAP subdirectories'),
  };
}

/** Looked at in one file before giving up: hostile files repeat them. */
const mostCandidates = 1000;
/** Every loader known has at most four, each shorter than a path of the Nix store. */
const longestList = 2048;

/**
 * elf/dl-load.c, `system_dirs`: names that begin and end with a slash, one after the other, each ended by NUL:
 * `/lib64/`, `/usr/lib64/`, or on Debian `/lib/x86_64-linux-gnu/` and more. The longest: releases since 2.33 have two, and part of one is found
 * where what lies before it looks like text.
 */
function findSystemDirectories(elf: Elf): readonly string[] {
  let candidates = 0;
  let longest: readonly string[] = [];
  for (const { start, end } of constantRanges(elf)) {
    const area = elf.bytes.read(start, end - start);
    for (let at = area.indexOf('/lib'); at >= 0; at = area.indexOf('/lib', at + 1)) {
      candidates += 1;
      if (candidates > mostCandidates) return longest;
      const first = area.lastIndexOf(0, at) + 1;
      if (at - first > longestList) continue;
      const found = leadingDirectories(area.toString('latin1', first, first + longestList));
      if (found.length > longest.length) longest = found;
    }
  }
  return longest;
}

/** Constants begin with the list where they follow the code without a gap (32-bit Arm): its first name is behind a byte of that. */
function leadingDirectories(text: string): readonly string[] {
  const [name = '', ...others] = text.split('\0');
  const first = /(?:^|[^\t-\r -~])((?:\/[\w.+-]+)+\/)$/.exec(name)?.[1];
  if (first === undefined) return [];
  const end = others.findIndex((each) => !/^(\/[\w.+-]+)+\/$/.test(each));
  return [first, ...others.slice(0, Math.max(end, 0))].map((each) => each.slice(0, -1));
}
