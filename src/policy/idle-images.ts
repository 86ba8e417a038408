import type { Note } from '../report/policy-messages.ts';
import type { TargetReport } from '../report/report.ts';
import { entriesOf, placeText } from './config/images.ts';
import { compileImages, isNamedByUser } from './image-name.ts';
import type { ImagePolicy } from './image-policies.ts';
import type { Policy } from './policy.ts';

const mostListed = 3;

/**
 * Sentences: entries of `images:` that select no image of the run, and images that no entry is for though nobody but their maker gave
 * them a name. A stricter entry is avoided by another name, or by none, and that must be seen.
 */
export function idleImages(
  targets: readonly TargetReport[],
  { images = [] }: Policy,
  policyFor: (target: TargetReport) => Pick<ImagePolicy, 'own'>,
): readonly Note[] {
  const entries = entriesOf(images);
  if (entries.length === 0) return [];
  const idle = entries.filter(({ value }) => !targets.some(compileImages(value.image)));
  const texts = idle.map((entry) => `${entry.value.image.join(', ')} (${placeText(entry)})`);
  const unnamed = targets.filter(
    (target) => target.kind === 'image' && policyFor(target).own === null && !isNamedByUser(target),
  );
  return [
    ...(texts.length === 0
      ? []
      : [
          {
            kind: 'image-unused' as const,
            message: `images: selects no image here for ${listed(texts)}`,
            count: texts.length,
          },
        ]),
    ...[...new Set(unnamed.map(({ name }) => name))].map((name) => ({
      kind: 'image-unnamed' as const,
      message: `images: has no entry for ${name}, which has no name that the user gave: only entries for its path, or for what it calls itself, could be for it`,
      image: name,
    })),
  ];
}

function listed(texts: readonly string[]): string {
  const more = texts.length - mostListed;
  return `${texts.slice(0, mostListed).join('; ')}${more > 0 ? ` and ${more} more` : ''}`;
}
