import { LimitExceeded, MalformedInput } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { decodeName } from '../../base/text.ts';
import type { ByteStream } from '../compression/byte-stream.ts';
import { type FileType, fileTypeOf } from '../file-type.ts';

export interface CpioHeader {
  readonly name: string;
  readonly type: FileType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Identifies the file among the names for it. */
  readonly identity: string;
  readonly names: number;
  /** Sum of the body's bytes modulo 2^32; null where the format has none. */
  readonly sum: number | null;
  /** Names and bodies end at multiples of it, counted from the header. */
  readonly alignment: number;
}

/** A file that an rpm lists in its header. */
export interface ListedFile {
  readonly path: string;
  readonly mode: number;
  readonly size: number;
  /** Equal for all names of one file. */
  readonly identity: string;
  readonly names: number;
  /** Whether it is the one of these names that has the bytes. */
  readonly isLast: boolean;
}

/** By the number that stands in an archive without names; null: there is none. */
export type ListedFiles = (index: number) => ListedFile | null;

const headerSize = 110;

/** rpm's own: the number of a file in the list of the package, which has all else (lib/rpmarchive, cpio.c). */
const listedMagic = '07070X';
const listedSize = 14;

/** SVR4's portable format, the same with a sum of each body's bytes, and POSIX's of 1988, of octal digits. */
const magics = ['070701', '070702', '070707'];
const oldMagic = '070707';
const oldHeaderSize = 76;

export function isCpio(head: Buffer): boolean {
  const magic = head.toString('latin1', 0, 6);
  // Numbers in a text may begin so.
  if (magic === oldMagic) return /^[0-7]{76}$/.test(head.toString('latin1', 0, oldHeaderSize));
  return magics.includes(magic);
}

/** Header and name; the stream then stands at the body. Throws MalformedInput, LimitExceeded. */
export async function readCpioHeader(
  stream: ByteStream,
  limits: Limits,
  listed?: () => Promise<ListedFiles>,
): Promise<CpioHeader> {
  const at = stream.position;
  const magic = (await stream.peek(oldMagic.length)).toString('latin1');
  if (magic === listedMagic && listed !== undefined)
    return readListedHeader(stream, await listed());
  const isOld = magic === oldMagic;
  const length = isOld ? oldHeaderSize : headerSize;
  const bytes = await stream.take(length);
  const fields = isOld ? decodeOldFields(bytes, at) : decodeFields(bytes, at);
  const [inode = 0, mode = 0, uid = 0, gid = 0, names = 0, , size = 0, major = 0, minor = 0] =
    fields;
  const nameSize = fields[11] ?? 0;
  if (nameSize > limits.maxPathLength + 1) {
    throw new LimitExceeded(
      `cpio name at offset ${at} has ${nameSize} bytes, the limit is ${limits.maxPathLength}`,
    );
  }
  const name = await stream.take(nameSize);
  if (nameSize === 0 || name.length < nameSize || name.indexOf(0) !== nameSize - 1) {
    throw new MalformedInput(
      `cpio name at offset ${at + length} is not ${nameSize} bytes with one NUL at the end`,
    );
  }
  const alignment = isOld ? 1 : 4;
  await skipPadding(stream, at, length + nameSize, alignment);
  return {
    name: decodeName(name.subarray(0, -1)),
    type: fileTypeOf(mode),
    mode: mode & 0o7777,
    uid,
    gid,
    size,
    identity: `${major}:${minor}:${inode}`,
    names,
    sum: bytes[5] === 0x32 ? (fields[12] ?? 0) : null,
    alignment,
  };
}

async function readListedHeader(stream: ByteStream, files: ListedFiles): Promise<CpioHeader> {
  const at = stream.position;
  const digits = (await stream.take(listedSize)).toString('latin1', listedMagic.length);
  const found = /^[0-9a-f]{8}$/i.test(digits) ? files(Number.parseInt(digits, 16)) : null;
  if (found === null)
    throw new MalformedInput(
      `cpio header at offset ${at} names the file ${JSON.stringify(digits)}, which the package does not list`,
    );
  const { path, mode, size, identity, names, isLast } = found;
  const type = fileTypeOf(mode);
  const hasBody = (type === 'file' && isLast) || type === 'symlink';
  await skipPadding(stream, at, listedSize, 4);
  return {
    name: path,
    type,
    mode: mode & 0o7777,
    uid: 0,
    gid: 0,
    size: hasBody ? size : 0,
    identity,
    names,
    sum: null,
    alignment: 4,
  };
}

/** To the next multiple of `alignment`, counted from the header: archives may begin anywhere. */
export function skipPadding(
  stream: ByteStream,
  start: number,
  size: number,
  alignment: number,
): Promise<void> {
  return stream.skipTo(start + Math.ceil(size / alignment) * alignment);
}

/** Widths of the fields of the old format behind its magic number. */
const oldWidths = [6, 6, 6, 6, 6, 6, 6, 11, 6, 11];

/** In the order of the newer ones: inode, mode, owner, group, names, time, size, device, and the size of the name. */
function decodeOldFields(bytes: Buffer, at: number): number[] {
  const text = bytes.toString('latin1', oldMagic.length);
  if (!/^[0-7]{70}$/.test(text)) {
    throw new MalformedInput(
      `cpio header at offset ${at} is not ${oldHeaderSize} bytes of octal digits`,
    );
  }
  let start = 0;
  const [device = 0, inode = 0, mode = 0, uid = 0, gid = 0, names = 0, , , nameSize = 0, size = 0] =
    oldWidths.map((width) => {
      start += width;
      return Number.parseInt(text.slice(start - width, start), 8);
    });
  return [inode, mode, uid, gid, names, 0, size, device, 0, 0, 0, nameSize];
}

/** Thirteen numbers of eight hex digits, behind the magic number. */
function decodeFields(bytes: Buffer, at: number): number[] {
  const text = bytes.toString('latin1');
  if (!isCpio(bytes)) {
    const saw = JSON.stringify(text.slice(0, 6));
    throw new MalformedInput(
      `cpio header at offset ${at} begins with ${saw}, expected ${magics.join(', ')}`,
    );
  }
  if (!/^[0-9a-f]{104}$/i.test(text.slice(6))) {
    throw new MalformedInput(
      `cpio header at offset ${at} is not ${headerSize} bytes of hex digits`,
    );
  }
  return Array.from({ length: 13 }, (_, index) =>
    Number.parseInt(text.slice(6 + 8 * index, 14 + 8 * index), 16),
  );
}
