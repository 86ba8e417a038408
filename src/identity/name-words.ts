/** Letters and digits between separators. */
export interface Word {
  /** The separators before it. */
  readonly before: string;
  readonly text: string;
}

export interface Words {
  readonly words: readonly Word[];
  /** The separators behind the last one. */
  readonly after: string;
}

/** Splits a name of one file or folder in one pass: names come from files that anyone wrote. */
export function wordsOf(name: string): Words {
  const words: Word[] = [];
  let start = 0;
  let before = '';
  for (let at = 0; at <= name.length; at += 1) {
    if (at < name.length && isOfWord(name.charCodeAt(at))) continue;
    if (at > start) {
      words.push({ before, text: name.slice(start, at) });
      before = '';
    }
    before += name.charAt(at);
    start = at + 1;
  }
  return { words, after: before };
}

/** What is not ASCII is a letter. */
function isOfWord(code: number): boolean {
  return (
    isDigit(code) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code > 0x7f
  );
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isNumber(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (!isDigit(text.charCodeAt(at))) return false;
  return text !== '';
}

/** `python` and `3` of `python3`; the second is empty where no digit ends it. */
export function splitNumber(text: string): readonly [letters: string, digits: string] {
  let at = text.length;
  while (at > 0 && isDigit(text.charCodeAt(at - 1))) at -= 1;
  return [text.slice(0, at), text.slice(at)];
}
