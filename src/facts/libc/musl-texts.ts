import type { Elf } from '../../elf/model.ts';
import { constantRanges, findText } from '../search/byte-search.ts';
import { muslTags } from './musl-tags.ts';

/** What the constants of a musl loader say of it. */
export interface MuslTexts {
  /** As in /etc/ld-musl-x86_64.path. */
  readonly architecture: string;
  /** `1.2.5`; null when there is no such text, or more than one. */
  readonly version: string | null;
  /**
   * Names that it takes for others once nothing defines `NAME64` (ldso/dynlink.c, get_lfs64, of musl 1.2.4 and later): without
   * the `64`. [] where the list is missing.
   */
  readonly largeFileNames: readonly string[];
  /** As in muslTags, for the one version that does not show it; null elsewhere. */
  readonly tags: 32 | 37 | null;
}

/** null for a file that is not musl. */
export function muslTexts(elf: Elf): MuslTexts | null {
  const architecture = findArchitecture(elf);
  if (architecture === null) return null;
  const versions = new Set<string>();
  let largeFileNames: readonly string[] = [];
  for (const { start, end } of constantRanges(elf)) {
    const text = elf.bytes.read(start, Math.min(end - start, largest)).toString('latin1');
    for (const [, version] of text.matchAll(versionText)) if (version) versions.add(version);
    if (largeFileNames.length === 0) largeFileNames = listIn(text);
  }
  const [version = null] = versions.size === 1 ? versions : [];
  const tags = version?.startsWith('1.2.3') ? muslTags(elf) : null;
  return { architecture, version, largeFileNames, tags };
}

/** The usage message of `ldd` (ldso/dynlink.c): `musl libc (x86_64)`. */
function findArchitecture({ bytes }: Elf): string | null {
  const lead = 'musl libc (';
  const at = findText(bytes, lead);
  if (at === null) return null;
  const start = at + lead.length;
  const text = bytes.read(start, Math.min(64, bytes.size - start)).toString('latin1');
  return /^([\w-]+)\)/.exec(text)?.[1] ?? null;
}

/** Bytes of constants; musl has 300,000. */
const largest = 8 * 1024 * 1024;

/** src/internal/version.c; tools/version.sh adds to it where it is built from git. */
const versionText = /\0(\d{1,3}\.\d{1,3}\.\d{1,3}(?:[-_][\w.+-]{1,40})?)(?=\0)/g;

const firstNames = 'aio_cancel\0aio_error\0';
/** The list has 600 bytes. */
const longestList = 4096;

/** Names that are ended by NUL each, and all by another. */
function listIn(text: string): readonly string[] {
  const at = text.indexOf(firstNames);
  if (at < 0) return [];
  const end = text.slice(at, at + longestList).indexOf('\0\0');
  const names = end < 0 ? [] : text.slice(at, at + end).split('\0');
  return names.every((name) => /^\w+$/.test(name)) ? names : [];
}
