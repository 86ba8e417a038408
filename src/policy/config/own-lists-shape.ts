import { described } from '../../shapes/shape.ts';
import type { AllowConfig, DenyConfig, ListEntry } from './config.ts';
import {
  checked,
  entriesOf,
  listOf,
  mapOr,
  object,
  type Placed,
  placed,
  type Shape,
} from './node-shapes.ts';
import { glob, place, sentence } from './selector-shapes.ts';

const entry: Shape<ListEntry> = mapOr(
  object<Extract<ListEntry, object>>(
    {
      names: described('Globs of names.', listOf(glob)),
      path: place.path,
      kind: place.kind,
      package: place.package,
      reason: described('Why; shown in reports.', sentence),
    },
    ['names'],
  ),
  glob,
);

/** A list without entries would concern no file, and hold as if it were not there. */
const entries: Shape<readonly Placed<ListEntry>[]> = checked(
  entriesOf(placed(entry), 'a list of names'),
  (list) =>
    list.length > 0 ? null : 'a list without entries concerns no file: {names: []} allows no name',
  { minItems: 1 },
);

export const allowShape: Shape<AllowConfig> = object<AllowConfig>({
  needed: described(
    'Libraries that files may need, as DT_NEEDED names them; no other may be needed.',
    entries,
  ),
  exports: described('Dynamic symbols that files may export; no other may be exported.', entries),
});

export const denyShape: Shape<DenyConfig> = object<DenyConfig>({
  imports: described('Symbols that files must not import: `gets`, `memcpy@GLIBC_2.14`.', entries),
});
