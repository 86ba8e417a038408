import { UsageError } from '../../base/errors.ts';
import { parseReference } from '../registry/reference.ts';
import type { SourceOptions } from '../source.ts';
import type { DirectoryInput, FileFormat, FileInput, Input } from './input.ts';

/** For an explicit scheme on the wrong kind of input. Throws UsageError. */
export function expectFile(input: Input, scheme: string): FileInput {
  if (input.kind === 'file') return input;
  throw new UsageError(`${scheme} reads a file, but ${input.name} is a directory`);
}

export function expectDirectory(input: Input, scheme: string): DirectoryInput {
  if (input.kind === 'directory') return input;
  throw new UsageError(`${scheme} reads a directory, but ${input.name} is a file`);
}

/** For an explicit scheme on a file that is something else. */
export function notThis({ name }: Input, expected: string): UsageError {
  return new UsageError(`${name} is not ${expected}`);
}

/** For what has to be a tar, raw or in any compression that is read. */
export function notTar({ name }: Input): UsageError {
  return new UsageError(
    `${name} is not a tar, raw or compressed by gzip, zstd, xz, bzip2, lzma, lzip, lz4 or lzop`,
  );
}

/** For sources that hold one thing, not images to choose from. Throws UsageError. */
export function refuseChoice(input: Input, options: SourceOptions, scheme: string): void {
  if (options.platform !== null) {
    throw new UsageError(
      `--platform chooses among images, and ${scheme}:${input.name} is not an image`,
    );
  }
  if (input.selector !== null) {
    const reference = `${input.name}:${input.selector}`;
    const other =
      parseReference(reference) === null ? '' : `; an image in a registry is registry:${reference}`;
    throw new UsageError(
      `"${input.selector}" chooses among images, and ${scheme}:${input.name} is not an image${other}`,
    );
  }
}

/** For sources of one thing, whose files have a format of the scheme's name. Throws UsageError. */
export function expectFormat(
  given: Input,
  options: SourceOptions,
  scheme: FileFormat,
  expected: string,
): FileInput {
  const input = expectFile(given, scheme);
  refuseChoice(input, options, scheme);
  if (input.format !== scheme) throw notThis(input, expected);
  return input;
}
