import { normalisePath } from '../../../base/normalise-path.ts';
import { longestPath } from '../kernel/walk-path.ts';
import type { SeenImage } from '../seen-image.ts';
import { brief } from '../start.ts';
import { pathVariable, usualPath } from './environment.ts';

/** Where ENTRYPOINT and CMD's first word leads, as a name for the image's start: links are not followed. */
export function namedPath({ root, config }: SeenImage, word: string): string {
  if (word.length + config.workingDirectory.length > longestPath) return brief(word);
  if (word.includes('/'))
    return normalisePath(word.startsWith('/') ? word : `${config.workingDirectory}/${word}`);
  for (const folder of pathVariable(config).split(':', mostFolders)) {
    if (!folder.startsWith('/')) continue;
    const path = normalisePath(`${folder}/${word}`);
    if (root.resolve(path)?.type === 'file') return path;
  }
  return word;
}

/** Folders of PATH that are searched: more than any person writes. */
export const mostFolders = 1000;

/** The path of a name in a folder of PATH; an empty one is the working directory. */
export function inFolder(folder: string, name: string): string {
  return folder === '' ? name : `${folder.replace(/\/+$/, '')}/${name}`;
}

/** Where a program searches that is not the runtime: by PATH of its own environment. */
export function pathsOf(
  word: string,
  { environment }: { readonly environment: ReadonlyMap<string, string> },
): readonly string[] {
  if (word === '') return [];
  const folders = (environment.get('PATH') ?? usualPath).split(':', mostFolders + 1);
  return folders.map((folder) => inFolder(folder, word));
}
