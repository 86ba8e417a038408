import { decodeName, encodeName } from '../../../base/text.ts';

/** A script's first line as Linux reads it (fs/binfmt_script.c). */
export type Shebang =
  | {
      readonly interpreter: string;
      /** All that follows, as one word; null where nothing does. */
      readonly argument: string | null;
    }
  /** It names no interpreter, or does not end in time: Linux says ENOEXEC. */
  | { readonly interpreter: null; readonly because: string };

/** BINPRM_BUF_SIZE without `#!` and without the byte that has to end it. Kernels before 5.1 read half as many. */
const longest = 253;

/** `line`: what follows `#!`, at most 256 bytes of it, without the line's end. */
export function parseShebang(line: string): Shebang {
  const bytes = encodeName(line).toString('latin1');
  const isCut = bytes.length > longest;
  const seen = bytes.slice(0, longest);
  const [, before = '', name = ''] = /^([ \t]*)([^ \t\0]*)/.exec(seen) ?? [];
  if (name === '') return { interpreter: null, because: 'its first line names no interpreter' };
  const end = before.length + name.length;
  if (isCut && end === longest && !/[ \t\0]/.test(bytes.charAt(longest))) {
    const because = `the interpreter of its first line does not end within ${longest + 2} bytes`;
    return { interpreter: null, because };
  }
  return { interpreter: decoded(name), argument: argumentIn(seen.slice(end), isCut) };
}

/** Blanks around it are taken away; a NUL ends it. */
function argumentIn(rest: string, isCut: boolean): string | null {
  if (rest.startsWith('\0')) return null;
  const begun = rest.replace(/^[ \t]+/, '');
  if (begun === '') return null;
  const [text = ''] = (isCut ? begun : begun.replace(/[ \t]+$/, '')).split('\0');
  return decoded(text);
}

function decoded(bytes: string): string {
  return decodeName(Buffer.from(bytes, 'latin1'));
}
