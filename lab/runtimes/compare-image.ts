import { printableName } from '../../src/base/text.ts';
import type { Judged, RootFiles } from './files-of-root.ts';
import type { Feature, FeatureKind } from './random-image.ts';
import type { Unpacker } from './unpackers.ts';

/** `hidden`: the runtime has it and hullcheck does not. `extra`: the other way round. */
export interface Difference {
  readonly kind: 'hidden' | 'extra';
  readonly path: string;
  /** null: none is known. */
  readonly reason: Reason | null;
}

/** A difference that is meant. It holds where the image was made with the feature, at its places. */
export interface Reason {
  readonly feature: FeatureKind;
  readonly ways: readonly Unpacker['way'][];
  readonly kind: Difference['kind'];
  readonly because: string;
}

/** What is hidden at its path is judged at another one: see `reasonFor`. */
export const reasons: readonly Reason[] = [
  {
    feature: 'remade directory',
    ways: ['copy'],
    kind: 'extra',
    because:
      'overlay file systems show the old files of a directory that a layer removes and makes again',
  },
  {
    feature: 'opaque root',
    ways: ['copy'],
    kind: 'extra',
    because:
      'overlay file systems do not look at the mark of an opaque directory at the root of a layer',
  },
  {
    feature: 'name of AUFS',
    ways: ['copy', 'overlay'],
    kind: 'extra',
    because:
      'containerd leaves out what begins with .wh..wh., for others it hides what is named so in lower layers',
  },
  {
    feature: 'path through a lower link',
    ways: ['copy'],
    kind: 'extra',
    because:
      'overlay file systems put a directory in the place of the link; copies follow the link',
  },
  {
    feature: 'path through a lower link',
    ways: ['copy'],
    kind: 'hidden',
    because: 'copies follow the link; the content is judged in the directory in its place',
  },
  {
    feature: 'whiteout through a lower link',
    ways: ['copy'],
    kind: 'extra',
    because: 'copies remove the file behind the link; overlay file systems do not',
  },
];

export function compareImage(
  judged: Judged,
  real: RootFiles,
  features: readonly Feature[],
  way: Unpacker['way'],
): readonly Difference[] {
  const contents = new Set(judged.files.values());
  const differences: Difference[] = [];
  for (const [path, digest] of real) {
    if (judged.files.get(path) === digest) continue;
    // Content that is judged nowhere has no excuse.
    const reason = contents.has(digest) ? reasonFor('hidden', path, features, way) : null;
    differences.push({ kind: 'hidden', path: printableName(path), reason });
  }
  for (const [path, digest] of judged.files) {
    if (real.get(path) === digest) continue;
    const reason = reasonFor('extra', path, features, way);
    differences.push({ kind: 'extra', path: printableName(path), reason });
  }
  return differences;
}

function reasonFor(
  kind: Difference['kind'],
  path: string,
  features: readonly Feature[],
  way: Unpacker['way'],
): Reason | null {
  const here = features.filter(({ places }) =>
    places.some((place) => path === place || path.startsWith(`${place}/`)),
  );
  const fits = (reason: Reason) =>
    reason.kind === kind &&
    reason.ways.includes(way) &&
    here.some((feature) => feature.kind === reason.feature);
  return reasons.find(fits) ?? null;
}
