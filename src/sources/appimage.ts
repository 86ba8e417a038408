import type { EntryWalk } from '../archive/entry.ts';
import type { Problem } from '../base/problem.ts';
import { partOf, type RandomAccess } from '../base/random-access.ts';
import { behindSegments, endOfElf } from '../filesystems/end-of-elf.ts';
import { isIso9660 } from '../filesystems/iso9660/volume.ts';
import { findSquashfs } from '../filesystems/squashfs/find-squashfs.ts';
import { squashfsMagic } from '../filesystems/squashfs/superblock.ts';
import { expectFile, notThis, refuseChoice } from './input/expect-input.ts';
import { headSize } from './input/file-format.ts';
import type { FileInput, FileSystemFormat } from './input/input.ts';
import { runtimeOf } from './nested/program-in-front.ts';
import { packageTarget } from './packages/package-target.ts';
import { fileSystemWalk } from './root/file-system-target.ts';
import type { Source } from './source.ts';

const scheme = 'appimage';

/**
 * A program that mounts what is behind it: a squashfs at the end of the ELF file, or (the older kind) an ISO 9660 image
 * whose first 32 KiB are the ELF file. The program is an entry as the files that it carries.
 */
export default {
  scheme,
  summary: 'an AppImage: an ELF file followed by a squashfs, or inside an ISO 9660 image',
  recognised:
    'an ELF file that is followed by a squashfs; or one in an ISO 9660 image, marked `AI\\x01`',
  opens: 'programs',
  async claims(input) {
    return input.kind === 'file' && (await payloadOf(input)) !== null ? 'certain' : 'no';
  },
  async open(given, options) {
    const input = expectFile(given, scheme);
    refuseChoice(input, options, scheme);
    const payload = await payloadOf(input);
    if (payload === null)
      throw notThis(input, 'an AppImage: it is not an ELF file that is followed by a squashfs');
    const { bytes, format, runtimeSize } = payload;
    const content = fileSystemWalk(bytes, format, options.limits);
    async function* entries(report: (problem: Problem) => void): EntryWalk {
      yield runtimeOf(input, runtimeSize);
      yield* content(report);
    }
    return [await packageTarget(input, scheme, async () => null, entries)];
  },
} satisfies Source;

interface Payload {
  readonly bytes: RandomAccess;
  readonly format: FileSystemFormat;
  /** Bytes of the ELF file. */
  readonly runtimeSize: number;
}

async function payloadOf({ format, file }: FileInput): Promise<Payload | null> {
  if (format !== 'elf') return null;
  const head = await file.read(0, 11);
  if (head.toString('latin1', 8, 11) === 'AI\x01' && isIso9660(await file.read(0, headSize))) {
    const end = (await endOfElf(file)) ?? file.size;
    return { bytes: file, format: 'iso', runtimeSize: Math.min(end, 32 * 1024) };
  }
  const start = await squashfsBehind(file);
  if (start === null) return null;
  return {
    bytes: partOf(file, start, file.size - start),
    format: 'squashfs',
    runtimeSize: start,
  };
}

/**
 * Where the squashfs begins that an ELF file carries behind its segments; null: there is none. The specification has it at
 * the end of the ELF file; the programs of others look elsewhere.
 */
export async function squashfsBehind(file: RandomAccess): Promise<number | null> {
  const end = await endOfElf(file);
  if (end !== null && (await file.read(end, squashfsMagic.length)).equals(squashfsMagic))
    return end;
  for (const [from, to] of await behindSegments(file, smallestSquashfs)) {
    const found = await findSquashfs(file, from, to);
    if (found !== null) return found;
  }
  return null;
}

/** Its superblock. */
const smallestSquashfs = 96;
