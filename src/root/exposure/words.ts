/** Words of a text that may name a file. */
export interface Words {
  /** As they stand. */
  readonly plain: ReadonlySet<string>;
  /** What stands behind a variable or a home, with its slash: it begins in a folder that is not known. */
  readonly ends: ReadonlySet<string>;
}

/** PATH_MAX */
export const longestWord = 4095;

/**
 * Each once; punctuation at the end of a sentence or of a line of YAML is not part of it. A shell removes quotes, so
 * that `"/usr/bin"/tool` is one word: both readings count.
 */
export function wordsOf(text: string): Words {
  const plain = new Set<string>();
  const ends = new Set<string>();
  const joined = text.replace(/\\\r?\n/g, '');
  addWords(joined, plain, ends);
  if (/["'\\]/.test(joined)) addWords(joined.replace(/["'\\]/g, ''), plain, ends);
  return { plain, ends };
}

function addWords(text: string, plain: Set<string>, ends: Set<string>): void {
  for (const { 0: found, index } of text.matchAll(/[^\s"'`\\(){}<>[\]=;|&$:,]+/g)) {
    if (found.length > longestWord) continue;
    const slash = found.indexOf('/');
    const before = text.charAt(index - 1);
    // `$DIR/tool`, `~/tool`, `%h/tool`, and `${DIR}/tool`, `$(pwd)/tool`.
    if (before === '$' || /^[~%]/.test(found)) {
      if (slash > 0) ends.add(found.slice(slash));
      plain.add(found);
    } else if (/^[-@+!*?#]/.test(found)) {
      // `-/usr/bin/tool` in units and inittabs, `-c/app/settings`.
      if (slash > 0) plain.add(found.slice(slash));
      else if (!found.startsWith('-')) plain.add(found);
    } else {
      plain.add(found);
      if (slash === 0 && /[})"'`]/.test(before)) ends.add(found);
    }
  }
}

/** Values that a text gives PATH, as folders. */
export function foldersOfPath(text: string): readonly string[] {
  const folders: string[] = [];
  for (const [, value = ''] of text.matchAll(/\bPATH=["']?([^\s"';|&]+)/g))
    for (const folder of value.split(':', 64)) if (folder.startsWith('/')) folders.push(folder);
  return folders;
}
