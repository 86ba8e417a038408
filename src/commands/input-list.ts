// supporting: images named in a file
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../base/errors.ts';
import type { Surroundings } from './command.ts';

/**
 * One reference per line; empty lines and lines that begin with `#` are ignored. `-` is standard input. Paths are
 * relative to the working directory, not to the list. Throws UsageError.
 */
export function readInputList(file: string | undefined, { cwd }: Surroundings): readonly string[] {
  if (file === undefined) return [];
  if (Array.isArray(file)) throw new UsageError('--input-list was given more than once');
  const lines = textOf(file, cwd).split(/\r?\n/);
  const references = lines.map((line) => line.trim()).filter((line) => !/^(?:$|#)/.test(line));
  if (references.length > 0) return references;
  throw new UsageError(`--input-list ${file} is empty`);
}

const standardInput = 0;

function textOf(file: string, cwd: string): string {
  try {
    return readFileSync(file === '-' ? standardInput : resolve(cwd, file), 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`--input-list ${file} cannot be read: ${why}`);
  }
}
