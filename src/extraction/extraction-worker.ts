import { extractPlaced, type Outcome } from './extract-placed.ts';
import type { ExtractionTask } from './extractor.ts';
import { withZstd } from './with-zstd.ts';

/** What a thread of the extractor's pool runs, for one large file or some small ones. */
export default function work({
  files,
  wanted,
  links,
  limits,
  debug,
}: ExtractionTask): Promise<Outcome[]> {
  return withZstd(() => files.map((file) => extractPlaced(file, wanted, limits, links, debug)));
}
