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
  const joined = text
    .replace(/\\\r?\n/g, '')
    .replace(ofProcess, (_, link: string) => (link === 'root' ? '' : '.'));
  addWords(joined, plain, ends);
  const bare = /["'\\]/.test(joined) ? joined.replace(/["'\\]/g, '') : joined;
  if (bare !== joined) addWords(bare, plain, ends);
  const defaults = bare.includes('${') ? bare.replace(beforeDefault, ' ') : bare;
  if (defaults !== bare) addWords(defaults, plain, ends);
  for (const pattern of patternsOf(bare)) addWords(pattern, plain, ends);
  return { plain, ends };
}

/** `/proc/self/root/usr/bin/tool` is `/usr/bin/tool`. */
const ofProcess =
  /\/proc\/(?:self|thread-self|\d+|\$\$|\$\{?\w+\}?)\/(?:task\/[^/\s]+\/)?(root|cwd)(?=\/)/g;

/** `${NAME:-tool}`, `${NAME=tool}`, `${NAME/a/tool}`: what stands in place of a variable. */
const beforeDefault = /\$\{(?:\w+|[@*#?!])(?:\[[^\]\s]*\])?(?::?[-=+?]|\/{1,2}[^/}\s]*\/)/g;

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

/** More of them are a list of something else. */
const mostPatterns = 1024;
const mostBraced = 64;

/** Words with braces and classes of characters: `/opt/bin/{tool,x}`, `/opt/bin/[t]ool`. Of too many braces each is any name. */
function patternsOf(text: string): readonly string[] {
  const patterns: string[] = [];
  if (!text.includes('{') && !text.includes('[')) return patterns;
  for (const [word] of text.matchAll(/[^\s`()<>=;|&:]+/g)) {
    if (word.length > longestWord || !word.includes('/') || !/[{[]/.test(word)) continue;
    for (const each of bracesOf(word)) {
      const pattern = each.replace(/\[[^\]/]+\]/g, '?');
      if (pattern !== word) patterns.push(pattern);
    }
    if (patterns.length > mostPatterns) break;
  }
  return patterns;
}

/** The innermost first, but for those of a variable. */
function bracesOf(word: string): readonly string[] {
  let words = [word];
  for (let round = 0; round < 8; round += 1) {
    const next: string[] = [];
    for (const each of words) {
      const found = /(?<!\$)\{([^{}]*(?:,|\.\.)[^{}]*)\}/.exec(each);
      if (found === null) {
        next.push(each);
        continue;
      }
      const [braces, inside = ''] = found;
      const parts =
        inside.includes(',') && words.length < mostBraced
          ? inside.split(',', mostBraced + 1)
          : ['*'];
      const before = each.slice(0, found.index);
      const behind = each.slice(found.index + braces.length);
      for (const part of parts.length > mostBraced ? ['*'] : parts)
        next.push(`${before}${part}${behind}`);
    }
    words = next;
  }
  return words.map((each) => each.replace(/(?<!\$)\{[^{}]*\}/g, '*'));
}

/** Values that a text gives PATH, as folders. */
export function foldersOfPath(text: string): readonly string[] {
  const folders: string[] = [];
  for (const [, value = ''] of text.matchAll(/\bPATH=["']?([^\s"';|&]+)/g))
    for (const folder of value.split(':', 64)) if (folder.startsWith('/')) folders.push(folder);
  return folders;
}
