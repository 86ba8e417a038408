import { createHash } from 'node:crypto';
import { UsageError } from '../../base/errors.ts';
import { type EntryStore, entryStore } from '../../cache/entry-store.ts';
import { makePrivateFolder } from '../../cache/private-files.ts';
import { isLoopback } from '../../policy/config/extended-name.ts';

export interface Fetching {
  /** Folder of the cache; null: none is used. */
  readonly cache: string | null;
  /** Accepts http of this machine: for tests. */
  readonly acceptsLoopback: boolean;
}

/** Bytes of a policy. */
const largest = 1024 * 1024;
/** Milliseconds for everything, redirects included. */
const longest = 20_000;
const mostRedirects = 5;

/**
 * The bytes with this digest. They are fetched once: the cache has them from then on, and no network is needed. Throws UsageError
 * whose message is the rest of a sentence.
 */
export async function fetchPolicy(
  address: string,
  sha256: string,
  { cache, acceptsLoopback }: Fetching,
): Promise<Buffer> {
  const store = storeIn(cache);
  const key = `policy ${sha256}`;
  const kept = (await store?.read(key)) ?? null;
  if (kept !== null && digestOf(kept) === sha256) return kept;
  const bytes = await fetched(address, acceptsLoopback);
  const seen = digestOf(bytes);
  if (seen !== sha256)
    throw new UsageError(`${address} has the sha256 ${seen}, expected ${sha256}`);
  await store?.write(key, bytes);
  return bytes;
}

function storeIn(folder: string | null): EntryStore | null {
  return folder === null || makePrivateFolder(folder) !== null ? null : entryStore(folder);
}

export function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function fetched(address: string, acceptsLoopback: boolean): Promise<Buffer> {
  const signal = AbortSignal.timeout(longest);
  let url = new URL(address);
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    demandSafe(url, acceptsLoopback);
    const response = await answerOf(url, address, signal);
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) {
      if (response.status !== 200)
        throw new UsageError(`cannot fetch ${address}: the server answers ${response.status}`);
      return bodyOf(response, address);
    }
    await response.body?.cancel();
    url = redirected(url, location, address);
  }
  throw new UsageError(`cannot fetch ${address}: more than ${mostRedirects} redirects`);
}

function demandSafe(url: URL, acceptsLoopback: boolean): void {
  if (url.protocol === 'https:' || (acceptsLoopback && isLoopback(url.href))) return;
  throw new UsageError(`cannot fetch ${url.href}: expected an address of https`);
}

function redirected(from: URL, location: string, address: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : null;
  if (to === null || to.host !== from.host || to.protocol !== from.protocol)
    throw new UsageError(
      `cannot fetch ${address}: it redirects to ${to?.origin ?? 'what is not an address'}, expected ${from.origin}`,
    );
  return to;
}

async function answerOf(url: URL, address: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { redirect: 'manual', signal, headers: { accept: '*/*' } });
  } catch (error) {
    throw new UsageError(`cannot fetch ${address}: ${whyNot(error)}`);
  }
}

async function bodyOf(response: Response, address: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const piece of response.body ?? []) {
      size += piece.length;
      if (size > largest)
        throw new UsageError(`cannot fetch ${address}: it has more than ${largest} bytes`);
      pieces.push(piece);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot fetch ${address}: ${whyNot(error)}`);
  }
  return Buffer.concat(pieces);
}

/** Node hides what happened behind `fetch failed`. */
function whyNot(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${longest / 1000} s`;
  const { cause } = error;
  if (cause instanceof Error && cause.message !== '') return cause.message;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.message;
}
