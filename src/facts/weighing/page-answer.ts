import { listed } from '../../base/amount.ts';
import type { PageSize, PageSizes } from '../page-sizes.ts';

/** What a file does on kernels whose pages have some sizes. */
export type PageAnswer =
  | { readonly outcome: 'pass' }
  /** `refused`: the sizes of pages with which it does not run, and why with the first of them. */
  | { readonly outcome: 'fail'; readonly refused: readonly PageSize[]; readonly why: string }
  /** A clause. */
  | { readonly outcome: 'unknown'; readonly says: string };

/** One answer for every rule that judges a file by pages. */
export function pageAnswer({ allocator }: PageSizes, sizes: readonly PageSize[]): PageAnswer {
  const refused = sizes.filter((size) => refusal(size, allocator) !== null);
  const [first] = refused;
  const why = first === undefined ? null : refusal(first, allocator);
  if (why !== null) return { outcome: 'fail', refused, why };
  const shared = sizes.filter(({ segments }) => segments === 'shared');
  if (shared.length > 0) {
    const says = `with pages of ${sizesText(shared)} a segment is mapped over the end of another one: whether code or data there is used is not known`;
    return { outcome: 'unknown', says };
  }
  if (allocator?.largest === null) {
    const says = `it holds ${allocator.name}, and for which pages that was built is not known`;
    return { outcome: 'unknown', says };
  }
  return { outcome: 'pass' };
}

/** `4 KiB and 16 KiB` */
export function sizesText(sizes: readonly PageSize[]): string {
  return listed(sizes.map(({ size }) => `${size / 1024} KiB`));
}

/** null: nothing keeps it from running there. */
function refusal(
  { size, segments, isUnprotectable }: PageSize,
  allocator: PageSizes['allocator'],
): string | null {
  if (segments === 'misaligned') return 'a segment is aligned to smaller pages';
  if (segments === 'entry-lost')
    return 'a segment that may not be executed is mapped over the page of its entry point';
  if (isUnprotectable)
    return 'PT_GNU_RELRO reaches where nothing is mapped with such pages, and the loader fails to protect it';
  const largest = allocator?.largest ?? null;
  return largest !== null && largest < size
    ? `the ${allocator?.name} in it was built for pages of at most ${largest / 1024} KiB`
    : null;
}
