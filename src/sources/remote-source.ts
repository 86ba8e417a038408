// supporting: sources that are not on this machine's disk
import type { OpenSource, SourceOptions } from './source.ts';

/** A way for an image to arrive that is asked for by name, not opened by path. */
export interface RemoteSource {
  /** The explicit scheme, without its colon: `registry`. */
  readonly scheme: string;
  /** For --help: what it opens, in one line. */
  readonly summary: string;
  /** Throws UsageError (no such reference can be), DamagedInput (it cannot be reached, or nothing of it can be read). */
  open(reference: string, options: SourceOptions): Promise<OpenSource>;
}
