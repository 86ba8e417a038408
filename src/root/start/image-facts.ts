import { type Fact, known } from '../../base/fact.ts';
import { findStart } from './find-start.ts';
import type { SeenImage } from './seen-image.ts';
import type { Start } from './start.ts';

/** What is known of an image as a whole. */
export interface ImageFacts {
  readonly start: Fact<Start>;
}

export function findImageFacts(image: SeenImage): {
  readonly path: string;
  /** The program at which the start fails; null where it is not certain to, for then what is wrong with it is not said yet. */
  readonly endsAt: string | null;
  readonly facts: ImageFacts;
} {
  const { path, start } = findStart(image);
  const endsAt = start.state === 'fails' ? (start.program ?? null) : null;
  return { path, endsAt, facts: { start: known(start) } };
}
