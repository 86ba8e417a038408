import { PF } from '../../elf/constants.ts';
import { kernelPagesOf } from '../../elf/memory/page.ts';
import type { Elf } from '../../elf/model.ts';
import type { RelocationBatch } from '../../elf/relocations/relocation-batch.ts';
import { relocationTypes } from '../../elf/relocations/relocation-types.ts';
import { factExtractor } from '../fact-extractor.ts';
import {
  addressesOf,
  mappedPlaces,
  type PlaceTest,
  placesIn,
  rangesOf,
  unmappedRelocation,
} from './address-ranges.ts';
import { functionSymbols } from './function-symbols.ts';
import { mipsGlobalOffsetTable } from './mips-got.ts';
import { type RelroRange, relroEnd, relroRange } from './relro-range.ts';
import { staticSlots } from './static-slots.ts';

/** How many addresses were met, and the first of them. */
export interface Tally {
  readonly count: number;
  readonly first: bigint | null;
}

/** What the loader (in a static program: its own start code) writes into the mapped file. */
export interface LoaderWrites {
  /** Relocations other than R_*_NONE. */
  readonly relocations: number;
  /**
   * Function pointers it writes into tables that linkers make: by JUMP_SLOT, IRELATIVE, and GLOB_DAT of a function. null: the
   * machine's relocation types are not known.
   */
  readonly slots: {
    /** Inside the pages that PT_GNU_RELRO makes read-only. */
    readonly covered: Tally;
    readonly open: Tally;
  } | null;
  /** Relocations in segments that are mapped without PF_W. */
  readonly inReadOnly: Tally;
  /** Relocations in writable segments, inside the pages that PT_GNU_RELRO makes read-only. */
  readonly protected: number;
  /** What pages of larger sizes leave writable of that, where the machine's kernels have some: the smallest size first. */
  readonly larger: readonly PageLoss[];
  /** Relocations for memory that no segment maps. */
  readonly unmapped: Tally;
}

/** What is protected with the smallest pages and stays writable with these: it lies behind the last page boundary. */
export interface PageLoss {
  /** Bytes of a page. */
  readonly size: number;
  /** Relocations, and those of them that are function pointers. */
  readonly writes: number;
  readonly slots: number;
}

/**
 * Throws MalformedElf where a relocation is for memory that no segment maps: a loader dies of it, so the table was broken
 * after it was linked, and its other entries prove nothing.
 */
export const loaderWrites = factExtractor('tables', (elf): LoaderWrites => {
  const writes = allLoaderWrites(elf);
  if (writes.unmapped.first !== null) throw unmappedRelocation(writes.unmapped.first);
  return writes;
});

/** The same with relocations for memory that no segment maps. */
export const allLoaderWrites = factExtractor('tables', (elf): LoaderWrites => {
  const types = relocationTypes(elf.header.machine);
  const relro = relroRange(elf);
  const isCovered = placesWithin(relro);
  const isReadOnly = readOnlyPlaces(elf);
  const isMapped = mappedPlaces(elf);
  const isFunction = functionSymbols(elf);
  const larger = losses(elf, relro);
  const counts = {
    relocations: 0,
    covered: tally(),
    open: tally(),
    inReadOnly: tally(),
    protected: 0,
    unmapped: tally(),
  };
  elf.visitBatches((batch) => {
    for (let index = 0; index < batch.count; index += 1) {
      const type = batch.types[index];
      if (type === 0) continue;
      if (!isMapped(batch, index)) counts.unmapped.add(batch, index);
      counts.relocations += 1;
      const covered = isCovered(batch, index);
      const isSlot =
        type === types?.jumpSlot ||
        type === types?.irelative ||
        (type === types?.globDat && isFunction(batch.symbols[index] ?? 0));
      if (isSlot) (covered ? counts.covered : counts.open).add(batch, index);
      if (covered) larger?.add(batch.places[index] ?? 0, isSlot);
      if (isReadOnly(batch, index)) counts.inReadOnly.add(batch, index);
      else if (covered) counts.protected += 1;
    }
  });
  for (const address of slotsWithoutTag(elf, types?.irelative)) {
    counts.relocations += 1;
    const covered = relro !== null && address >= relro.start && address < relro.end;
    if (covered) {
      counts.protected += 1;
      larger?.add(Number(address), true);
    }
    (covered ? counts.covered : counts.open).addAddress(address);
  }
  return {
    relocations: counts.relocations,
    slots: types === null ? null : { covered: counts.covered.sum(), open: counts.open.sum() },
    inReadOnly: counts.inReadOnly.sum(),
    protected: counts.protected,
    larger: larger?.all.map(({ size, writes, slots }) => ({ size, writes, slots })) ?? [],
    unmapped: counts.unmapped.sum(),
  };
});

/** null where no kernel has larger pages: nothing is counted for each relocation then. */
function losses(elf: Elf, relro: RelroRange | null) {
  const [, ...larger] = kernelPagesOf(elf.header).sizes;
  if (relro === null || larger.length === 0) return null;
  const all = larger.map((size) => {
    const end = Number(relroEnd(relro.segment, BigInt(size)));
    return { size, end, writes: 0, slots: 0 };
  });
  return {
    all,
    add(place: number, isSlot: boolean) {
      for (const each of all) {
        if (place < each.end) continue;
        each.writes += 1;
        if (isSlot) each.slots += 1;
      }
    },
  };
}

/** Runs for each relocation: a file has a hundred thousand, and a bigint is an object. */
function placesWithin(range: RelroRange | null): PlaceTest {
  if (range === null) return () => false;
  const { start, end } = range;
  if (end > BigInt(Number.MAX_SAFE_INTEGER)) {
    return (batch, index) => {
      const offset = batch.offset(index);
      return offset >= start && offset < end;
    };
  }
  const first = Number(start);
  const behind = Number(end);
  return ({ places }, index) => {
    const place = places[index] ?? 0;
    return place >= first && place < behind;
  };
}

/** Whether the place of a relocation is mapped, and not writable. */
function readOnlyPlaces(elf: Elf): PlaceTest {
  const isWritable = placesIn(rangesOf(elf.memory.filter(({ flags }) => (flags & PF.W) !== 0)));
  const isMappedReadOnly = addressesOf(elf.memory.filter(({ flags }) => (flags & PF.W) === 0));
  return (batch, index) => !isWritable(batch, index) && isMappedReadOnly(batch.offset(index));
}

/** Function pointers that are written without a relocation that PT_DYNAMIC leads to. */
function slotsWithoutTag(elf: Elf, irelative: number | null | undefined): readonly bigint[] {
  if (elf.dynamic !== null) return mipsGlobalOffsetTable(elf);
  return irelative === null || irelative === undefined ? [] : staticSlots(elf, irelative);
}

function tally() {
  let count = 0;
  let first: bigint | null = null;
  return {
    add(batch: RelocationBatch, index: number) {
      count += 1;
      first ??= batch.offset(index);
    },
    addAddress(address: bigint) {
      count += 1;
      first ??= address;
    },
    sum: (): Tally => ({ count, first }),
  };
}
