import { MalformedInput } from '../../base/errors.ts';

/**
 * The little of Protocol Buffers (protobuf.dev, "Encoding") that containerd's API needs: messages of texts, numbers and
 * messages. Field numbers are those of containerd's `.proto` files.
 */
export type Sent = string | number;

/** Fields of the value 0 and empty texts are left out, as their absence means the same. */
export function encodeMessage(fields: readonly (readonly [number: number, value: Sent])[]): Buffer {
  const parts: Buffer[] = [];
  for (const [number, value] of fields) {
    if (value === '' || value === 0) continue;
    if (typeof value === 'number') parts.push(varint((number << 3) | varintType), varint(value));
    else {
      const bytes = Buffer.from(value);
      parts.push(varint((number << 3) | lengthType), varint(bytes.length), bytes);
    }
  }
  return Buffer.concat(parts);
}

const varintType = 0;
const lengthType = 2;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

/** A message that was received. Absent fields are empty. */
export interface Received {
  text(field: number): string;
  /** Throws MalformedInput when it is beyond what a number holds. */
  number(field: number): number;
  bytes(field: number): Buffer;
  messages(field: number): readonly Received[];
}

/** Of a field that is there more than once the last counts, but for lists. Throws MalformedInput. */
export function decodeMessage(bytes: Buffer): Received {
  const fields = new Map<number, (Buffer | bigint)[]>();
  const reader = readerOf(bytes);
  while (reader.hasMore()) {
    const key = Number(reader.varint());
    const value = reader.value(key % 8);
    const field = Math.floor(key / 8);
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  const last = (field: number) => fields.get(field)?.at(-1);
  const bytesOf = (field: number) => {
    const value = last(field) ?? Buffer.alloc(0);
    if (typeof value === 'bigint') throw damaged(`field ${field} is a number, expected bytes`);
    return value;
  };
  return {
    text: (field) => bytesOf(field).toString('utf8'),
    bytes: bytesOf,
    number(field) {
      const value = last(field) ?? 0n;
      if (typeof value !== 'bigint') throw damaged(`field ${field} is not a number`);
      if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(`field ${field} is ${value}`);
      return Number(value);
    },
    messages: (field) =>
      (fields.get(field) ?? []).map((value) => {
        if (typeof value === 'bigint') throw damaged(`field ${field} is a number, expected bytes`);
        return decodeMessage(value);
      }),
  };
}

function readerOf(bytes: Buffer) {
  let at = 0;
  function take(size: bigint): Buffer {
    if (size > BigInt(bytes.length - at))
      throw damaged(`${size} bytes are expected at ${at} of ${bytes.length}`);
    const start = at;
    at += Number(size);
    return bytes.subarray(start, at);
  }
  function readVarint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = take(1n).readUInt8();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw damaged(`a number at ${at} does not end`);
  }
  return {
    hasMore: () => at < bytes.length,
    varint: readVarint,
    value(type: number): Buffer | bigint {
      if (type === varintType) return readVarint();
      if (type === lengthType) return take(readVarint());
      if (type === 1) return take(8n).readBigUInt64LE();
      if (type === 5) return BigInt(take(4n).readUInt32LE());
      throw damaged(`a field has the wire type ${type} at ${at}`);
    },
  };
}

function damaged(what: string): MalformedInput {
  return new MalformedInput(`the answer is not a Protocol Buffers message: ${what}`);
}
