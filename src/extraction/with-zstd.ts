import { isZstdMissed, prepareZstd } from '../base/unzstd-now.ts';

/** Does it again where it met something that zstd packed, and nothing before had. */
export async function withZstd<T>(work: () => T): Promise<T> {
  const found = work();
  if (!isZstdMissed()) return found;
  await prepareZstd();
  return work();
}
