import { UnreadablePart } from '../../base/errors.ts';
import { codeOf } from '../../base/system-error.ts';
import type { RemoteOptions } from '../remote/remote-options.ts';
import type { RemoteStore } from '../remote/remote-store.ts';
import { authorize, statusText } from './authorize.ts';
import { type Found, findCredentials } from './credentials.ts';
import { Deadline } from './deadline.ts';
import { failure, type Http, type Response, readBody } from './http.ts';
import type { Reference } from './reference.ts';
import { Refused } from './refusals.ts';

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

export interface RegistryClient extends RemoteStore {
  /** What was passed over on the way, one sentence each. */
  readonly notices: readonly string[];
}

/** Reads from one repository. A connection that breaks is taken up again where it broke. */
export function registryClient(
  reference: Reference,
  http: Http,
  scheme: 'http' | 'https',
  options: RemoteOptions,
): RegistryClient {
  const notices: string[] = [];
  const get = authorized(reference, http, options, notices);
  const { patience } = options;
  const place = (path: string) =>
    new URL(`${scheme}://${reference.host}/v2/${reference.repository}/${path}`);
  const document = <Answer>(
    url: URL,
    what: string,
    headers: Readonly<Record<string, string>>,
    read: (response: Response) => Promise<Answer>,
  ) => {
    const deadline = new Deadline(`${what} of ${reference.host}`, patience.document);
    const ask = async () => read(await get(url, headers, deadline.signal));
    return deadline.wait(() => unbroken(url, deadline.signal, ask));
  };
  return {
    notices,
    manifest(version, maxSize) {
      const what = `the manifest ${version}`;
      const headers = { accept: manifestTypes };
      return document(place(`manifests/${version}`), what, headers, async (response) => {
        const bytes = await readBody(response, maxSize, what);
        const mediaType = (response.headers['content-type'] ?? '').replace(/;.*/s, '').trim();
        if (mediaType === 'text/html' || bytes[0] === '<'.charCodeAt(0))
          throw new UnreadablePart(
            `${reference.registry}/${reference.repository}: the server answers with a web page, not with a manifest: it is not a registry, or something in front of it wants a login`,
          );
        return { bytes, mediaType };
      });
    },
    blob(digest, maxSize) {
      const what = `the blob ${digest}`;
      const read = (response: Response) => readBody(response, maxSize, what);
      return document(place(`blobs/${digest}`), what, {}, read);
    },
    blobStream(digest, size) {
      const deadline = new Deadline(`the layer ${digest} of ${reference.host}`, patience.layer);
      const earned = (bytes: number) => (bytes * 1000) / patience.bytesPerSecond;
      return resumed(place(`blobs/${digest}`), size, get, deadline, earned);
    },
  };
}

type Get = (
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<Response>;

/** Credentials are looked up when they are needed. A token that has expired is fetched again. */
function authorized(
  reference: Reference,
  http: Http,
  options: RemoteOptions,
  notices: string[],
): Get {
  let authorization: string | null = null;
  let finding: Promise<Found> | undefined;
  const find = async () => {
    const found = await findCredentials(reference, options);
    notices.push(...found.notices);
    return found;
  };
  return async (url, headers, signal) => {
    let response = await http.request(url, { authorization, headers, signal });
    if (response.status === 401) {
      response.body.destroy();
      finding ??= find();
      const { credentials } = await finding;
      authorization = await authorize(response, reference, credentials, http, signal);
      if (authorization !== null)
        response = await http.request(url, { authorization, headers, signal });
    }
    if (response.status === 200 || response.status === 206) return response;
    response.body.destroy();
    const sentences = [statusText(response.status), ...notices].join('; ');
    throw new Refused(
      `${reference.registry}/${reference.repository}: ${sentences}`,
      response.status,
    );
  };
}

/** Small answers are requested again when the connection breaks. */
async function unbroken<Answer>(
  url: URL,
  signal: AbortSignal,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  for (let breaks = 0; ; breaks += 1) {
    try {
      return await ask();
    } catch (error) {
      if (codeOf(error) === '' || signal.aborted) throw error;
      if (breaks >= maxBreaks) throw failure(url, error);
    }
  }
}

/** Breaks without a byte in between, before it is given up. */
const maxBreaks = 3;

async function* resumed(
  url: URL,
  size: number,
  get: Get,
  deadline: Deadline,
  earned: (bytes: number) => number,
): AsyncIterable<Buffer> {
  let at = 0;
  for (let breaks = 0; ; breaks += 1) {
    const before = at;
    const headers = at === 0 ? {} : { range: `bytes=${at}-` };
    let body: Response['body'] | undefined;
    try {
      const response = await deadline.wait(() => get(url, headers, deadline.signal));
      body = response.body;
      // A registry that knows no ranges begins again.
      let skip = response.status === 206 ? 0 : at;
      const parts: AsyncIterator<unknown> = body[Symbol.asyncIterator]();
      for (;;) {
        const part = await deadline.wait(() => parts.next());
        if (part.done) return;
        if (!Buffer.isBuffer(part.value)) continue;
        const bytes = part.value.subarray(Math.min(skip, part.value.length));
        skip -= part.value.length - bytes.length;
        at += bytes.length;
        deadline.extend(earned(bytes.length));
        if (bytes.length > 0) yield bytes;
      }
    } catch (error) {
      if (error instanceof UnreadablePart) throw error;
      if (at > before) breaks = 0;
      if (at >= size) return;
      if (breaks >= maxBreaks) throw failure(url, error);
    } finally {
      body?.destroy();
    }
  }
}
