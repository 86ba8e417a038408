import { decompress } from '../../archive/decompress.ts';
import type { EntryWalk } from '../../archive/entry.ts';
import { tarEntries } from '../../archive/tar/tar-stream.ts';
import type { Limits } from '../../base/limits.ts';
import type { FileInput } from '../input/input.ts';

/** Every entry, read as a stream from the beginning. */
export function tarWalk({ file }: FileInput, limits: Limits): EntryWalk {
  return tarEntries(decompress(file.stream(0, file.size), limits), limits);
}
