import type { RandomAccess } from '../../archive/random-access.ts';
import { readGpt } from './gpt.ts';
import { isMbr, readMbr } from './mbr.ts';
import type { Partition } from './partition.ts';

/** Sizes of sectors that disks have. */
const sectorSizes = [512, 4096];

const gptMagic = 'EFI PART';

export function isPartitioned(head: Buffer): boolean {
  return gptSectorSize(head) !== null || isMbr(head);
}

/** Partitions in the order of the table. Throws MalformedArchive. */
export async function readPartitions(file: RandomAccess): Promise<readonly Partition[]> {
  const head = await file.read(0, 2 * 4096);
  const sectorSize = gptSectorSize(head);
  return sectorSize === null ? readMbr(file) : readGpt(file, sectorSize);
}

/** GPT has a table of the old kind in front, which holds one partition over everything. */
function gptSectorSize(head: Buffer): number | null {
  const found = sectorSizes.find(
    (size) => head.toString('latin1', size, size + gptMagic.length) === gptMagic,
  );
  return found ?? null;
}
