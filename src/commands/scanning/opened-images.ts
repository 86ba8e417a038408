import type { RunningOptions } from '../../scan/scan-options.ts';
import { openTarget } from '../../sources/input/find-source.ts';
import type { OpenSource, SourceOptions, Target } from '../../sources/source.ts';

export interface OpenedImages {
  /** null when one of them cannot be opened: the scan reports why. */
  readonly targets: readonly Target[] | null;
  /** For the scan: returns each source once, in order, or throws the error of opening it. */
  readonly open: NonNullable<RunningOptions['open']>;
  /** Closes all sources. */
  close(): Promise<void>;
}

export async function openImages(
  references: readonly string[],
  options: SourceOptions,
): Promise<OpenedImages> {
  const results: PromiseSettledResult<OpenSource>[] = [];
  for (const reference of references) {
    const [result] = await Promise.allSettled([openTarget(reference, options)]);
    results.push(result);
  }
  const sources = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const isWhole = sources.length === references.length;
  return {
    targets: isWhole ? sources.flatMap(({ targets }) => targets) : null,
    async open() {
      const next = results.shift();
      if (next?.status === 'fulfilled') return next.value;
      throw next?.reason;
    },
    async close() {
      for (const source of sources) await source.close();
    },
  };
}
