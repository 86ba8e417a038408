/** Linux runs it without anything else, on i386 and on x86-64: it prints `started`. Made of bytes, since few machines compile for i386. */
export function i386Program(interpreter: string | null = null): Buffer {
  const headers = interpreter === null ? [] : [interpreterHeader(interpreter)];
  const start = headerSize + headerEntry * (headers.length + 1);
  const texts = Buffer.concat([Buffer.from(`${interpreter ?? ''}\0`), Buffer.from('started\n')]);
  const message = start + texts.length - said;
  const code = instructions(base + message);
  const size = start + texts.length + code.length;
  return Buffer.concat([
    elfHeader(base + start + texts.length, headers.length + 1),
    ...headers,
    words(1, 0, base, base, size, size, 5, 0x1000),
    texts,
    code,
  ]);
}

const base = 0x8048000;
const headerSize = 52;
const headerEntry = 32;
/** Bytes of the message. */
const said = 8;

/** Behind the two program headers. */
function interpreterHeader(interpreter: string): Buffer {
  const at = headerSize + 2 * headerEntry;
  const size = interpreter.length + 1;
  return words(3, at, base + at, base + at, size, size, 4, 1);
}

function elfHeader(entry: number, headers: number): Buffer {
  const header = Buffer.alloc(headerSize);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]).copy(header);
  header.writeUInt16LE(2, 16);
  header.writeUInt16LE(3, 18);
  header.writeUInt32LE(1, 20);
  header.writeUInt32LE(entry, 24);
  header.writeUInt32LE(headerSize, 28);
  header.writeUInt16LE(headerSize, 40);
  header.writeUInt16LE(headerEntry, 42);
  header.writeUInt16LE(headers, 44);
  return header;
}

/** write(1, message, 8); exit(0) */
function instructions(message: number): Buffer {
  const address = words(message);
  return Buffer.from([
    ...[0xb8, 4, 0, 0, 0, 0xbb, 1, 0, 0, 0, 0xb9, ...address, 0xba, said, 0, 0, 0, 0xcd, 0x80],
    ...[0xb8, 1, 0, 0, 0, 0x31, 0xdb, 0xcd, 0x80],
  ]);
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4);
  return bytes;
}
