import type { RandomAccess } from '../../base/random-access.ts';
import { readGpt, readGptCopy } from './gpt.ts';
import { isMbr, readMbr } from './mbr.ts';
import type { Partition } from './partition.ts';

/** Sizes of sectors that disks have. */
const sectorSizes = [512, 4096];

const gptMagic = 'EFI PART';

export function isPartitioned(head: Buffer): boolean {
  return gptSectorSize(head) !== null || isMbr(head);
}

/**
 * Partitions in the order of the table, and behind them those that only another table of the disk has: of a GPT there are two
 * copies, and one of the old kind in front, which Linux takes where it is more than a cover. Throws MalformedInput.
 */
export async function readPartitions(file: RandomAccess): Promise<readonly Partition[]> {
  const head = await file.read(0, 2 * 4096);
  const sectorSize = gptSectorSize(head);
  if (sectorSize === null) return readMbr(file);
  const partitions = [...(await readGpt(file, sectorSize))];
  addOthers(partitions, await readGptCopy(file, sectorSize), 'the copy of the GPT');
  if (isMbr(head)) addOthers(partitions, (await readMbr(file)).filter(isNoCover), 'the MBR');
  return partitions;
}

function addOthers(all: Partition[], others: readonly Partition[], table: string): void {
  for (const other of others) {
    const isKnown = all.some(({ offset }) => offset === other.offset);
    if (!isKnown) all.push({ ...other, name: `${other.name} of ${table}` });
  }
}

/** Type ee covers the disk for programs that do not know GPT. */
function isNoCover({ type }: Partition): boolean {
  return type !== 'ee';
}

/** GPT has a table of the old kind in front, which holds one partition over everything. */
function gptSectorSize(head: Buffer): number | null {
  const found = sectorSizes.find(
    (size) => head.toString('latin1', size, size + gptMagic.length) === gptMagic,
  );
  return found ?? null;
}
