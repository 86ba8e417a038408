import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../test/support/repository.ts';

export const samplesFolder = join(repositoryRoot, 'samples');

/** Small ones, so that a run takes milliseconds; they hold every table that large ones do. */
const largestSample = 48 * 1024;

/** Names of the ELF samples, sorted. */
export function elfSampleNames(): readonly string[] {
  const folder = join(samplesFolder, 'elf');
  return readdirSync(folder)
    .filter((name) => /^[a-z0-9_]+-[a-z]+-/.test(name))
    .filter((name) => statSync(join(folder, name)).size <= largestSample)
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
