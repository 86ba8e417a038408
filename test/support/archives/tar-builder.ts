/** Builds tar archives byte by byte, wrong ones too. */
const blockSize = 512;

export interface HeaderFields {
  readonly name: string | Buffer;
  /** Type flag; '0' when left out. */
  readonly flag?: string;
  /** A number, or the 12 bytes of the field. */
  readonly size?: number | Buffer;
  readonly mode?: number;
  readonly uid?: number | Buffer;
  readonly gid?: number;
  readonly linkName?: string | Buffer;
  readonly prefix?: string;
  /** The 8 bytes of magic and version; POSIX's when left out. */
  readonly magic?: string;
  /** Put over the finished block, at an offset, before the checksum. */
  readonly patches?: readonly (readonly [offset: number, bytes: Buffer | string])[];
}

export const gnuMagic = 'ustar  \0';
export const posixMagic = 'ustar\x0000';
export const oldMagic = '\0\0\0\0\0\0\0\0';

export function tarHeader(fields: HeaderFields): Buffer {
  const block = Buffer.alloc(blockSize);
  const put = (at: number, bytes: string | Buffer) =>
    (typeof bytes === 'string' ? Buffer.from(bytes) : bytes).copy(block, at);
  put(0, fields.name);
  put(100, octal(fields.mode ?? 0o644, 8));
  put(108, numeric(fields.uid ?? 0, 8));
  put(116, octal(fields.gid ?? 0, 8));
  put(124, numeric(fields.size ?? 0, 12));
  put(136, octal(0, 12));
  put(156, fields.flag ?? '0');
  put(157, fields.linkName ?? '');
  put(257, fields.magic ?? posixMagic);
  put(345, fields.prefix ?? '');
  for (const [at, bytes] of fields.patches ?? []) put(at, bytes);
  return withChecksum(block);
}

export function withChecksum(block: Buffer): Buffer {
  block.fill(' ', 148, 156);
  let sum = 0;
  for (let at = 0; at < blockSize; at += 1) sum += block[at] ?? 0;
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** A header with its body, padded. */
export function tarEntry(fields: HeaderFields, body: string | Buffer = ''): Buffer {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return Buffer.concat([tarHeader({ size: bytes.length, ...fields }), padded(bytes)]);
}

/** A PAX header for the next entry, or (flag 'g') for all that follow. */
export function paxHeader(records: Readonly<Record<string, string | Buffer>>, flag = 'x'): Buffer {
  const body = Buffer.concat(Object.entries(records).map(([key, value]) => paxRecord(key, value)));
  return tarEntry({ name: 'PaxHeaders/x', flag }, body);
}

export function paxRecord(key: string, value: string | Buffer): Buffer {
  const rest = Buffer.concat([
    Buffer.from(` ${key}=`),
    typeof value === 'string' ? Buffer.from(value) : value,
    Buffer.from('\n'),
  ]);
  let length = rest.length;
  while (String(length).length + rest.length !== length)
    length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

/** GNU's long name (flag 'L') or long link (flag 'K') for the next entry. */
export function gnuLong(flag: 'L' | 'K', text: string | Buffer): Buffer {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return tarEntry(
    { name: '././@LongLink', flag, magic: gnuMagic },
    Buffer.concat([bytes, Buffer.alloc(1)]),
  );
}

export const endOfArchive: Buffer = Buffer.alloc(2 * blockSize);

export function tarOf(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([...parts, endOfArchive]);
}

/** GNU's binary form of a number that has no room in octal; negative ones as two's complement. */
export function base256(value: bigint, length: number): Buffer {
  const field = Buffer.alloc(length);
  let rest = BigInt.asUintN(length * 8, value);
  for (let at = length - 1; at >= 0; at -= 1) {
    field[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  field[0] = (field[0] ?? 0) | 0x80;
  return field;
}

function numeric(value: number | Buffer, length: number): string | Buffer {
  return typeof value === 'number' ? octal(value, length) : value;
}

function octal(value: number, length: number): string {
  return `${value.toString(8).padStart(length - 1, '0')}\0`;
}

function padded(body: Buffer): Buffer {
  return Buffer.concat([body, Buffer.alloc((blockSize - (body.length % blockSize)) % blockSize)]);
}
