import type { EntryWalk } from '../../archive/entry.ts';
import type { Limits } from '../../base/limits.ts';
import type { Problem } from '../../base/problem.ts';
import { problemOf } from '../../base/problem-of.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { printableName } from '../../base/text.ts';
import type { Report } from '../../filesystems/inode.ts';
import { expectFormat } from '../input/expect-input.ts';
import type { FileInput, FileSystemFormat, Input } from '../input/input.ts';
import type { Source, SourceOptions, Target } from '../source.ts';
import { rootTarget } from './root-target.ts';

type Read = (file: RandomAccess, limits: Limits, report: Report) => EntryWalk;

/** Loaded when they are needed. */
const readers: Readonly<Record<FileSystemFormat, () => Promise<Read>>> = {
  squashfs: async () => (await import('../../filesystems/squashfs/squashfs.ts')).squashfsEntries,
  iso: async () => (await import('../../filesystems/iso9660/iso9660.ts')).isoEntries,
  ext4: async () => (await import('../../filesystems/ext/ext.ts')).extEntries,
  fat: async () => (await import('../../filesystems/fat/fat.ts')).fatEntries,
};

/** Every file of the file system; what is wrong with one of them is passed to `report` and hides no other. */
export function fileSystemWalk(
  file: RandomAccess,
  format: FileSystemFormat,
  limits: Limits,
): (report: (problem: Problem) => void) => EntryWalk {
  return async function* (report) {
    const read = await readers[format]();
    yield* read(file, limits, (path, error) => report(problemOf(error, printableName(`/${path}`))));
  };
}

/** Messages from unpacking the image. */
export function problemsOfImage({ name, damage, notices }: FileInput): readonly Problem[] {
  return [
    ...(damage === null ? [] : [problemOf(damage, name)]),
    ...notices.map((message) => ({ kind: 'notice', where: name, message }) as const),
  ];
}

interface FileSystemSource extends Pick<Source, 'summary' | 'recognised' | 'endings'> {
  readonly scheme: FileSystemFormat;
  /** For the error that another file gets. */
  readonly expected: string;
}

/** The source of the images of one kind of file system. */
export function fileSystemSource({ expected, ...declared }: FileSystemSource): Source {
  const { scheme } = declared;
  return {
    ...declared,
    opens: 'file systems',
    async claims(input: Input) {
      return input.kind === 'file' && input.format === scheme ? 'certain' : 'no';
    },
    async open(given: Input, options: SourceOptions): Promise<readonly Target[]> {
      const input = expectFormat(given, options, scheme, expected);
      const { name, file } = input;
      const walk = fileSystemWalk(file, scheme, options.limits);
      const target = rootTarget(name, scheme, file.size, walk);
      return [{ ...target, problems: problemsOfImage(input) }];
    },
  };
}
