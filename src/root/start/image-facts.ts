import { type Fact, known } from '../../fact.ts';
import type { Root } from '../../layers/root.ts';
import type { ImageConfig } from '../../sources/source.ts';
import type { Binary } from '../binaries.ts';
import type { RootFacts } from '../root-facts.ts';
import { findStart } from './find-start.ts';
import type { Start } from './start.ts';

/** What is known of an image as a whole. */
export interface ImageFacts {
  readonly start: Fact<Start>;
}

/** An image whose root is laid out, and whose binaries were found in it. */
export interface SeenImage {
  readonly root: Root;
  readonly config: ImageConfig;
  /** `os/arch[/variant]`; null where it does not say. */
  readonly platform: string | null;
  readonly found: readonly Binary[];
  /** In the order of `found`. */
  readonly facts: readonly RootFacts[];
  /** Parts of it that could not be read: paths, and names of layers. */
  readonly unread: readonly string[];
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
