import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DF, DF_1, DT, PF, PT } from '../../src/elf/constants.ts';
import { type Mapper, memoryMap } from '../../src/elf/memory/memory-map.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import { constantRanges } from '../../src/facts/search/byte-search.ts';
import { changedElf, type ElfEdit } from '../support/elf/elf-edits.ts';
import { failedRules, sampleBinary } from '../support/verdicts/verdicts-of.ts';

/** Segments that a program does not need to run, to be made into others. */
const spare: readonly number[] = [PT.NOTE, PT.GNU_EH_FRAME, PT.GNU_PROPERTY, PT.GNU_RELRO];

interface NewSegment {
  readonly type: number;
  readonly flags: number;
  readonly offset: bigint;
  readonly address: bigint;
  readonly filesz: bigint;
  readonly memsz: bigint;
}

/** The last program header that can be spared becomes another segment. */
function replaceSpare(edit: ElfEdit, segment: NewSegment): void {
  const entry = edit.segments().findLast((each) => spare.includes(Number(each.get('type'))));
  if (entry === undefined) throw new Error('no program header can be spared');
  entry.set('type', BigInt(segment.type));
  entry.set('flags', BigInt(segment.flags));
  entry.set('offset', segment.offset);
  entry.set('address', segment.address);
  entry.set('physical', segment.address);
  entry.set('filesz', segment.filesz);
  entry.set('memsz', segment.memsz);
  entry.set('align', 0x1000n);
}

function segmentOf(edit: ElfEdit, type: number) {
  const found = edit.segments().find((each) => each.get('type') === BigInt(type));
  if (found === undefined) throw new Error(`there is no segment of type ${type}`);
  return found;
}

/** Sets the values of dynamic entries in some bytes, by tag. */
function setDynamic(file: Buffer, at: number, values: ReadonlyMap<number, bigint>): void {
  const bits = file[4] === 2 ? 64 : 32;
  const little = file[5] === 1;
  const size = bits / 8;
  const read = (place: number) =>
    bits === 64
      ? little
        ? file.readBigUInt64LE(place)
        : file.readBigUInt64BE(place)
      : BigInt(little ? file.readUInt32LE(place) : file.readUInt32BE(place));
  const write = (place: number, value: bigint) => {
    if (bits === 64) file[little ? 'writeBigUInt64LE' : 'writeBigUInt64BE'](value, place);
    else file[little ? 'writeUInt32LE' : 'writeUInt32BE'](Number(value), place);
  };
  for (let place = at; read(place) !== 0n; place += 2 * size) {
    const value = values.get(Number(read(place)));
    if (value !== undefined) write(place + size, value);
  }
}

/** A hardened look: every flag that requires binding at start. */
const bindsNow = new Map([
  [DT.FLAGS, BigInt(DF.BIND_NOW)],
  [DT.FLAGS_1, BigInt(DF_1.NOW)],
]);

/**
 * A copy of the page with the dynamic section is mapped over it by a segment of 16 bytes at the end of the page, and the
 * bytes that tools read differ from those that the process has. The page goes on as before, so the program still runs.
 */
function overlaid(file: Buffer): Buffer {
  return changedElf(file, (edit) => {
    const dynamic = segmentOf(edit, PT.DYNAMIC);
    const page = dynamic.get('address') & ~0xfffn;
    const start = dynamic.get('offset') - (dynamic.get('address') - page);
    replaceSpare(edit, {
      type: PT.LOAD,
      flags: PF.R | PF.W,
      offset: start + 0x100000n + 0xff0n,
      address: page + 0xff0n,
      filesz: 16n,
      memsz: 16n,
    });
  });
}

function withCopiedPage(file: Buffer): Buffer {
  const { dynamicOffset, pageOffset } = placesOf(file);
  const edited = overlaid(file);
  const whole = Buffer.concat([edited, Buffer.alloc(pageOffset + 0x101000 - edited.length)]);
  file.copy(whole, pageOffset + 0x100000, pageOffset, pageOffset + 0x1000);
  setDynamic(whole, dynamicOffset, bindsNow);
  return whole;
}

function placesOf(file: Buffer) {
  const { segments } = readElf(bytesOf(file));
  const dynamic = segments.find(({ type }) => type === PT.DYNAMIC);
  if (dynamic === undefined) throw new Error('there is no PT_DYNAMIC');
  const dynamicOffset = Number(dynamic.offset);
  return { dynamicOffset, pageOffset: dynamicOffset - Number(dynamic.address & 0xfffn) };
}

const lazy = [
  'x86_64-glibc-gcc-nopie-bare',
  'x86_64-musl-gcc-pie-lazy',
  'i386-glibc-gcc-nopie-bare',
  'aarch64-glibc-gcc-nopie-bare',
  's390x-glibc-gcc-nopie-bare',
];

describe('a page that is mapped over another one is what is judged', () => {
  for (const sample of lazy) {
    it(sample, () => {
      const original = sampleBinary(sample);
      const now = failedRules(withCopiedPage(original));
      assert.deepEqual(
        failedRules(original).filter((rule) => !now.includes(rule)),
        [],
      );
      assert.ok(now.includes('well-formed'));
    });
  }
});

/** A second PT_DYNAMIC: the first one leads to a copy that no loader reads. */
function withTwoDynamic(file: Buffer): Buffer {
  const { dynamicOffset } = placesOf(file);
  const end = Math.ceil(file.length / 0x1000) * 0x1000;
  const whole = Buffer.concat([file, Buffer.alloc(end + 0x1000 - file.length)]);
  file.copy(whole, end, dynamicOffset, dynamicOffset + 0x400);
  setDynamic(whole, end, bindsNow);
  return changedElf(whole, (edit) => {
    const dynamic = segmentOf(edit, PT.DYNAMIC);
    const real: NewSegment = {
      type: PT.DYNAMIC,
      flags: PF.R | PF.W,
      offset: dynamic.get('offset'),
      address: dynamic.get('address'),
      filesz: dynamic.get('filesz'),
      memsz: dynamic.get('memsz'),
    };
    replaceSpare(edit, real);
    const all = edit.segments().filter((each) => each.get('type') === BigInt(PT.DYNAMIC));
    const first = all[0];
    if (first === undefined || all.length !== 2) throw new Error('expected two PT_DYNAMIC');
    first.set('offset', BigInt(end));
    first.set('address', 0x7000000n);
  });
}

describe('of two PT_DYNAMIC the last one is what is judged', () => {
  for (const sample of lazy) {
    it(sample, () => {
      const original = sampleBinary(sample);
      const now = failedRules(withTwoDynamic(original));
      assert.deepEqual(
        failedRules(original).filter((rule) => !now.includes(rule)),
        [],
      );
      assert.ok(now.includes('well-formed'));
    });
  }
});

/** A page of another segment lies over the one that holds an address; it shows the same bytes, by other flags. */
function mappedAgain(file: Buffer, address: bigint, offset: bigint, flags: number): Buffer {
  return changedElf(file, (edit) =>
    replaceSpare(edit, {
      type: PT.LOAD,
      flags,
      offset: offset - (offset % 0x1000n) + 0xff0n,
      address: address - (address % 0x1000n) + 0xff0n,
      filesz: 16n,
      memsz: 16n,
    }),
  );
}

describe('flags are those of the segment that is mapped last', () => {
  for (const sample of lazy.filter((name) => !name.includes('s390x'))) {
    it(`a page of relocated data made read-only: ${sample} has text relocations`, () => {
      const original = sampleBinary(sample);
      const { segments } = readElf(bytesOf(original));
      const data = segments.findLast(({ type }) => type === PT.DYNAMIC);
      if (data === undefined) throw new Error('there is no PT_DYNAMIC');
      const changed = mappedAgain(original, data.address, data.offset, PF.R);
      assert.ok(!failedRules(original).includes('no-text-relocations'));
      assert.ok(failedRules(changed).includes('no-text-relocations'));
    });
  }

  it('code that begins behind the ELF header, in its page, has no segment of its own', () => {
    const original = sampleBinary('x86_64-glibc-gcc-nopie-bare');
    assert.ok(failedRules(original).includes('separate-code'));
    const changed = changedElf(original, (edit) => {
      const code = segmentOf(edit, PT.LOAD);
      for (const field of ['offset', 'address', 'physical'] as const)
        code.set(field, code.get(field) + 16n);
      for (const field of ['filesz', 'memsz'] as const) code.set(field, code.get(field) - 16n);
    });
    assert.ok(failedRules(changed).includes('separate-code'));
  });

  it('constants that a segment hides are not searched', () => {
    const original = sampleBinary('x86_64-glibc-gcc-pie-default');
    const constants = (file: Buffer) => constantRanges(readElf(bytesOf(file)));
    const { segments } = readElf(bytesOf(original));
    const [, , third] = segments.filter(({ type }) => type === PT.LOAD);
    if (third === undefined) throw new Error('there is no segment of constants');
    const holds = (file: Buffer) =>
      constants(file).some(({ start }) => start === Number(third.offset));
    assert.ok(holds(original));
    assert.ok(!holds(mappedAgain(original, third.address, 0n, PF.R)));
  });
});

const page = 0x1000n;
const header = { ...readElf(bytesOf(sampleBinary('x86_64-glibc-gcc-nopie-bare'))).header };

function load(
  address: bigint,
  offset: bigint,
  fileSize: bigint,
  memorySize: bigint,
  flags: number = PF.R,
) {
  return {
    index: 0,
    type: PT.LOAD,
    flags,
    offset,
    address,
    physicalAddress: 0n,
    fileSize,
    memorySize,
    alignment: page,
  };
}

type Row = readonly [start: bigint, end: bigint, offset: bigint | null];
const writable = PF.R | PF.W;

const maps: readonly {
  readonly name: string;
  readonly loads: readonly ReturnType<typeof load>[];
  readonly want: Readonly<Record<Mapper, readonly Row[]>>;
}[] = [
  {
    name: 'whole pages of the file around a segment',
    loads: [load(0x1234n, 0x234n, 0x10n, 0x10n)],
    want: same([[0x1000n, 0x2000n, 0n]]),
  },
  {
    name: 'a later segment over an earlier one, page by page',
    loads: [load(0x1000n, 0n, 0x3000n, 0x3000n), load(0x2ff0n, 0x8ff0n, 0x10n, 0x10n)],
    want: same([
      [0x1000n, 0x2000n, 0n],
      [0x2000n, 0x3000n, 0x8000n],
      [0x3000n, 0x4000n, 0x2000n],
    ]),
  },
  {
    name: 'an earlier segment under a later one that begins before it',
    loads: [load(0x2000n, 0x2000n, 0x1000n, 0x1000n), load(0x1000n, 0x1000n, 0x1800n, 0x1800n)],
    want: same([[0x1000n, 0x3000n, 0x1000n]]),
  },
  {
    name: 'zeros behind the file bytes of a writable segment',
    loads: [load(0x1000n, 0n, 0x100n, 0x200n, writable)],
    want: {
      kernel: [
        [0x1000n, 0x1100n, 0n],
        [0x1100n, 0x2000n, null],
      ],
      glibc: [
        [0x1000n, 0x1100n, 0n],
        [0x1100n, 0x1200n, null],
        [0x1200n, 0x2000n, 0x200n],
      ],
      musl: [
        [0x1000n, 0x1100n, 0n],
        [0x1100n, 0x2000n, null],
      ],
    },
  },
  {
    name: 'file bytes behind those of a segment that is not writable',
    loads: [load(0x1000n, 0n, 0x100n, 0x1200n)],
    want: {
      kernel: [
        [0x1000n, 0x2000n, 0n],
        [0x2000n, 0x3000n, null],
      ],
      glibc: [
        [0x1000n, 0x1100n, 0n],
        [0x1100n, 0x2000n, null],
        [0x2000n, 0x3000n, null],
      ],
      musl: [[0x1000n, 0x3000n, 0n]],
    },
  },
  {
    name: 'whole pages of zeros where there are no file bytes',
    loads: [load(0x1000n, 0n, 0x1000n, 0x1000n), load(0x1800n, 0x800n, 0n, 0x10n, writable)],
    want: {
      kernel: [[0x1000n, 0x2000n, null]],
      glibc: [
        [0x1000n, 0x1800n, 0n],
        [0x1800n, 0x1810n, null],
        [0x1810n, 0x2000n, 0x810n],
      ],
      musl: [
        [0x1000n, 0x1800n, 0n],
        [0x1800n, 0x2000n, null],
      ],
    },
  },
];

function same(rows: readonly Row[]): Readonly<Record<Mapper, readonly Row[]>> {
  return { kernel: rows, glibc: rows, musl: rows };
}

for (const mapper of ['kernel', 'glibc', 'musl'] as const) {
  describe(`${mapper} maps`, () => {
    for (const { name, loads, want } of maps) {
      it(name, () => {
        const rows = memoryMap(header, loads, mapper).map(
          ({ start, end, offset }): Row => [start, end, offset],
        );
        assert.deepEqual(rows, want[mapper]);
      });
    }
  });
}
