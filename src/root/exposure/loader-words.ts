/** Where a text has the loader look: patterns of files, as words and as ends behind a folder that is not known. */
export interface LoaderWords {
  readonly words: readonly string[];
  readonly ends: readonly string[];
}

const folders = /(?:LD_LIBRARY_PATH=|--library-path[= ][ \t]*)["']?([^\s"';|&]+)/g;
const libraries =
  /(?:LD_(?:PRELOAD|AUDIT)=|--(?:preload|audit)[= ][ \t]*)("[^"]*"|'[^']*'|[^\s;|&]+)/g;
const mostEach = 64;

/** They are searched anyway, and hold what no program of the image requires by name. */
const searchedAnyway = /^\/(usr\/)?(local\/)?lib\w*(\/[\w-]+-linux-\w+)?\/?$/;
const system = [
  '/lib',
  '/lib64',
  '/lib/*',
  '/usr/lib',
  '/usr/lib64',
  '/usr/lib/*',
  '/usr/local/lib',
];

/** `export LD_LIBRARY_PATH=/opt/l`, `LD_PRELOAD=libx.so`, `ld.so --preload libx.so --library-path /opt/l`. */
export function loaderWords(text: string): LoaderWords {
  const words: string[] = [];
  const ends: string[] = [];
  if (!/LD_|--(library-path|preload|audit)/.test(text)) return { words, ends };
  for (const [, value = ''] of text.matchAll(folders))
    for (const folder of value.split(/[:;]/, mostEach)) {
      if (folder === '' || searchedAnyway.test(folder) || words.length > mostEach) continue;
      if (folder.startsWith('/')) words.push(`${folder}/*`, `${folder}/glibc-hwcaps/*/*`);
      else if (!folder.startsWith('$')) ends.push(`/${folder}/*`);
      else if (folder.includes('/')) ends.push(`${folder.slice(folder.indexOf('/'))}/*`);
    }
  for (const [, value = ''] of text.matchAll(libraries))
    for (const name of value.split(/[:\s"']+/, mostEach))
      if (/^[\w.+-]+$/.test(name) && words.length < 16 * mostEach)
        words.push(...system.map((folder) => `${folder}/${name}`));
  return { words, ends };
}
