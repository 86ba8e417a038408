import { DamagedInput } from '../../base/errors.ts';
import type { Problem } from '../../base/problem.ts';
import { problemOf } from '../../base/problem-of.ts';
import type { Partition } from '../../filesystems/disk/partition.ts';
import { isPartitioned, readPartitions } from '../../filesystems/disk/partition-table.ts';
import { isExt } from '../../filesystems/ext/superblock.ts';
import { isFat } from '../../filesystems/fat/boot-sector.ts';
import { hasUdf, isIso9660 } from '../../filesystems/iso9660/volume.ts';
import { unreadError, unreadIn, unreadText } from '../../unread/unread.ts';
import { withoutMagic } from '../../unread/without-magic.ts';
import { openPartition } from '../disk.ts';
import { withProblems } from '../image/two-readings.ts';
import { unreadBehindElf } from '../nested/behind-elf.ts';
import type { SourceOptions, Target } from '../source.ts';
import { fileSystemOf, headSize, isFileSystem, looksLikeTar } from './file-format.ts';
import { imageAsWell } from './image-as-well.ts';
import type { FileFormat, FileInput, Input } from './input.ts';

/** Their marks lie at different places, so that a file can have several of them. */
const readings: readonly (readonly [FileFormat, string, (head: Buffer) => boolean])[] = [
  ['tar', 'a tar', looksLikeTar],
  ['iso', 'an ISO 9660 image', isIso9660],
  ['ext4', 'an ext2, ext3 or ext4 file system', isExt],
  ['fat', 'a FAT file system', isFat],
];

/**
 * `targets` were read from the file by its first mark. A program that looks for another mark first, as `mount` may,
 * finds other files in it: that is reported, and the partitions of a table are read too.
 */
export async function withOtherReadings(
  input: Input,
  targets: readonly Target[],
  options: SourceOptions,
): Promise<readonly Target[]> {
  const image = await imageAsWell(input, targets, options.limits);
  const further = input.kind === 'file' ? await otherReadings(input, options) : nothingElse;
  const ofImage = image.problem === null ? [] : [image.problem];
  return withProblems([...image.targets, ...further.targets], [...further.problems, ...ofImage]);
}

interface Readings {
  readonly targets: readonly Target[];
  readonly problems: readonly Problem[];
}

const nothingElse: Readings = { targets: [], problems: [] };

async function otherReadings(input: FileInput, options: SourceOptions): Promise<Readings> {
  const { format, file, name } = input;
  const program = await withoutMagic(file);
  if (program !== null) return { targets: [], problems: [problemOf(unreadError(program), name)] };
  if (format === 'elf') {
    const behind = await unreadBehindElf(file);
    return { targets: [], problems: behind === null ? [] : [problemOf(behind, name)] };
  }
  if (format !== 'tar' && format !== 'disk' && !isFileSystem(format)) return nothingElse;
  const head = await file.read(0, Math.min(file.size, headSize));
  const hasTable = isFileSystem(format) && isPartitioned(head);
  const found = hasTable ? await inPartitions(input, options) : [];
  const further = found.flatMap((each) => ('layers' in each ? [each] : []));
  const problems = found.flatMap((each) => ('layers' in each ? [] : [each]));
  return { targets: further, problems: [...problems, ...(await otherFormats(input, head))] };
}

async function otherFormats({ name, file, format }: FileInput, head: Buffer): Promise<Problem[]> {
  const found: Problem[] = [];
  for (const [other, title, holds] of readings) {
    if (other === format || !holds(head)) continue;
    const message = `it is ${title} as well, which was not read: which of its files count differs by the program that reads it`;
    found.push({ kind: 'damaged', where: name, message });
  }
  const unread = await unreadIn(file);
  const udf =
    format === 'iso' && hasUdf(head) ? { name: 'a UDF file system', size: file.size } : null;
  for (const other of [unread, udf])
    if (other !== null)
      found.push({ kind: 'unsupported', where: name, message: `it is ${unreadText(other)}` });
  return found;
}

/**
 * An image for discs and sticks may have file systems behind it; the partition over the image itself is the same one.
 */
async function inPartitions(
  input: FileInput,
  options: SourceOptions,
): Promise<readonly (Target | Problem)[]> {
  const found: (Target | Problem)[] = [];
  for (const partition of await partitionsOf(input)) {
    const { offset } = partition;
    if (offset === 0 || offset >= input.file.size) continue;
    const head = await input.file.read(offset, headSize);
    if (fileSystemOf(head) !== null) found.push(await openPartition(input, partition, options));
  }
  return found;
}

/** A damaged table gives no partitions: the file system in front of it is still read. */
async function partitionsOf({ file }: FileInput): Promise<readonly Partition[]> {
  try {
    return await readPartitions(file);
  } catch (error) {
    if (error instanceof DamagedInput) return [];
    throw error;
  }
}
