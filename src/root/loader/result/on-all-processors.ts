import type { ProcessImage } from '../process-image.ts';
import type { Link } from './link-result.ts';

/**
 * What is the same on every processor is decided, whatever files it comes from. `links`: of the processor that has what all
 * have, and of the others.
 */
export function onAllProcessors(
  links: readonly [Link, ...Link[]],
  { processorMatters }: ProcessImage,
): Link {
  const [first, ...others] = links;
  const fate = fateOf(first);
  const isKnown = others.length > 0 || fate === 'starts';
  if (isKnown && others.every((link) => fateOf(link) === fate)) return first;
  const [what = 'something'] = processorMatters;
  const because = `${what} counts on some processors only`;
  const best = links.find((link) => fateOf(link) === 'starts') ?? links.find(isNotDead);
  if (best !== undefined) return { ...best, undecided: [...best.undecided, because] };
  return { ...first, ...nothingMissing, undecided: [...first.undecided, because] };
}

type Fate = 'starts' | 'undecided' | 'dies at the first call' | 'dies at start';

function fateOf(link: Link): Fate {
  const ends =
    link.missingLibraries.length +
    link.missingVersions.length +
    link.refusedFiles.length +
    link.missingSymbols.filter(({ atFirstCall }) => !atFirstCall).length;
  if (ends > 0) return 'dies at start';
  if (link.undecided.length > 0) return 'undecided';
  return link.missingSymbols.length > 0 ? 'dies at the first call' : 'starts';
}

function isNotDead(link: Link): boolean {
  return fateOf(link) !== 'dies at start';
}

const nothingMissing = {
  missingLibraries: [],
  missingVersions: [],
  missingSymbols: [],
  refusedFiles: [],
} as const;
