import { UnreadablePart } from '../../errors.ts';
import type { RemoteOptions } from '../remote-options.ts';
import type { RemoteStore } from '../remote-store.ts';
import { codeOf } from '../system-error.ts';
import { authorize, statusText } from './authorize.ts';
import { type Credentials, findCredentials } from './credentials.ts';
import { failure, type Http, type Response, readBody } from './http.ts';
import type { Reference } from './reference.ts';

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/** Reads from one repository. A connection that breaks is taken up again where it broke. */
export function registryClient(
  reference: Reference,
  http: Http,
  scheme: 'http' | 'https',
  options: RemoteOptions,
): RemoteStore {
  const get = authorized(reference, http, options);
  const place = (path: string) =>
    new URL(`${scheme}://${reference.host}/v2/${reference.repository}/${path}`);
  return {
    async manifest(version, maxSize) {
      const url = place(`manifests/${version}`);
      return unbroken(url, async () => {
        const response = await get(url, { accept: manifestTypes });
        const bytes = await readBody(response, maxSize, `the manifest ${version}`);
        const mediaType = (response.headers['content-type'] ?? '').replace(/;.*/s, '').trim();
        return { bytes, mediaType };
      });
    },
    async blob(digest, maxSize) {
      const url = place(`blobs/${digest}`);
      return unbroken(url, async () => readBody(await get(url, {}), maxSize, `the blob ${digest}`));
    },
    blobStream: (digest, size) => resumed(place(`blobs/${digest}`), size, get),
  };
}

type Get = (url: URL, headers: Readonly<Record<string, string>>) => Promise<Response>;

/** Credentials are looked for when they are asked for. A token that has expired is fetched again. */
function authorized(reference: Reference, http: Http, options: RemoteOptions): Get {
  let authorization: string | null = null;
  let credentials: Promise<Credentials | null> | undefined;
  return async (url, headers) => {
    let response = await http.request(url, { authorization, headers });
    if (response.status === 401) {
      response.body.destroy();
      credentials ??= findCredentials(reference, options);
      authorization = await authorize(response, reference, await credentials, http);
      if (authorization !== null) response = await http.request(url, { authorization, headers });
    }
    if (response.status === 200 || response.status === 206) return response;
    response.body.destroy();
    throw new UnreadablePart(
      `${reference.registry}/${reference.repository}: ${statusText(response.status)}`,
    );
  };
}

/** Small answers are asked for again when the connection breaks. */
async function unbroken<Answer>(url: URL, ask: () => Promise<Answer>): Promise<Answer> {
  for (let breaks = 0; ; breaks += 1) {
    try {
      return await ask();
    } catch (error) {
      if (codeOf(error) === '') throw error;
      if (breaks >= maxBreaks) throw failure(url, error);
    }
  }
}

/** Breaks without a byte in between, before it is given up. */
const maxBreaks = 3;

async function* resumed(url: URL, size: number, get: Get): AsyncIterable<Buffer> {
  let at = 0;
  for (let breaks = 0; ; breaks += 1) {
    const before = at;
    try {
      const response = await get(url, at === 0 ? {} : { range: `bytes=${at}-` });
      // A registry that knows no ranges begins again.
      let skip = response.status === 206 ? 0 : at;
      for await (const part of response.body) {
        if (!Buffer.isBuffer(part)) continue;
        const bytes = part.subarray(Math.min(skip, part.length));
        skip -= part.length - bytes.length;
        at += bytes.length;
        if (bytes.length > 0) yield bytes;
      }
      return;
    } catch (error) {
      if (error instanceof UnreadablePart) throw error;
      if (at > before) breaks = 0;
      if (at >= size) return;
      if (breaks >= maxBreaks) throw failure(url, error);
    }
  }
}
