/** Where a line of a script ends: inside quotes, of a here-document, or where that cannot be known. */
type State = 'plain' | 'single' | 'double' | 'unsure';

/** What stands between double quotes, as long as no quotes stand within it that are paired in another way. */
const insideDouble =
  /(?:[^"\\`$]|\\.|\$\{[^"'`\\{}]*\}|\$\((?:[^"'`\\()]|"(?:[^"'`\\()$]|\$[\w@*]+)*")*\)|\$(?![({]))*/y;
const plainly =
  /(?:[^'"\\`#$<]|\\.|\$\{[^"'`\\{}\s]*\}|\$(?![{'"])|<(?!<)|<<<|(?<![\s;&|()])(?<!^)#|`[^"'`\\#]*`)+/y;
const hereDocument = /<<(-?)[ \t]*(?:(['"])([\w.-]+)\2|\\?([\w.-]+))(?=[\s;|&)<>]|$)/y;

/** No person writes longer ones. */
const longestLine = 4096;

/**
 * Takes away what a script for a shell says to its readers. A line that begins with `#` may be a part of a quote or of a
 * here-document, so comments are cut only as far as it is sure that none is open; behind what can be read in two ways all stays.
 */
export function withoutComments(script: string): string {
  if (!script.includes('#')) return script;
  const lexer = new Lexer();
  return script
    .split('\n')
    .map((line, index) => (index === 0 && line.startsWith('#!') ? line : lexer.cut(line)))
    .join('\n');
}

class Lexer {
  #state: State = 'plain';
  #goesOn = false;
  readonly #documents: { readonly end: string; readonly isIndented: boolean }[] = [];

  /** The line without its comment, where there is one for sure. */
  cut(line: string): string {
    if (this.#state === 'unsure') return line;
    if (line.length > longestLine) this.#giveUp(line);
    const [document] = this.#documents;
    if (document !== undefined) {
      const end = document.isIndented ? line.replace(/^\t+/, '') : line;
      if (end === document.end && !this.#goesOn) this.#documents.shift();
      this.#goesOn = line.endsWith('\\');
      return line;
    }
    // `a\` and `#b` on the next line are one word.
    if (this.#goesOn && line.startsWith('#')) this.#state = 'unsure';
    this.#goesOn = false;
    let at = 0;
    while (at < line.length) {
      const next = this.#step(line, at);
      if (next === null) return line.slice(0, at);
      at = next;
    }
    // Where the here-document begins is not the next line then.
    if (this.#documents.length > 0 && (this.#state !== 'plain' || this.#goesOn)) this.#giveUp(line);
    return line;
  }

  /** Where reading goes on; null: a comment begins here. */
  #step(line: string, at: number): number | null {
    switch (this.#state) {
      case 'unsure':
        return line.length;
      case 'single': {
        const end = line.indexOf("'", at);
        if (end < 0) return line.length;
        this.#state = 'plain';
        return end + 1;
      }
      case 'double':
        return this.#inDouble(line, at);
      default:
        return this.#inPlain(line, at);
    }
  }

  #inDouble(line: string, at: number): number {
    const end = match(insideDouble, line, at);
    if (line[end] === '"') {
      this.#state = 'plain';
      return end + 1;
    }
    if (end < line.length && line.slice(end) !== '\\') this.#state = 'unsure';
    return line.length;
  }

  #inPlain(line: string, at: number): number | null {
    const end = match(plainly, line, at);
    const rest = line.slice(end, end + 2);
    if (rest === '' || rest === '\\') {
      this.#goesOn = rest !== '';
      return line.length;
    }
    if (rest.startsWith("'") || rest.startsWith('"')) {
      this.#state = rest.startsWith("'") ? 'single' : 'double';
      return end + 1;
    }
    if (rest.startsWith('#') && (end === 0 || /[\s;&|()]/.test(line.charAt(end - 1))))
      return end === at ? this.#atComment(line, end) : end;
    return rest === '<<' ? this.#atDocument(line, end) : this.#giveUp(line);
  }

  /** Behind a quote or an expansion `#` may be part of a word: then what follows stays, and counts as sure if it has no signs. */
  #atComment(line: string, at: number): number | null {
    if (!/["'`\\{$#]/.test(line.slice(0, at))) return null;
    return /["'`\\]|<</.test(line.slice(at)) ? this.#giveUp(line) : line.length;
  }

  #atDocument(line: string, at: number): number {
    hereDocument.lastIndex = at;
    const found = hereDocument.exec(line);
    if (found === null) return this.#giveUp(line);
    this.#documents.push({ end: found[3] ?? found[4] ?? '', isIndented: found[1] === '-' });
    return hereDocument.lastIndex;
  }

  #giveUp(line: string): number {
    this.#state = 'unsure';
    return line.length;
  }
}

function match(pattern: RegExp, line: string, at: number): number {
  pattern.lastIndex = at;
  const found = pattern.exec(line);
  return found === null ? at : at + found[0].length;
}
