import { LimitExceeded, MalformedArchive } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { decodeName } from '../text.ts';
import type { ByteStream } from './byte-stream.ts';
import { type FileType, fileTypeOf } from './file-type.ts';

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
}

const headerSize = 110;

/** SVR4's portable format, and the same with a sum of each body's bytes. */
const magics = ['070701', '070702'];

export function isCpio(head: Buffer): boolean {
  return magics.includes(head.toString('latin1', 0, 6));
}

/** Header and name; the stream then stands at the body. Throws MalformedArchive, LimitExceeded. */
export async function readCpioHeader(stream: ByteStream, limits: Limits): Promise<CpioHeader> {
  const at = stream.position;
  const bytes = await stream.take(headerSize);
  const fields = decodeFields(bytes, at);
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
    throw new MalformedArchive(
      `cpio name at offset ${at + headerSize} is not ${nameSize} bytes with one NUL at the end`,
    );
  }
  await skipPadding(stream, at, headerSize + nameSize);
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
  };
}

/** To the next multiple of 4, counted from the header: archives may begin anywhere. */
export function skipPadding(stream: ByteStream, start: number, size: number): Promise<void> {
  return stream.skipTo(start + Math.ceil(size / 4) * 4);
}

/** Thirteen numbers of eight hex digits, behind the magic number. */
function decodeFields(bytes: Buffer, at: number): number[] {
  const text = bytes.toString('latin1');
  if (!isCpio(bytes)) {
    const saw = JSON.stringify(text.slice(0, 6));
    throw new MalformedArchive(
      `cpio header at offset ${at} begins with ${saw}, expected ${magics.join(' or ')}`,
    );
  }
  if (!/^[0-9a-f]{104}$/i.test(text.slice(6))) {
    throw new MalformedArchive(
      `cpio header at offset ${at} is not ${headerSize} bytes of hex digits`,
    );
  }
  return Array.from({ length: 13 }, (_, index) =>
    Number.parseInt(text.slice(6 + 8 * index, 14 + 8 * index), 16),
  );
}
