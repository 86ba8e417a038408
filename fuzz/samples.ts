import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../test/support/repository.ts';

export const samplesFolder = join(repositoryRoot, 'samples');

/** In bytes. Runs of small ones take milliseconds, and they hold every table that large ones do. */
const largestSmall = 48 * 1024;

/** Names of the small ELF samples, sorted. */
export function elfSampleNames(): readonly string[] {
  return namesWhere((size) => size <= largestSmall);
}

/** Those of more code, more symbols and longer tables, up to some hundred KiB. */
export function largeElfSampleNames(): readonly string[] {
  return namesWhere((size) => size > largestSmall);
}

function namesWhere(isWanted: (size: number) => boolean): readonly string[] {
  const folder = join(samplesFolder, 'elf');
  return readdirSync(folder)
    .filter((name) => /^[a-z0-9_]+-[a-z]+-/.test(name))
    .filter((name) => isWanted(statSync(join(folder, name)).size))
    .sort();
}

export function readElfSample(name: string): Buffer {
  return readFileSync(join(samplesFolder, 'elf', name));
}

export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
