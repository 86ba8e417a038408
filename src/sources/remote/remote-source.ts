import type { OpenSource, Opens, SourceOptions } from '../source.ts';

/** A source whose images are requested by name, not opened by path. */
export interface RemoteSource {
  /** The explicit scheme, without its colon: `registry`. */
  readonly scheme: string;
  /** What it opens, in one line, for docs/sources.md. */
  readonly summary: string;
  /** When it is chosen without its scheme, for docs/sources.md; null: never. */
  readonly recognised: string | null;
  readonly opens: Opens;
  /** Throws UsageError (no such reference can be), DamagedInput (it cannot be reached, or nothing of it can be read). */
  open(reference: string, options: SourceOptions): Promise<OpenSource>;
}
