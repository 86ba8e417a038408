import { seededNumbers } from './seeded-numbers.ts';
import type { Field, TablePlace } from './table-places.ts';

/**
 * How a table is broken:
 * - `filled`: with ones, `wiped`: with zeros, `random`: with bytes of no meaning
 * - `lost`: it is said to lie beyond the end of the file
 * - `oversized`: it is said to end beyond the end of the file
 */
export const damageKinds = ['filled', 'wiped', 'random', 'lost', 'oversized'] as const;
export type DamageKind = (typeof damageKinds)[number];

/** A copy of the file with one table broken; null where that cannot be done to this table. */
export function damageTable(
  buffer: Buffer,
  { parts, pointers, sizes }: TablePlace,
  kind: DamageKind,
  seed: number,
): Buffer | null {
  const copy = Buffer.from(buffer);
  const random = seededNumbers(seed);
  const each = (byte: () => number) => {
    for (const { offset, size } of parts) {
      for (let at = offset; at < offset + size; at++) copy[at] = byte();
    }
    return copy;
  };
  const set = (fields: readonly Field[], value: bigint) => {
    for (const field of fields) write(copy, field, value);
    return fields.length === 0 ? null : copy;
  };
  switch (kind) {
    case 'filled':
      return each(() => 0xff);
    case 'wiped':
      return each(() => 0);
    case 'random':
      return each(() => random(256));
    case 'lost':
      return set(pointers, 0x7fff_f000n);
    case 'oversized':
      return set(sizes, 0x7fff_f000n);
  }
}

function write(buffer: Buffer, { offset, size }: Field, value: bigint): void {
  const little = buffer[5] === 1;
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  if (size === 8) view.setBigUint64(offset, value, little);
  else if (size === 4) view.setUint32(offset, Number(value), little);
  else view.setUint16(offset, Number(value & 0xffffn), little);
}
