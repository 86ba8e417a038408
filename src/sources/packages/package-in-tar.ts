import { decompress } from '../../archive/decompress.ts';
import type { EntryWalk } from '../../archive/entry.ts';
import { tarEntries } from '../../archive/tar/tar-stream.ts';
import { MissingPart } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { cleanName } from '../files/path-in-archive.ts';
import type { FileInput } from '../input/input.ts';

/** Every entry, read as a stream from the beginning. */
export function tarWalk({ file }: FileInput, limits: Limits): EntryWalk {
  return tarEntries(decompress(file.stream(0, file.size), limits), limits);
}

/** The entries of the tars in it, compressed or not, that have such a name. Throws MissingPart with `missing` if there is none. */
export async function* tarInTar(
  input: FileInput,
  isPart: (name: string) => boolean,
  missing: string,
  limits: Limits,
): EntryWalk {
  let found = false;
  for await (const entry of tarWalk(input, limits)) {
    if (entry.type !== 'file' || !isPart(cleanName(entry.path))) continue;
    found = true;
    yield* tarEntries(decompress(entry.body(), limits), limits);
  }
  if (!found) throw new MissingPart(missing);
}
