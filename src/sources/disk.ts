import { type DamagedInput, MalformedInput, UnsupportedFormat } from '../base/errors.ts';
import type { Problem } from '../base/problem.ts';
import { partOf } from '../base/random-access.ts';
import type { Partition } from '../filesystems/disk/partition.ts';
import { otherContent } from '../filesystems/disk/partition-content.ts';
import { readPartitions } from '../filesystems/disk/partition-table.ts';
import { expectFormat } from './input/expect-input.ts';
import { fileSystemOf, headSize } from './input/file-format.ts';
import type { FileInput } from './input/input.ts';
import { fileSystemWalk, problemsOfImage } from './root/file-system-target.ts';
import { rootTarget } from './root/root-target.ts';
import type { Source, SourceOptions, Target } from './source.ts';

const scheme = 'disk';

/** Each partition with a file system that can be read is a target; the others are named in the first one. */
export default {
  scheme,
  summary: 'an image of a disk with a table of partitions (MBR, GPT)',
  recognised: 'a GPT, or a table of MBR with valid entries',
  opens: 'file systems',
  endings: ['img'],
  async claims(input) {
    return input.kind === 'file' && input.format === scheme ? 'certain' : 'no';
  },
  async open(given, options) {
    const input = expectFormat(
      given,
      options,
      scheme,
      'an image of a disk: it has no table of partitions',
    );
    const targets: Target[] = [];
    const problems: Problem[] = [...problemsOfImage(input)];
    const partitions = await readPartitions(input.file);
    for (const [index, partition] of partitions.entries()) {
      const other = partitions.slice(0, index).find((each) => overlap(each, partition));
      const found =
        other === undefined
          ? await openPartition(input, partition, options)
          : overlapping(partition, other);
      if ('layers' in found) targets.push(found);
      else problems.push(found);
    }
    const [first, ...rest] = targets;
    if (first === undefined) throw nothingToRead(problems);
    return [{ ...first, problems: [...problems, ...first.problems] }, ...rest];
  },
} satisfies Source;

/** Nothing is damaged where the file systems are only of another kind. */
function nothingToRead(problems: readonly Problem[]): DamagedInput {
  const found = problems.map(({ where, message }) => `${where} ${message}`).join('; ');
  const message = `no partition holds a file system that is read: ${found || 'there is none'}`;
  return problems.some(({ kind }) => kind === 'damaged')
    ? new MalformedInput(message)
    : new UnsupportedFormat(message);
}

/** One file system in many partitions would be read as often. */
function overlap(a: Partition, b: Partition): boolean {
  return a.offset < b.offset + b.size && b.offset < a.offset + a.size;
}

function overlapping(partition: Partition, other: Partition): Problem {
  const message = `lies over ${other.name}: left out`;
  return { kind: 'damaged', where: placeOf(partition), message };
}

function placeOf({ name, label }: Partition): string {
  return `${name}${label === '' ? '' : ` (${label})`}`;
}

/** A problem where it holds no file system that is read. */
export async function openPartition(
  { name, file }: FileInput,
  partition: Partition,
  { limits }: SourceOptions,
): Promise<Target | Problem> {
  const { offset, size } = partition;
  const where = placeOf(partition);
  const bytes = partOf(file, offset, size);
  if (bytes.size < size)
    return {
      kind: 'damaged',
      where,
      message: `begins at byte ${offset} and has ${size} bytes, but the image ends after ${file.size}`,
    };
  const format = fileSystemOf(await bytes.read(0, headSize));
  if (format !== null)
    return rootTarget(
      `${name}!${partition.name}`,
      format,
      size,
      fileSystemWalk(bytes, format, limits),
    );
  const { what, mayHoldFiles } = await otherContent(bytes, partition.type);
  return { kind: mayHoldFiles ? 'unsupported' : 'notice', where, message: `holds ${what}` };
}
