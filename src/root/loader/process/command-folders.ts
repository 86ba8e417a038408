import type { ImageConfig } from '../../../base/image-config.ts';
import { normalisePath } from '../../../base/normalise-path.ts';
import { decodeName } from '../../../base/text.ts';
import type { Root } from '../../../layers/root.ts';
import { searchPath } from '../../exposure/search-path-of-shell.ts';

const setting = /(?<![\w])LD_LIBRARY_PATH=["']?([^\s;&|<>()"']*)/g;
/** Hostile commands are of any length. */
const mostFolders = 64;

/** Of a command as people write it. */
const mostWords = 16;

/** PATH_MAX */
const longestPath = 4095;

/** Texts of the scripts that a command names, as far as they are kept. */
export function scriptsOfCommand(root: Root, config: ImageConfig): readonly string[] {
  const words = [...config.entrypoint, ...config.cmd].slice(0, mostWords);
  return words.flatMap((word) => {
    if (word.length > longestPath || word.includes('\0')) return [];
    const paths = word.includes('/')
      ? [normalisePath(word.startsWith('/') ? word : `${config.workingDirectory}/${word}`)]
      : searchPath(config).map((folder) => `${folder}/${word}`);
    const path = paths.find((each) => root.resolve(each)?.shebang != null);
    const text = path === undefined ? undefined : root.text(path);
    return text === undefined ? [] : [decodeName(text)];
  });
}

/** Folders that the command of an image gives to the programs behind it: `env LD_LIBRARY_PATH=/opt/lib app`. */
export function commandFolders(words: readonly string[]): readonly string[] {
  const values = words.flatMap((word) => [...word.matchAll(setting)].map(([, value]) => value));
  return values
    .slice(0, mostFolders)
    .flatMap((value = '') => value.split(/[:;]/, mostFolders))
    .filter((folder) => folder.startsWith('/'))
    .slice(0, mostFolders);
}
