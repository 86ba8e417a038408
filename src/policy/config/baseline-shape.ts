import { described } from '../../shapes/shape.ts';
import type { BaselineLimits, Config } from './config.ts';
import { mapOr, object, type Placed, placed, type Shape, text } from './node-shapes.ts';
import { days, required } from './selector-shapes.ts';

/** As it is written: the name of the file, or what its entries must have, and the name. */
export type WrittenBaseline = string | Placed<LimitedBaseline>;

interface LimitedBaseline extends BaselineLimits {
  readonly file?: string;
}

const file = described(
  'File of known findings, from hullcheck baseline or -o json; relative to this file.',
  text('the name of a file', {}),
);

const limited = object<LimitedBaseline>({
  expires: described('Each entry must have an end.', required),
  'at-most': described(
    'Longest time from `date` (without it: from today) to the end, as 180d.',
    days,
  ),
  owner: described('Each entry must have an owner.', required),
  reason: described('Each entry must have a reason.', required),
  image: described('Each entry must be of one image.', required),
  file,
});

export const baselineShape: Shape<WrittenBaseline> = described(
  'File of known findings, from hullcheck baseline or -o json; or what the entries of the baseline in force must have (whichever file names it), and the name as file.',
  mapOr(placed(limited), file),
);

/** With the two forms of a baseline as one. */
export function withBaseline(
  shape: Shape<
    Omit<Config, 'baseline' | 'baselineLimits'> & { readonly baseline?: WrittenBaseline }
  >,
): Shape<Config> {
  return {
    schema: shape.schema,
    read(node) {
      const { baseline, ...rest } = shape.read(node);
      if (baseline === undefined) return rest;
      if (typeof baseline === 'string') return { ...rest, baseline };
      const { file: name, ...limits } = baseline.value;
      return {
        ...rest,
        ...(name === undefined ? {} : { baseline: name }),
        baselineLimits: [{ at: baseline.at, value: limits }],
      };
    },
  };
}
