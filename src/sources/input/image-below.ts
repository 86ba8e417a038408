import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../base/problem.ts';
import type { DirectoryInput } from './input.ts';

/** Folders that are looked into. */
const mostFolders = 1000;

/** Files by which a folder is an unpacked image: an OCI layout, what skopeo writes to `dir:`, and what `docker save` writes. */
const documents: readonly (readonly string[])[] = [
  ['oci-layout', 'index.json'],
  ['version', 'manifest.json'],
  ['repositories', 'manifest.json'],
];

/** Its layers would be read as archives of their own, with files that later layers remove: who names the folder means the image. */
export function imageBelow({ path, name, names, holds }: DirectoryInput): Problem | null {
  if (holds !== 'other') return null;
  const folder = names
    .slice(0, mostFolders)
    .find((each) =>
      documents.some((files) => files.every((file) => existsSync(join(path, each, file)))),
    );
  return folder === undefined ? null : problem(name, folder, `scan ${name}/${folder}`);
}

/** The same of an archive, by the clean names of its entries. */
export class NamesBelow {
  readonly #found = new Map<string, Set<string>>();

  add(name: string): void {
    const slash = name.indexOf('/');
    const file = name.slice(slash + 1);
    if (!names.has(file)) return;
    const folder = name.slice(0, Math.max(slash, 0));
    const found = this.#found.get(folder) ?? new Set();
    if (this.#found.size < mostFolders) this.#found.set(folder, found.add(file));
  }

  /** At the top of a tar it is the image that is read. */
  inTar(where: string): Problem | null {
    const folder = this.#first();
    if (folder === undefined || folder === '') return null;
    return problem(where, folder, `unpack it and scan ${folder}, or pack what is in ${folder}`);
  }

  inArchive(where: string): Problem | null {
    const folder = this.#first();
    if (folder === undefined) return null;
    return problem(where, folder, `unpack it and scan ${folder === '' ? 'the folder' : folder}`);
  }

  #first(): string | undefined {
    for (const [folder, found] of this.#found)
      if (documents.some((files) => files.every((file) => found.has(file)))) return folder;
    return undefined;
  }
}

const names: ReadonlySet<string> = new Set(documents.flat());

function problem(where: string, folder: string, remedy: string): Problem {
  const what = folder === '' ? 'it' : `${folder} in it`;
  const message = `${what} is an unpacked image, and its layers were read as archives of their own; ${remedy}`;
  return { kind: 'damaged', where, message };
}
