import { decodeName } from '../../base/text.ts';
import type { Root } from '../../layers/root.ts';

/** The fields of each line. Blanks around a line are not part of it, as runtimes read it (moby/sys/user). */
export function accountLines(
  root: Root,
  path: '/etc/passwd' | '/etc/group',
): readonly (readonly string[])[] {
  const text = root.text(path);
  if (text === undefined) return [];
  return decodeName(text)
    .split('\n')
    .map((line) => line.trim().split(':'));
}
