import type { ImageConfig } from '../../../src/base/image-config.ts';
import { findBinaries } from '../../../src/root/binaries.ts';
import { findRootFacts } from '../../../src/root/root-facts.ts';
import { findStart } from '../../../src/root/start/find-start.ts';
import type { SeenImage } from '../../../src/root/start/seen-image.ts';
import type { Start } from '../../../src/root/start/start.ts';
import { buildRoot, type Things } from '../../support/roots/root-builder.ts';
import { configOf } from '../exposure/config-of.ts';

export interface GivenImage {
  readonly things: Things;
  readonly config: Partial<ImageConfig>;
  readonly platform?: string | null;
  readonly unread?: readonly string[];
}

/** How an image of one layer starts, and what its start is called. */
export function followImage(given: GivenImage): {
  readonly path: string;
  readonly start: Start;
} {
  return findStart(seeImage(given));
}

export function seeImage({
  things,
  config,
  platform = 'linux/amd64',
  unread = [],
}: GivenImage): SeenImage {
  const root = buildRoot(things);
  const found = findBinaries(root, () => false);
  const whole = configOf(config);
  const facts = findRootFacts({ kind: 'image', config: whole, platform }, root, found);
  return { root, config: whole, platform, found, facts, unread };
}
