/**
 * Everything that can move a cursor, reorder or hide text, or begin a line of its own: control and format characters
 * (with them ESC, bidi marks, zero-width ones), lone surrogates, line and paragraph separators, and what Unicode
 * says may be left invisible.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * What runners of CI take from a log as a command: `::error::` of GitHub at the beginning of a line, blanks in front of
 * it or not, and `##[error]` (GitHub, Azure), `##vso[` and `##teamcity[` anywhere. A word may come to begin a line when
 * text is wrapped. The markers of GitLab and others need a carriage return or ESC.
 */
const commands = /(?<=^|\s)::|##(?=[\w.-]*\[)/g;

const mayBeUnsafeInText = /[^ -~]|##|::/;

/** The text as one harmless line: `a<ESC>[2J` becomes `a\x1b[2J`, `::error::` becomes `:\x3aerror::`. */
export function escapeText(text: string): string {
  if (!mayBeUnsafeInText.test(text)) return text;
  return text
    .replace(unsafe, escapeCharacter)
    .replace(commands, (command) => (command === '::' ? ':\\x3a' : '#\\x23'));
}

/** In JSON a command can only be one that counts anywhere in a line. */
const unsafeInJson = new RegExp(`${unsafe.source}|#(?=#[\\w.-]*\\[)`, 'gu');

/** What nearly no JSON has: only then the search by properties of characters, which is slow, can find something. */
const mayBeUnsafe = /[^ -~]|##/;

/** The same in the spelling of JSON, where it changes nothing that a parser reads. */
export function escapeJson(json: string): string {
  if (!mayBeUnsafe.test(json)) return json;
  return json.replace(unsafeInJson, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${hex(character.charCodeAt(index), 4)}`,
    ).join(''),
  );
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  if (code < 0x80) return `\\x${hex(code, 2)}`;
  // A byte of a name that is not UTF-8 (see text.ts).
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code - 0xdc00, 2)}`;
  return `\\u{${hex(code, 4)}}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
