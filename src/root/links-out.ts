import { amount } from '../base/amount.ts';
import type { Problem } from '../base/problem.ts';
import { printableName } from '../base/text.ts';
import type { Root, RootEntry } from '../layers/root.ts';
import type { RootTarget } from './root-facts.ts';

/**
 * A link of a root leads into the root; one of a folder of programs may lead anywhere, and is not followed there: that
 * is reported.
 */
export function folderNotices(
  target: RootTarget,
  root: Root,
  isWhole: boolean,
): readonly Problem[] {
  return target.kind === 'root-filesystem' && !isWhole ? linksOut(root) : [];
}

/** Named in a notice; the others are counted. */
const mostNamed = 3;

function linksOut(root: Root): readonly Problem[] {
  const out = root.links.filter(
    (link) => leavesFolder(link) && root.resolve(link.path) === undefined,
  );
  const [first] = out;
  if (first === undefined) return [];
  const named = out
    .slice(0, mostNamed)
    .map(({ path, linkTarget }) => `${printableName(path)} to ${printableName(linkTarget)}`);
  const more = out.length > named.length ? ` and ${out.length - named.length} more` : '';
  const verb = out.length === 1 ? 'leads' : 'lead';
  const message = `${amount(out.length, 'link')} ${verb} out of the folder, and what is there was not judged: ${named.join(', ')}${more}`;
  return [{ kind: 'notice', where: printableName(first.path), message }];
}

/** By its text alone: what it passes on the way may be a link again. */
function leavesFolder({ path, linkTarget }: RootEntry): boolean {
  if (linkTarget.startsWith('/')) return true;
  let depth = path.split('/').length - 2;
  for (const step of linkTarget.split('/')) {
    if (step === '..') depth -= 1;
    else if (step !== '' && step !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}
