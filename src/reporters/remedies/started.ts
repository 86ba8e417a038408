import { isBinary } from '../../report/all-judged.ts';
import { ownershipOf } from '../groups/ownership-of.ts';
import { factAt } from './fact-at.ts';
import type { Located } from './fix.ts';

/** What a build changes: of an image that does not start, the program of yours at which its start ends. */
export function builtFor({ target, judged }: Located): Located {
  if (isBinary(judged)) return { target, judged };
  const program = target.binaries.find(
    (binary) =>
      factAt({ target, judged: binary }, 'judgedAsStart') === true &&
      ownershipOf(binary).whose === 'yours',
  );
  return { target, judged: program ?? judged };
}

/** Whether it does not start because its loader is missing, or is that of another libc. */
export function lacksLoader(file: Located): boolean {
  const state = factAt(file, 'linkage.interpreter.state');
  if (state === 'missing' || state === 'unusable') return true;
  // A compatibility layer stands in for the loader, and the start fails nevertheless.
  const served = factAt(file, 'linkage.servedBy.libc');
  return (
    factAt(file, 'judgedAsStart') === true &&
    served !== undefined &&
    served !== factAt(file, 'libc.name')
  );
}
