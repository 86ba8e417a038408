import { MalformedElf } from '../../base/errors.ts';
import { DT } from '../constants.ts';
import type { AddressMap, LoadedBytes } from '../memory/address-map.ts';
import { type Bytes, bytesOf } from '../reading/bytes.ts';
import type { Budget } from '../reading/decoding-budget.ts';
import { isLittleEndian, type Layout } from '../reading/layout.ts';
import { hex, narrow } from '../reading/narrow.ts';
import { TableWindow } from '../reading/table-window.ts';
import type { DynamicEntry, Segment } from '../records.ts';

/** What a DynamicEntry weighs once decoded. */
const decodedSize = 64;

/**
 * The entries that a loader finds: from p_vaddr of PT_DYNAMIC, through memory, to DT_NULL. p_filesz does not
 * end them, because neither glibc nor musl asks it. Only where nothing is mapped at the address does p_offset count.
 */
export function readDynamic(
  bytes: Bytes,
  layout: Layout,
  segment: Segment | undefined,
  addresses: AddressMap,
  budget: Budget,
): readonly DynamicEntry[] | null {
  if (segment === undefined) return null;
  const table = addresses.bytesFrom(segment.address) ?? elsewhere(bytes, segment, addresses);
  // A debug-only file keeps the program header and drops the bytes.
  if (table === null) return null;
  return entriesBefore(table, layout, budget);
}

function elsewhere(bytes: Bytes, segment: Segment, addresses: AddressMap): LoadedBytes | null {
  if (segment.fileSize === 0n) return null;
  if (addresses.pieceAt(segment.address) !== null) {
    throw new MalformedElf(
      `PT_DYNAMIC is at address ${hex(segment.address)}, where memory holds no bytes of the file`,
    );
  }
  const offset = narrow(segment.offset, 'the offset of PT_DYNAMIC');
  const length = narrow(segment.fileSize, 'the size of PT_DYNAMIC');
  // All of it must be there.
  const table = bytes.read(offset, length);
  return { ...bytesOf(table), offset, zeroPadded: false };
}

function entriesBefore(
  table: LoadedBytes,
  layout: Layout,
  budget: Budget,
): readonly DynamicEntry[] {
  const size = layout.bits === 64 ? 16 : 8;
  const decode = layout.bits === 64 ? entry64 : entry32;
  const little = isLittleEndian(layout);
  const near = new TableWindow(table);
  const entries: DynamicEntry[] = [];
  for (let at = 0; at + size <= table.size; at += size) {
    const place = near.place(at, size);
    const entry = decode(near.view, place, little);
    if (entry.tag === DT.NULL) return notEmpty(entries, table);
    budget.spend(decodedSize);
    entries.push(entry);
  }
  if (table.zeroPadded) return notEmpty(entries, table);
  throw new MalformedElf(
    `no DT_NULL ends the dynamic section at offset 0x${table.offset.toString(16)}`,
  );
}

/** DT_STRTAB, DT_SYMTAB and their sizes are mandatory (gABI chapter 5): without an entry, the bytes were wiped. */
function notEmpty(entries: readonly DynamicEntry[], table: LoadedBytes): readonly DynamicEntry[] {
  if (entries.length > 0) return entries;
  throw new MalformedElf(`the dynamic section at offset 0x${table.offset.toString(16)} is empty`);
}

function entry64(view: DataView, at: number, little: boolean): DynamicEntry {
  return {
    tag: Number(view.getBigInt64(at, little)),
    value: view.getBigUint64(at + 8, little),
  };
}

function entry32(view: DataView, at: number, little: boolean): DynamicEntry {
  return {
    tag: view.getInt32(at, little),
    value: BigInt(view.getUint32(at + 4, little)),
  };
}
