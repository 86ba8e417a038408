import { extract } from './extract-facts.ts';
import type { Extraction } from './extraction.ts';
import type { FileFactName } from './extractor.ts';

/** What a thread of the extractor's pool runs for each file. */
export default function work(task: {
  readonly memory: ArrayBuffer;
  readonly wanted: ReadonlySet<FileFactName>;
}): Extraction {
  return extract(Buffer.from(task.memory), task.wanted);
}
