import { EM, PT } from '../../src/elf/constants.ts';
import { changedElf, type ElfEdit } from '../../test/support/elf/elf-edits.ts';

type Random = (bound: number) => number;

/** One change of a program, and what it is called in reports. */
interface Mutation {
  readonly name: string;
  readonly apply: (edit: ElfEdit, random: Random) => void;
}

const fields = ['offset', 'address', 'filesz', 'memsz', 'align', 'flags', 'type'] as const;
const types: readonly number[] = [
  PT.NULL,
  PT.LOAD,
  PT.LOAD,
  PT.DYNAMIC,
  PT.INTERP,
  PT.NOTE,
  PT.PHDR,
  PT.TLS,
  PT.GNU_STACK,
  PT.GNU_STACK,
  PT.GNU_RELRO,
];

/** Values on both sides of what kernels ask. */
const edges: readonly bigint[] = [
  0n,
  1n,
  2n,
  16n,
  0xff0n,
  0xfffn,
  0x1000n,
  0x1001n,
  0x2000n,
  0x10000n,
  0x200000n,
  0x40000000n,
  0xffffe000n,
  0xfffff000n,
  0x7ffffffff000n,
  0x7ffffffffffff000n,
  0xffffffffffffffffn,
];

/** Steps that keep the place in the page, or not. */
const steps: readonly bigint[] = [
  1n,
  -1n,
  16n,
  -16n,
  0x800n,
  0x1000n,
  -0x1000n,
  0x3000n,
  0x100000n,
];

const mutations: readonly Mutation[] = [
  {
    name: 'identification',
    apply: ({ bytes }, random) => {
      bytes[4 + random(12)] = random(3) === 0 ? random(4) : random(256);
    },
  },
  {
    name: 'header byte',
    apply: ({ bytes }, random) => {
      bytes[16 + random(48)] = random(2) === 0 ? random(8) : random(256);
    },
  },
  {
    name: 'machine',
    apply: ({ bytes }, random) => {
      bytes[18] = pick([EM.I386, EM.I486, EM.X86_64, EM.X86_64, EM.ARM], random);
    },
  },
  {
    name: 'ignored header fields',
    apply: ({ bytes }, random) => {
      const [from, to] = bytes[4] === 1 ? [32, 42] : [40, 54];
      for (let at = from; at < to; at += 1) bytes[at] = random(256);
    },
  },
  {
    name: 'field at an edge',
    apply: (edit, random) => setField(edit, random, () => pick(edges, random)),
  },
  {
    name: 'field a step away',
    apply: (edit, random) => setField(edit, random, (old) => old + pick(steps, random)),
  },
  {
    name: 'pages moved',
    apply: (edit, random) => {
      const entry = pick(edit.segments(), random);
      const field = random(2) === 0 ? 'offset' : 'address';
      entry.set(field, entry.get(field) + BigInt(random(9) - 4) * 0x1000n);
    },
  },
  {
    name: 'flags',
    apply: (edit, random) => pick(edit.segments(), random).set('flags', BigInt(random(8))),
  },
  {
    name: 'type',
    apply: (edit, random) => pick(edit.segments(), random).set('type', BigInt(pick(types, random))),
  },
  {
    name: 'order',
    apply: (edit, random) => {
      const one = pick(edit.segments(), random);
      const other = pick(edit.segments(), random);
      for (const field of fields) {
        const kept = one.get(field);
        one.set(field, other.get(field));
        other.set(field, kept);
      }
    },
  },
  {
    name: 'a segment more',
    apply: (edit, random) => {
      const loads = edit.segments().filter((entry) => entry.get('type') === BigInt(PT.LOAD));
      const spare = edit.segments().filter((entry) => entry.get('type') !== BigInt(PT.LOAD));
      if (loads.length === 0 || spare.length === 0) return;
      const over = pick(loads, random);
      const entry = pick(spare, random);
      const within = BigInt(random(0x1000));
      const page = over.get('address') & ~0xfffn;
      entry.set('type', BigInt(PT.LOAD));
      entry.set('flags', BigInt(random(8)));
      entry.set('address', page + BigInt(random(4)) * 0x1000n + within);
      entry.set('offset', BigInt(random(8)) * 0x1000n + within);
      entry.set('filesz', BigInt(random(4) === 0 ? 0 : random(0x2000)));
      entry.set('memsz', entry.get('filesz') + BigInt(random(2) === 0 ? 0 : random(0x3000)));
    },
  },
  {
    name: 'zeros',
    apply: (edit, random) => {
      const entry = pick(edit.segments(), random);
      if (random(2) === 0) entry.set('filesz', 0n);
      else entry.set('memsz', entry.get('memsz') + BigInt(random(0x8000)));
    },
  },
  {
    name: 'alignment',
    apply: (edit, random) =>
      pick(edit.segments(), random).set('align', random(4) === 0 ? 3n : 1n << BigInt(random(50))),
  },
];

/** A copy of a program with one to three changes, perhaps cut or longer; the same for the same random numbers. */
export function mutantOf(program: Buffer, random: Random): { name: string; bytes: Buffer } {
  const names: string[] = [];
  let bytes: Buffer = Buffer.from(program);
  const count = 1 + random(3);
  for (let round = 0; round < count; round += 1) {
    const mutation = pick(mutations, random);
    names.push(mutation.name);
    bytes = tolerant(bytes, (edit) => mutation.apply(edit, random));
  }
  if (random(12) === 0) {
    names.push('cut');
    bytes = bytes.subarray(0, random(bytes.length));
  }
  return { name: names.join(', '), bytes };
}

/** An earlier change can lead the table of program headers astray: then the next one has nothing to change. */
function tolerant(bytes: Buffer, change: (edit: ElfEdit) => void): Buffer {
  try {
    return changedElf(bytes, change);
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return bytes;
    throw error;
  }
}

function setField(edit: ElfEdit, random: Random, value: (old: bigint) => bigint): void {
  const entry = pick(edit.segments(), random);
  const field = pick(fields, random);
  entry.set(field, value(entry.get(field)));
}

function pick<T>(all: readonly T[], random: Random): T {
  const found = all[random(all.length)];
  if (found === undefined) throw new TypeError('nothing to pick from');
  return found;
}
