import { decodeName, encodeName } from '../../text.ts';

/** A script's first line as Linux reads it (fs/binfmt_script.c). */
export type Shebang =
  | {
      readonly interpreter: string;
      /** All that follows, as one word; null where nothing does. */
      readonly argument: string | null;
    }
  /** It names no interpreter, or does not end in time: Linux says ENOEXEC. */
  | { readonly interpreter: null; readonly because: string };

/** BINPRM_BUF_SIZE without `#!`, and without the NUL that ends it where the line does not. */
const read = 253;

/** Kernels before 5.1 read 125 bytes, and cut what is longer. */
export const readByOldKernels = 125;

/** `line`: what follows `#!`, at most 256 bytes of it, without the line's end. */
export function parseShebang(line: string): Shebang {
  const bytes = encodeName(line).toString('latin1');
  const isWhole = bytes.length <= read;
  const seen = bytes.slice(0, read);
  const [, name = ''] = /^[ \t]*([^ \t\0]*)/.exec(seen) ?? [];
  const start = seen.length - seen.replace(/^[ \t]+/, '').length;
  if (name === '') return { interpreter: null, because: 'its first line names no interpreter' };
  const rest = seen.slice(start + name.length);
  if (!isWhole && rest === '')
    return { interpreter: null, because: `its first line does not end within ${read + 2} bytes` };
  const argument = rest.startsWith('\0') ? '' : rest.replace(/^[ \t]+/, '');
  const trimmed = isWhole ? argument.replace(/[ \t]+$/, '') : argument;
  const decoded = (text: string) => Buffer.from(text.split('\0')[0] ?? '', 'latin1');
  return {
    interpreter: decodeName(decoded(name)),
    argument: trimmed === '' ? null : decodeName(decoded(trimmed)),
  };
}
