import { MalformedInput } from '../../base/errors.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { readExactly } from '../exact-read.ts';

/** The content of the first sector (Microsoft, FAT: General Overview of On-Disk Format 1.03). Places are in bytes. */
export interface Volume {
  readonly kind: 'FAT12' | 'FAT16' | 'FAT32';
  readonly clusterSize: number;
  /** Clusters have the numbers from 2 to this and one more. */
  readonly clusters: number;
  readonly table: number;
  readonly tableSize: number;
  /** The root directory has a place of its own, or is a chain of clusters. */
  readonly root:
    | { readonly where: 'place'; readonly offset: number; readonly size: number }
    | { readonly where: 'chain'; readonly cluster: number };
  /** Where cluster 2 begins. */
  readonly content: number;
}

const bootSectorSize = 512;

/** By the jump in front and sizes that only a boot sector has; the signature at its end is that of any disk. */
export function isFat(head: Buffer): boolean {
  if (head.length < bootSectorSize) return false;
  const jumps = (head[0] === 0xeb && head[2] === 0x90) || head[0] === 0xe9;
  const tables = head[16] ?? 0;
  return (
    jumps &&
    [512, 1024, 2048, 4096].includes(head.readUInt16LE(11)) &&
    isPowerOfTwo(head[13] ?? 0) &&
    head.readUInt16LE(14) > 0 &&
    (tables === 1 || tables === 2) &&
    (head[21] ?? 0) >= 0xf0 &&
    (head.readUInt16LE(19) > 0 || head.readUInt32LE(32) > 0) &&
    (head.readUInt16LE(22) > 0 || head.readUInt32LE(36) > 0)
  );
}

/** Throws MalformedInput. */
export async function readVolume(file: RandomAccess): Promise<Volume> {
  const head = await readExactly(file, 0, bootSectorSize, 'the boot sector of FAT');
  if (!isFat(head)) throw new MalformedInput('no boot sector of FAT begins here');
  const sector = head.readUInt16LE(11);
  const clusterSize = sector * (head[13] ?? 1);
  const table = head.readUInt16LE(14) * sector;
  const tableSize = (head.readUInt16LE(22) || head.readUInt32LE(36)) * sector;
  const rootPlace = table + tableSize * (head[16] ?? 1);
  const rootSize = head.readUInt16LE(17) * 32;
  const content = rootPlace + Math.ceil(rootSize / sector) * sector;
  const total = (head.readUInt16LE(19) || head.readUInt32LE(32)) * sector;
  const clusters = Math.floor((total - content) / clusterSize);
  if (clusters < 1)
    throw new MalformedInput(`FAT has ${total} bytes, its content begins at ${content}`);
  const kind = kindOf(clusters, head);
  return {
    kind,
    clusterSize,
    clusters,
    table,
    tableSize,
    root:
      kind === 'FAT32'
        ? { where: 'chain', cluster: head.readUInt32LE(44) }
        : { where: 'place', offset: rootPlace, size: rootSize },
    content,
  };
}

/** The number of clusters decides, and nothing else; but FAT32 alone has no short size of a table. */
function kindOf(clusters: number, head: Buffer): Volume['kind'] {
  if (head.readUInt16LE(22) === 0) return 'FAT32';
  return clusters < 4085 ? 'FAT12' : 'FAT16';
}

function isPowerOfTwo(value: number): boolean {
  return value > 0 && (value & (value - 1)) === 0;
}
