import type { Surroundings } from '../command.ts';
import { inChunks, type Pieces, writeOutputFile } from './output-file.ts';

/** To a file; null: to standard output. Throws UsageError when a file cannot be written. */
export async function writeOutput(
  path: string | null,
  pieces: Pieces,
  { stdout }: Pick<Surroundings, 'stdout'>,
): Promise<void> {
  if (path !== null) return writeOutputFile(path, pieces);
  for (const chunk of Buffer.isBuffer(pieces) ? [pieces] : inChunks(pieces))
    await stdout.write(chunk);
}
