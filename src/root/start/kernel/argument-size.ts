import type { ImageConfig } from '../../../base/image-config.ts';
import { cause } from '../cause.ts';
import { fails, type StartEnd, undecided } from '../start.ts';

/** fs/exec.c: MAX_ARG_STRLEN, with the NUL that ends a string. */
const longestString = 131_072;

/** A quarter of the stack that a process may have: of the usual 8 MiB, and of as much as counts (_STK_LIM / 4 * 3). */
const usual = 2 * 1024 * 1024;
const most = 6 * 1024 * 1024;

/** Each string has a pointer. */
const pointer = 8;

/** Whether words and environment are more than execve takes; null where they are not. */
export function argumentExcess(words: readonly string[], { env }: ImageConfig): StartEnd | null {
  let total = 0;
  for (const strings of [words, env]) {
    for (const text of strings) {
      const size = Buffer.byteLength(text) + 1;
      total += size + pointer;
      if (size > longestString) return tooLong(`one of its words or settings has ${size} bytes`);
      if (total > most) return tooLong(`its words and settings have more than ${most} bytes`);
    }
  }
  if (total <= usual) return null;
  return undecided(
    `its words and settings have ${total} bytes: the limit of the stack decides whether Linux takes them`,
  );
}

function tooLong(because: string): StartEnd {
  return fails(cause('arguments'), 'exec: argument list too long', because);
}
