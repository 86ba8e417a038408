import { oncePer } from '../../../base/once-per.ts';
import { distinguishFiles } from '../../../reporters/findings/distinguish-targets.ts';
import type { VerdictChange } from '../../difference.ts';
import type { ShownCause } from '../../shown-causes.ts';
import type { Compared } from '../diff-format.ts';

/** Files of a cause that are named. */
export const mostFiles = 3;

/** `/bin/a, /bin/b, /bin/c and 4 more`. */
export function filesText(
  cause: ShownCause,
  compared: Compared,
  spell: (name: string) => string = (name) => name,
): string {
  const names = fileNames(cause, compared);
  const named = names.slice(0, mostFiles).map(spell).join(', ');
  const more = names.length - mostFiles;
  return more > 0 ? `${named} and ${more} more` : named;
}

/** A sentence of a cause without the marks of its code. */
export function plainSentence({ sentence }: Pick<ShownCause, 'sentence'>): string {
  return sentence.replaceAll('`', '');
}

/** Thousands of causes are about the same targets. */
const apartIn = oncePer(distinguishFiles);

/**
 * Each once, in the order of the entries; with its package where others made it, and its image where there are several. `whole`:
 * with where it was before.
 */
export function fileNames(
  { changes }: ShownCause,
  { reports }: Compared,
  whole = false,
): readonly string[] {
  const [, { targets }] = reports;
  const apart = apartIn(targets);
  const nameOf = ({ path, from, target, whose, package: owner }: VerdictChange) => {
    const image = targets[target];
    const notes = [whose === 'yours' ? null : owner, image === undefined ? null : apart(image)];
    const known = notes.filter((note) => note !== null).join(', ');
    const was = whole && from !== null ? `, was ${from}` : '';
    return `${path}${known === '' ? '' : ` (${known})`}${was}`;
  };
  return [...new Set(changes.map(nameOf))];
}
