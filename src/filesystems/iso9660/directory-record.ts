import { MalformedInput } from '../../base/errors.ts';

/** A directory record (ECMA-119, 9.1). Numbers stand there in both byte orders; the little one is read. */
export interface DirectoryRecord {
  readonly block: number;
  readonly size: number;
  readonly isDirectory: boolean;
  /** More of the file follows in the next record. */
  readonly continues: boolean;
  /** Belongs to another file, as forks of a Macintosh do. */
  readonly isAssociated: boolean;
  readonly isInterleaved: boolean;
  readonly name: Buffer;
  /** The system use area. */
  readonly use: Buffer;
}

const fixedSize = 33;

/** Throws MalformedInput. */
export function decodeRecord(bytes: Buffer): DirectoryRecord {
  const nameLength = bytes[32] ?? 0;
  const length = Math.min(bytes[0] ?? 0, bytes.length);
  const nameEnd = fixedSize + nameLength;
  if (length < fixedSize + 1 || nameLength === 0 || nameEnd > length)
    throw new MalformedInput(
      `ISO 9660 directory record has ${length} bytes and a name of ${nameLength}`,
    );
  const flags = bytes[25] ?? 0;
  return {
    block: bytes.readUInt32LE(2) + (bytes[1] ?? 0),
    size: bytes.readUInt32LE(10),
    isDirectory: (flags & 2) !== 0,
    isAssociated: (flags & 4) !== 0,
    continues: (flags & 0x80) !== 0,
    isInterleaved: (bytes[26] ?? 0) !== 0,
    name: bytes.subarray(fixedSize, nameEnd),
    // A byte of padding follows a name of even length.
    use: bytes.subarray(nameEnd + ((nameLength + 1) % 2), length),
  };
}

/** `.` and `..` have names of one byte. */
export function isSelfOrParent({ name }: DirectoryRecord): boolean {
  return name.length === 1 && (name[0] === 0 || name[0] === 1);
}

/** Records never cross a sector; what is left of one is zeros. */
export function* recordsIn(sector: Buffer): Iterable<DirectoryRecord> {
  for (let at = 0; at < sector.length && sector[at] !== 0; at += sector[at] ?? 0)
    yield decodeRecord(sector.subarray(at));
}

/** Names of Joliet: two bytes a character, the upper one first. */
export function decodeUcs2(name: Buffer): string {
  return Buffer.from(name.subarray(0, name.length & ~1))
    .swap16()
    .toString('utf16le');
}
