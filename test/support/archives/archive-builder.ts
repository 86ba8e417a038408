/** Builds archives of the formats of packages, byte by byte, wrong ones too. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface Member {
  readonly name: string;
  readonly body?: Buffer | string;
}

export function arOf(members: readonly Member[]): Buffer {
  return Buffer.concat([
    Buffer.from('!<arch>\n'),
    ...members.flatMap(({ name, body = '' }) => {
      const bytes = Buffer.from(body);
      const fields = [name.padEnd(16), '0'.padEnd(12), '7'.padEnd(6), '8'.padEnd(6)];
      const header = `${fields.join('')}${'100755'.padEnd(8)}${String(bytes.length).padEnd(10)}\`\n`;
      return [Buffer.from(header), bytes, Buffer.alloc(bytes.length % 2, '\n')];
    }),
  ]);
}

export interface CpioMember extends Member {
  readonly mode?: number;
  readonly inode?: number;
  readonly names?: number;
  /** Overrules the sum of the crc format. */
  readonly sum?: number;
}

export const cpioTrailer: CpioMember = { name: 'TRAILER!!!', mode: 0 };

/** With the trailer, unless it is given. */
export function cpioOf(
  members: readonly CpioMember[],
  format: 'newc' | 'crc' = 'newc',
  end: readonly CpioMember[] = [cpioTrailer],
): Buffer {
  return Buffer.concat(
    [...members, ...end].map((member, at) => cpioMember(member, at + 1, format)),
  );
}

function cpioMember(member: CpioMember, at: number, format: 'newc' | 'crc'): Buffer {
  const { name, body = '', mode = 0o100755, inode = at, names = 1 } = member;
  const bytes = Buffer.from(body);
  const sum = member.sum ?? (format === 'crc' ? bytes.reduce((all, byte) => all + byte, 0) : 0);
  const path = Buffer.from(`${name}\0`);
  const fields = [inode, mode, 7, 8, names, 0, bytes.length, 0, 1, 0, 0, path.length, sum];
  const hex = fields.map((value) => value.toString(16).padStart(8, '0')).join('');
  const head = Buffer.concat([Buffer.from((format === 'newc' ? '070701' : '070702') + hex), path]);
  return Buffer.concat([head, padding(head), bytes, padding(bytes)]);
}

/** POSIX's format of 1988, of octal digits and without padding. */
export function oldCpioOf(members: readonly CpioMember[]): Buffer {
  return Buffer.concat(
    [...members, cpioTrailer].flatMap(({ name, body = '', mode = 0o100755, names = 1 }, at) => {
      const bytes = Buffer.from(body);
      const digits = (value: number, width: number) => value.toString(8).padStart(width, '0');
      const short = [1, at + 1, mode, 7, 8, names, 0].map((value) => digits(value, 6)).join('');
      const path = Buffer.from(`${name}\0`);
      const sizes = `${digits(0, 11)}${digits(path.length, 6)}${digits(bytes.length, 11)}`;
      return [Buffer.from(`070707${short}${sizes}`), path, bytes];
    }),
  );
}

function padding({ length }: Buffer): Buffer {
  return Buffer.alloc((4 - (length % 4)) % 4);
}

export interface ZipMember extends Member {
  readonly method?: number;
  /** The bytes as stored; deflated or plain by method when left out. */
  readonly stored?: Buffer;
  readonly size?: number;
  readonly sum?: number;
  readonly flags?: number;
  /** `st_mode`; null: written by DOS. */
  readonly mode?: number | null;
  /** Sizes and offset in a zip64 field. */
  readonly wide?: boolean;
}

export function zipOf(members: readonly ZipMember[], wideEnd = false): Buffer {
  const parts: Buffer[] = [];
  const records: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const { local, record } = zipMember(member, offset);
    parts.push(local);
    records.push(record);
    offset += local.length;
  }
  const directory = Buffer.concat(records);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(wideEnd ? 0xffff : members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  const wide = wideEnd ? [wideEndOf(members.length, directory.length, offset)] : [];
  return Buffer.concat([...parts, directory, ...wide, end]);
}

function zipMember(member: ZipMember, offset: number) {
  const { name, body = '', method = 8, mode = 0o100755, flags = 0 } = member;
  const bytes = Buffer.from(body);
  const stored = member.stored ?? (method === 8 ? deflateRawSync(bytes) : bytes);
  const size = member.size ?? bytes.length;
  const extra = member.wide ? wideField([size, stored.length, offset]) : Buffer.alloc(0);
  const narrow = (value: number) => (member.wide ? 0xffffffff : value);
  const record = Buffer.alloc(46);
  record.write('PK\x01\x02', 'latin1');
  record[5] = mode === null ? 0 : 3;
  record.writeUInt16LE(flags, 8);
  record.writeUInt16LE(method, 10);
  record.writeUInt32LE(member.sum ?? crc32(bytes), 16);
  record.writeUInt32LE(narrow(stored.length), 20);
  record.writeUInt32LE(narrow(size), 24);
  record.writeUInt16LE(Buffer.byteLength(name), 28);
  record.writeUInt16LE(extra.length, 30);
  record.writeUInt16LE(mode ?? 0, 40);
  record.writeUInt32LE(narrow(offset), 42);
  const head = Buffer.alloc(30);
  head.write('PK\x03\x04', 'latin1');
  head.writeUInt16LE(method, 8);
  head.writeUInt16LE(Buffer.byteLength(name), 26);
  const path = Buffer.from(name);
  return {
    local: Buffer.concat([head, path, stored]),
    record: Buffer.concat([record, path, extra]),
  };
}

function wideField(values: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8 * values.length, 2);
  values.forEach((value, at) => void field.writeBigUInt64LE(BigInt(value), 4 + 8 * at));
  return field;
}

function wideEndOf(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(56 + 20);
  end.write('PK\x06\x06', 'latin1');
  end.writeBigUInt64LE(BigInt(count), 32);
  end.writeBigUInt64LE(BigInt(size), 40);
  end.writeBigUInt64LE(BigInt(offset), 48);
  end.write('PK\x06\x07', 56, 'latin1');
  end.writeBigUInt64LE(BigInt(offset + size), 64);
  return end;
}

/** rpm's cpio without names: each body, by the number of its file in the header. */
export function listedCpioOf(bodies: readonly (readonly [index: number, body: string])[]): Buffer {
  const parts = bodies.flatMap(([index, body]) => {
    const head = Buffer.from(`07070X${index.toString(16).padStart(8, '0')}\0\0`);
    const bytes = Buffer.from(body);
    return [head, bytes, padding(bytes)];
  });
  return Buffer.concat([...parts, cpioOf([])]);
}

/** Values of one type: its number and width; text without a width. */
export interface RpmValues {
  readonly type: 'int16' | 'int32' | 'int64' | 'strings';
  readonly values: readonly (string | number)[];
}

/** A tag of text, of one number, or of several values. */
export type RpmTag = readonly [tag: number, value: string | number | RpmValues];

export function rpmOf(tags: readonly RpmTag[], payload: Buffer): Buffer {
  const lead = Buffer.alloc(96);
  Buffer.from('edabeedb0300', 'hex').copy(lead);
  const signatures = rpmHeader([[1000, 'x']]);
  const aligned = Buffer.alloc((8 - (signatures.length % 8)) % 8);
  return Buffer.concat([lead, signatures, aligned, rpmHeader(tags), payload]);
}

const rpmTypes = { int16: 3, int32: 4, int64: 5, strings: 8 };
const rpmWidths = { int16: 2, int32: 4, int64: 8, strings: 0 };

function rpmValue(value: RpmTag[1]) {
  if (typeof value === 'string') return { type: 6, count: 1, bytes: Buffer.from(`${value}\0`) };
  const { type, values } =
    typeof value === 'number' ? ({ type: 'int32', values: [value] } as const) : value;
  const width = rpmWidths[type];
  const parts = values.map((each) =>
    typeof each === 'string'
      ? Buffer.from(`${each}\0`)
      : Buffer.from(
          BigInt(each)
            .toString(16)
            .padStart(2 * width, '0'),
          'hex',
        ),
  );
  return { type: rpmTypes[type], count: values.length, bytes: Buffer.concat(parts) };
}

function rpmHeader(tags: readonly RpmTag[]): Buffer {
  const records: Buffer[] = [];
  const data: Buffer[] = [];
  let offset = 0;
  for (const [tag, value] of tags) {
    const record = Buffer.alloc(16);
    const { type, count, bytes } = rpmValue(value);
    record.writeUInt32BE(tag, 0);
    record.writeUInt32BE(type, 4);
    record.writeUInt32BE(offset, 8);
    record.writeUInt32BE(count, 12);
    records.push(record);
    data.push(bytes);
    offset += bytes.length;
  }
  const intro = Buffer.from('8eade80100000000', 'hex');
  const counts = Buffer.alloc(8);
  counts.writeUInt32BE(tags.length, 0);
  counts.writeUInt32BE(offset, 4);
  return Buffer.concat([intro, counts, ...records, ...data]);
}
