import { basename } from 'node:path';
import type { Entry, EntryWalk } from '../archive/entry.ts';
import { partOf, type RandomAccess } from '../archive/random-access.ts';
import { endOfElf } from '../filesystems/end-of-elf.ts';
import { isIso9660 } from '../filesystems/iso9660/volume.ts';
import { squashfsMagic } from '../filesystems/squashfs/superblock.ts';
import type { Problem } from '../problem.ts';
import { expectFile, notThis, refuseChoice } from './claim.ts';
import { headSize } from './file-format.ts';
import { fileSystemWalk } from './file-system-target.ts';
import type { FileInput, FileSystemFormat } from './input.ts';
import { packageTarget } from './package-target.ts';
import type { Source } from './source.ts';

const scheme = 'appimage';

/**
 * A program that mounts what is behind it: a squashfs at the end of the ELF file, or (the older kind) an ISO 9660 image
 * whose first 32 KiB are the ELF file. The program is an entry as the files that it carries.
 */
export default {
  scheme,
  summary: 'an AppImage: an ELF file followed by a squashfs, or inside of an ISO 9660 image',
  async claims(input) {
    return input.kind === 'file' && (await payloadOf(input)) !== null ? 'certain' : 'no';
  },
  async open(given, options) {
    const input = expectFile(given, scheme);
    refuseChoice(input, options, scheme);
    const payload = await payloadOf(input);
    if (payload === null)
      throw notThis(input, 'an AppImage: it is no ELF file that is followed by a squashfs');
    const { bytes, format, runtimeSize } = payload;
    const content = fileSystemWalk(bytes, format, options.limits);
    async function* entries(report: (problem: Problem) => void): EntryWalk {
      yield runtimeOf(input, runtimeSize);
      yield* content(report);
    }
    return [await packageTarget(input, scheme, async () => null, entries)];
  },
} satisfies Source;

/** Behind the name of the runtime: no file inside has a name that ends so but by malice. */
export const runtimeMark = '!runtime';

interface Payload {
  readonly bytes: RandomAccess;
  readonly format: FileSystemFormat;
  /** Bytes of the ELF file. */
  readonly runtimeSize: number;
}

async function payloadOf({ format, file }: FileInput): Promise<Payload | null> {
  if (format !== 'elf') return null;
  const end = await endOfElf(file);
  if (end === null) return null;
  const head = await file.read(0, headSize);
  if (head.toString('latin1', 8, 11) === 'AI\x01' && isIso9660(head))
    return { bytes: file, format: 'iso', runtimeSize: Math.min(end, 32 * 1024) };
  if (!(await file.read(end, squashfsMagic.length)).equals(squashfsMagic)) return null;
  return {
    bytes: partOf(file, end, file.size - end),
    format: 'squashfs',
    runtimeSize: end,
  };
}

/** Called as the AppImage. */
function runtimeOf({ name, file, mode, uid, gid }: FileInput, size: number): Entry {
  const content = partOf(file, 0, size);
  return {
    path: basename(name) + runtimeMark,
    type: 'file',
    size,
    mode,
    uid,
    gid,
    linkTarget: '',
    capability: null,
    body: () => content.stream(0, size),
  };
}
