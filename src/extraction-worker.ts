import { extract } from './extract-facts.ts';
import type { Extraction } from './extraction.ts';
import type { ExtractionTask } from './extractor.ts';

/** What a thread of the extractor's pool runs for each file. */
export default function work({
  memory,
  offset,
  length,
  wanted,
  limits,
}: ExtractionTask): Extraction {
  return extract(Buffer.from(memory, offset, length), wanted, limits);
}
