/** What stands for itself in a text for a shell: a line, or a part of one between operators. */
export function commandsIn(text: string): readonly string[] {
  return text.replace(/\\\r?\n/g, '').split(/[\n;|&(`]/);
}

/** More of them in one command are a list. */
export const mostWords = 64;
