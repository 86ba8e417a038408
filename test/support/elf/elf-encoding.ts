import { isLittleEndian, type Layout, wordSize } from '../../../src/elf/reading/layout.ts';

/**
 * One record in the layout's byte order. Each letter of `shape` is a field: `B` 1 byte, `H` 2, `I` 4, `Q` 8, `W` a
 * word of the class. Negative values are written as two's complement.
 */
export function pack(
  layout: Layout,
  shape: string,
  ...values: readonly (number | bigint)[]
): Buffer {
  const sizes = [...shape].map((letter) => sizeOf(letter, layout));
  const record = Buffer.alloc(sizes.reduce((sum, size) => sum + size, 0));
  let at = 0;
  sizes.forEach((size, index) => {
    writeInteger(record, at, size, BigInt(values[index] ?? 0), layout);
    at += size;
  });
  return record;
}

/** Words of the class, one after the other. */
export function packWords(layout: Layout, values: readonly (number | bigint)[]): Buffer {
  return pack(layout, 'W'.repeat(values.length), ...values);
}

export function writeInteger(
  buffer: Buffer,
  at: number,
  size: number,
  value: bigint,
  layout: Layout,
): void {
  for (let byte = 0; byte < size; byte++) {
    const place = isLittleEndian(layout) ? byte : size - 1 - byte;
    buffer[at + byte] = Number((value >> BigInt(8 * place)) & 0xffn);
  }
}

export function padTo(buffer: Buffer, alignment: number): Buffer {
  return Buffer.concat([
    buffer,
    Buffer.alloc((alignment - (buffer.length % alignment)) % alignment),
  ]);
}

/** NUL-terminated names in one table, each once. */
export class NameTable {
  #parts: Buffer[] = [Buffer.of(0)];
  #length = 1;
  readonly #offsets = new Map<string, number>([['', 0]]);

  offsetOf(name: string): number {
    const known = this.#offsets.get(name);
    if (known !== undefined) return known;
    const offset = this.#length;
    const part = Buffer.from(`${name}\0`);
    this.#offsets.set(name, offset);
    this.#parts.push(part);
    this.#length += part.length;
    return offset;
  }

  get bytes(): Buffer {
    this.#parts = [Buffer.concat(this.#parts)];
    return this.#parts[0] ?? Buffer.of();
  }
}

function sizeOf(letter: string, layout: Layout): number {
  const sizes: Readonly<Record<string, number>> = { B: 1, H: 2, I: 4, Q: 8, W: wordSize(layout) };
  const size = sizes[letter];
  if (size === undefined) throw new Error(`no field is called ${letter}`);
  return size;
}
