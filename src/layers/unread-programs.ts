import { isUnreadProgram } from '../base/problem.ts';
import type { Root } from './root.ts';

/** Inodes of the programs and libraries that lack the magic of ELF, and were not read for that. */
export function unreadPrograms({ containers }: Root): ReadonlySet<number> {
  const found = containers.filter(({ inside }) =>
    inside.some(({ problems }) => problems.some(isUnreadProgram)),
  );
  return new Set(found.map(({ entry }) => entry.inode));
}
