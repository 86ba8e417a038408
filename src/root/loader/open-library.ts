import type { Root } from '../../layers/root.ts';
import {
  type LoadedObject,
  type Located,
  type ProcessImage,
  sameArchitecture,
} from './process-image.ts';

/**
 * Opens a library candidate inside the root; null where the loader would look further.
 * `take`: the first file that exists counts, even when it cannot be loaded (musl).
 * `skip`: a file of another class or machine is passed over (glibc, open_verify).
 */
export function openLibrary(
  root: Root,
  path: string,
  requester: LoadedObject,
  image: ProcessImage,
  unsuitable: 'take' | 'skip',
): Located | null {
  const entry = root.resolve(path);
  if (entry === undefined) return null;
  const loaded = image.objects.find((object) => object.entry.inode === entry.inode);
  if (loaded !== undefined) return { outcome: 'loaded', object: loaded };
  const extraction = entry.elf === null ? undefined : root.extractions.get(entry.elf);
  if (extraction === undefined) return wrongFile(path, 'is no ELF file', unsuitable);
  if (!extraction.linking.known) {
    return {
      outcome: 'undecided',
      because: `${path} cannot be read: ${extraction.linking.because}`,
    };
  }
  const tables = extraction.linking.value;
  if (!sameArchitecture(tables, image.program.tables))
    return wrongFile(path, 'is for another machine', unsuitable);
  return {
    outcome: 'new',
    object: { entry, sha256: extraction.sha256, tables, openedAs: path, requester },
  };
}

function wrongFile(path: string, because: string, unsuitable: 'take' | 'skip'): Located | null {
  if (unsuitable === 'skip') return null;
  return { outcome: 'missing', searched: [path], because: `${path} ${because}` };
}
