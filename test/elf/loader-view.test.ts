import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DF, DF_1, DT, PF, PT } from '../../src/elf/constants.ts';
import { readElf } from '../../src/elf/read-elf.ts';
import { bytesOf } from '../../src/elf/reading/bytes.ts';
import type { Segment } from '../../src/elf/records.ts';
import { changedElf, type ElfEdit } from '../support/elf/elf-edits.ts';
import { canStart, endOf } from '../support/started.ts';
import { sampleBinary, verdictsOf } from '../support/verdicts/verdicts-of.ts';

/** Little-endian programs of 64 bits, which x86-64 starts where their loader is there. */
const programs = [
  { sample: 'x86_64-glibc-gcc-nopie-bare', loader: '/lib64/ld-linux-x86-64.so.2' },
  { sample: 'x86_64-glibc-gcc-pie-default', loader: '/lib64/ld-linux-x86-64.so.2' },
  { sample: 'x86_64-musl-gcc-pie-lazy', loader: '/lib/ld-musl-x86_64.so.1' },
  { sample: 'aarch64-glibc-gcc-pie-default', loader: '/lib/ld-linux-aarch64.so.1' },
] as const;

/** Segments that a program does not need to run. */
const spare: readonly number[] = [PT.NOTE, PT.GNU_EH_FRAME, PT.GNU_PROPERTY];

type Place = Pick<Segment, 'type' | 'flags' | 'offset' | 'address' | 'fileSize' | 'memorySize'>;

function addSegment(edit: ElfEdit, place: Place): void {
  const entry = edit.segments().findLast((each) => spare.includes(Number(each.get('type'))));
  if (entry === undefined) throw new Error('no program header can be spared');
  entry.set('type', BigInt(place.type));
  entry.set('flags', BigInt(place.flags));
  entry.set('offset', place.offset);
  entry.set('address', place.address);
  entry.set('physical', place.address);
  entry.set('filesz', place.fileSize);
  entry.set('memsz', place.memorySize);
  entry.set('align', 0x1000n);
}

function segmentOf(file: Buffer, type: number): Segment {
  const found = readElf(bytesOf(file)).segments.find((segment) => segment.type === type);
  if (found === undefined) throw new Error(`there is no segment of type ${type}`);
  return found;
}

/** Entries in place of the DT_NULL that end the dynamic section: linkers leave room for some. */
function withEntries(file: Buffer, entries: readonly (readonly [tag: number, value: bigint])[]) {
  const changed = Buffer.from(file);
  const { offset, fileSize } = segmentOf(file, PT.DYNAMIC);
  let at = Number(offset);
  while (changed.readBigUInt64LE(at) !== 0n) at += 16;
  const end = Number(offset + fileSize);
  assert.ok(at + 16 * (entries.length + 1) <= end, 'there is no room for more dynamic entries');
  for (const [tag, value] of entries) {
    changed.writeBigUInt64LE(BigInt(tag), at);
    changed.writeBigUInt64LE(value, at + 8);
    at += 16;
  }
  return changed;
}

/** No rule that failed is better; one that is undecided is so by damage, which the gate does not let pass. */
function expectNotBetter(changed: Buffer, original: Buffer): void {
  const before = verdictsOf(original);
  const after = verdictsOf(changed);
  const better = [...before]
    .filter(([, outcome]) => outcome === 'fail')
    .map(([rule]) => `${rule}: ${after.get(rule)}`)
    .filter((line) => !/: (fail|unknown)$/.test(line));
  assert.deepEqual(better, []);
}

const page = 0x1000n;

/** The file with a page behind it: a copy of the one at an offset, changed. */
function withPage(file: Buffer, from: number, change: (copy: Buffer) => void) {
  const at = Math.ceil(file.length / 0x1000) * 0x1000;
  const copy = Buffer.alloc(0x1000);
  file.copy(copy, 0, from, from + 0x1000);
  change(copy);
  return { at, file: Buffer.concat([file, Buffer.alloc(at - file.length), copy]) };
}

/** The first page of memory is another one than that of the file, by a segment of 16 bytes at its end. */
function withHeadersInMemory(file: Buffer, change: (copy: Buffer) => void): Buffer {
  const { flags, address } = segmentOf(file, PT.LOAD);
  const place = {
    type: PT.LOAD,
    flags,
    address: address + 0xff0n,
    fileSize: 16n,
    memorySize: 16n,
  };
  const end = BigInt(Math.ceil(file.length / 0x1000) * 0x1000);
  const mapped = changedElf(file, (edit) => addSegment(edit, { ...place, offset: end + 0xff0n }));
  return withPage(mapped, 0, change).file;
}

/** The file's own header of PT_DYNAMIC leads to a copy that binds at start; the one in memory to the section as it was. */
function withDecoyOfFile(file: Buffer): Buffer {
  const whole = withHeadersInMemory(file, () => undefined);
  const { offset, fileSize } = segmentOf(file, PT.DYNAMIC);
  const decoy = Buffer.from(whole.subarray(Number(offset), Number(offset + fileSize)));
  const at = whole.length;
  const changed = changedElf(Buffer.concat([whole, decoy]), (edit) => {
    for (const segment of edit.segments()) {
      if (segment.get('type') !== BigInt(PT.DYNAMIC)) continue;
      segment.set('offset', BigInt(at));
      segment.set('address', 0x7000000n);
    }
  });
  return withBinding(changed);
}

function withBinding(file: Buffer): Buffer {
  return withEntries(file, [
    [DT.FLAGS, BigInt(DF.BIND_NOW)],
    [DT.FLAGS_1, BigInt(DF_1.NOW)],
  ]);
}

function hide(copy: Buffer, type: number): void {
  const hidden = changedElf(copy, (edit) => {
    for (const segment of edit.segments()) {
      if (segment.get('type') === BigInt(type)) segment.set('type', 0n);
    }
  });
  hidden.copy(copy);
}

function withZeros(file: Buffer): Buffer {
  const { address } = segmentOf(file, PT.DYNAMIC);
  return changedElf(file, (edit) =>
    addSegment(edit, {
      type: PT.LOAD,
      flags: PF.R | PF.W,
      offset: 0n,
      address: address - (address % page),
      fileSize: 0n,
      memorySize: 16n,
    }),
  );
}

/** The loader takes the program to begin a page behind where it lies. */
function withShift(file: Buffer): Buffer {
  return changedElf(file, (edit) => {
    for (const segment of edit.segments()) {
      if (segment.get('type') === BigInt(PT.PHDR))
        segment.set('address', segment.get('address') - page);
    }
  });
}

interface Change {
  readonly name: string;
  readonly change: (file: Buffer) => Buffer;
  /** Whether the program still does its work. */
  readonly runs: boolean;
  /** What `bind-now` says of programs that fail it: musl binds at start. */
  readonly bindNow: 'fail' | 'unknown' | 'pass';
  readonly isMalformed: boolean;
}

const changes: readonly Change[] = [
  {
    name: 'DT_FLAGS and DT_FLAGS_1 that bind at start, and later ones that do not',
    change: (file) =>
      withEntries(file, [
        [DT.FLAGS, BigInt(DF.BIND_NOW)],
        [DT.FLAGS, 0n],
        [DT.FLAGS_1, BigInt(DF_1.NOW)],
      ]).fill(0, lastEntry(file, 2) + 8, lastEntry(file, 2) + 16),
    runs: true,
    bindNow: 'fail',
    isMalformed: false,
  },
  {
    name: 'DT_FLAGS that does not bind at start, and a later one that does',
    change: (file) =>
      withEntries(file, [
        [DT.FLAGS, 0n],
        [DT.FLAGS, BigInt(DF.BIND_NOW)],
      ]),
    runs: true,
    bindNow: 'pass',
    isMalformed: false,
  },
  {
    name: 'PT_DYNAMIC of the file that no loader reads, and another one in memory',
    change: withDecoyOfFile,
    runs: true,
    bindNow: 'fail',
    isMalformed: true,
  },
  {
    name: 'no PT_DYNAMIC among the program headers in memory',
    change: (file) => withHeadersInMemory(withBinding(file), (copy) => hide(copy, PT.DYNAMIC)),
    runs: false,
    bindNow: 'unknown',
    isMalformed: true,
  },
  {
    name: 'a segment without file bytes that zeroes the page of PT_DYNAMIC',
    change: (file) => withZeros(withBinding(file)),
    runs: false,
    bindNow: 'unknown',
    isMalformed: true,
  },
  {
    name: 'PT_PHDR that moves all addresses of the loader',
    change: (file) => withShift(withBinding(file)),
    runs: false,
    bindNow: 'unknown',
    isMalformed: true,
  },
];

function lastEntry(file: Buffer, index: number): number {
  let at = Number(segmentOf(file, PT.DYNAMIC).offset);
  while (file.readBigUInt64LE(at) !== 0n) at += 16;
  return at + index * 16;
}

for (const { name, change, runs, bindNow, isMalformed } of changes) {
  describe(`${name}: bind-now is ${bindNow}, and no failed rule better`, () => {
    for (const { sample, loader } of programs) {
      const original = sampleBinary(sample);
      it(sample, () => {
        const changed = change(original);
        const binds = verdictsOf(original).get('bind-now') === 'fail';
        if (binds) assert.equal(verdictsOf(changed).get('bind-now'), bindNow);
        if (bindNow !== 'pass') expectNotBetter(changed, original);
        const form = verdictsOf(changed).get('well-formed');
        assert.ok(!isMalformed || form === 'fail' || form === 'unknown', form);
      });
      if (!canStart(loader)) continue;
      it(`${sample} ${runs ? 'runs' : 'ends badly'}`, () => {
        const { end, stdout, stderr } = endOf(change(original));
        assert.equal(end === 0, runs, `${end} ${stdout} ${stderr}`);
      });
    }
  });
}
