// edit-elf.mjs OPERATION [ARGUMENT] FILE...: changes ELF files in place, in ways that no linker offers.
// Plain JavaScript: it builds samples, and needs no build itself. Files of any class and byte order.
import { readFileSync, writeFileSync } from 'node:fs';

const segmentTypes = {
  LOAD: 1,
  DYNAMIC: 2,
  INTERP: 3,
  NOTE: 4,
  GNU_STACK: 0x6474e551,
  GNU_RELRO: 0x6474e552,
};
const fieldOffsets = {
  64: { type: 0, flags: 4, offset: 8, address: 16, filesz: 32, memsz: 40, align: 48 },
  32: { type: 0, offset: 4, address: 8, filesz: 16, memsz: 20, flags: 24, align: 28 },
};

/** Reading and writing of one file's numbers by its class and byte order. */
function open(file) {
  const bytes = readFileSync(file);
  const bits = bytes[4] === 2 ? 64 : 32;
  const order = bytes[5] === 1 ? 'LE' : 'BE';
  const half = {
    get: (at) => bytes[`readUInt16${order}`](at),
    set: (at, value) => bytes[`writeUInt16${order}`](value, at),
  };
  const word = {
    get: (at) => bytes[`readUInt32${order}`](at),
    set: (at, value) => bytes[`writeUInt32${order}`](value >>> 0, at),
  };
  const address =
    bits === 32
      ? word
      : {
          get: (at) => Number(bytes[`readBigUInt64${order}`](at)),
          set: (at, value) => bytes[`writeBigUInt64${order}`](BigInt(value), at),
        };
  const wide = bits === 64;
  const start = address.get(wide ? 32 : 28);
  const size = half.get(wide ? 54 : 42);
  const count = half.get(wide ? 56 : 44);
  const fields = fieldOffsets[bits];
  const field = (name) => (wide && name !== 'type' && name !== 'flags' ? address : word);
  const segments = Array.from({ length: count }, (_, index) => ({
    get: (name) => field(name).get(start + index * size + fields[name]),
    set: (name, value) => field(name).set(start + index * size + fields[name], value),
  }));
  return { bytes, wide, half, word, address, segments, headersEnd: start + count * size };
}

/** File offset of the header of the section of that name. */
function sectionHeader(elf, name) {
  const start = elf.address.get(elf.wide ? 40 : 32);
  const [size, count, namesIndex] = (elf.wide ? [58, 60, 62] : [46, 48, 50]).map((at) =>
    elf.half.get(at),
  );
  const names = elf.address.get(start + namesIndex * size + (elf.wide ? 24 : 16));
  for (let header = start; header < start + count * size; header += size) {
    const at = names + elf.word.get(header);
    if (elf.bytes.toString('latin1', at, elf.bytes.indexOf(0, at)) === name) return header;
  }
  throw new Error(`no section ${name}`);
}

/** `LOAD` is the first of its type, `LOAD.1` the second. */
function segment(elf, name) {
  const [type, index = '0'] = name.split('.');
  const found = elf.segments.filter((one) => one.get('type') === segmentTypes[type])[Number(index)];
  if (found === undefined) throw new Error(`no segment ${name}`);
  return found;
}

function dynamicEntry(elf, tag) {
  const table = segment(elf, 'DYNAMIC');
  const step = elf.wide ? 16 : 8;
  const end = table.get('offset') + table.get('filesz');
  for (let at = table.get('offset'); at < end; at += step) {
    if (elf.address.get(at) === tag) return { at, valueAt: at + step / 2 };
  }
  throw new Error(`no dynamic entry ${tag}`);
}

/** Each returns the bytes to write. */
const operations = {
  /** Drops the section header table and everything behind the last segment, as sstrip of the ELFkickers does. */
  'strip-sections': (elf) => {
    const ends = elf.segments
      .filter((one) => one.get('type') !== 0)
      .map((one) => one.get('offset') + one.get('filesz'));
    elf.address.set(elf.wide ? 40 : 32, 0);
    for (const at of elf.wide ? [58, 60, 62] : [46, 48, 50]) elf.half.set(at, 0);
    return elf.bytes.subarray(0, Math.max(elf.headersEnd, ...ends));
  },
  /** Turns a program header into PT_NULL. */
  'drop-segment': (elf, name) => {
    segment(elf, name).set('type', 0);
    return elf.bytes;
  },
  /** `GNU_RELRO:memsz=16,filesz=16`. */
  'set-segment': (elf, change) => {
    const [name, values] = change.split(':');
    for (const pair of values.split(',')) {
      const [field, value] = pair.split('=');
      segment(elf, name).set(field, Number(value));
    }
    return elf.bytes;
  },
  /** `.text:flags=2,address=0x9000`. */
  'set-section': (elf, change) => {
    const [name, values] = change.split(':');
    const header = sectionHeader(elf, name);
    const offsets = elf.wide ? { flags: 8, address: 16 } : { flags: 8, address: 12 };
    for (const pair of values.split(',')) {
      const [field, value] = pair.split('=');
      elf.address.set(header + offsets[field], Number(value));
    }
    return elf.bytes;
  },
  /** `TAG:VALUE`: numbers, as 0x6ffffffb:0x1. */
  'set-dynamic': (elf, change) => {
    const [tag, value] = change.split(':').map(Number);
    elf.address.set(dynamicEntry(elf, tag).valueAt, value);
    return elf.bytes;
  },
  'set-type': (elf, type) => {
    elf.half.set(16, Number(type));
    return elf.bytes;
  },
  /** What follows a signed module: 256 bytes of a signature, what is said of it (hexadecimal), and the mark. */
  'append-signature': (elf, about) =>
    Buffer.concat([
      elf.bytes,
      Buffer.alloc(256, 7),
      Buffer.from(about, 'hex'),
      Buffer.from('~Module signature appended~\n'),
    ]),
  truncate: (elf, length) => elf.bytes.subarray(0, Number(length)),
};

const [name, ...rest] = process.argv.slice(2);
const operation = operations[name];
if (operation === undefined)
  throw new Error(`unknown operation ${name}, expected ${Object.keys(operations).join(', ')}`);
const argument = operation.length > 1 ? rest.shift() : undefined;
for (const file of rest) {
  const elf = open(file);
  writeFileSync(file, operation(elf, argument));
}
