import { extract } from './extract-facts.ts';
import type { Extraction } from './extraction.ts';
import type { ExtractionTask } from './extractor.ts';

/** What a thread of the extractor's pool runs, for one large file or some small ones. */
export default function work({ files, wanted, limits }: ExtractionTask): Extraction[] {
  return files.map(({ memory, offset, length }) =>
    extract(Buffer.from(memory, offset, length), wanted, limits),
  );
}
