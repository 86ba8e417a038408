import { basename } from 'node:path';
import type { Entry } from '../../archive/entry.ts';
import { partOf } from '../../base/random-access.ts';
import type { FileInput } from '../input/input.ts';

/** Behind the name of the program: no file inside has a name that ends so but by malice. */
export const runtimeMark = '!runtime';

/** Called as the file that it begins. `size`: bytes of it. */
export function runtimeOf({ name, file, mode, uid, gid }: FileInput, size: number): Entry {
  const content = partOf(file, 0, size);
  return {
    path: basename(name) + runtimeMark,
    type: 'file',
    size,
    mode,
    uid,
    gid,
    linkTarget: '',
    capability: null,
    body: () => content.stream(0, size),
  };
}
