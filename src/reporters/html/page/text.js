// Texts as a person may safely see them.

/** Characters that reorder, hide or break text: a file's name can hold any of them. */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** One harmless line. */
/** @type {(text: string) => string} */
export function visible(text) {
  return text.replace(unsafe, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x80 ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 4)}}`;
  });
}

/** @type {(code: number, digits: number) => string} */
function hex(code, digits) {
  return code.toString(16).padStart(digits, '0');
}

/** @type {(count: number, one: string, many?: string) => string} */
export function amount(count, one, many = `${one}s`) {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** Never 100 % while something is missing, never 0 % while something is there. */
/** @type {(part: number, whole: number) => string} */
export function percent(part, whole) {
  if (whole === 0) return '–';
  const rounded = Math.round((part / whole) * 100);
  if (part < whole) return `${Math.min(Math.max(rounded, part > 0 ? 1 : 0), 99)}%`;
  return '100%';
}

/** @type {(bytes: number) => string} */
export function fileSize(bytes) {
  if (bytes < 1024) return amount(bytes, 'byte');
  const units = ['KiB', 'MiB', 'GiB'];
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), units.length);
  return `${(bytes / 1024 ** power).toFixed(1)} ${units[power - 1]}`;
}
