import type { Answer } from './attempt.ts';
import type { Destination } from './destination.ts';
import { type GithubClient, NoAnswer } from './github-client.ts';
import { member, type PackedSarif } from './pack-sarif.ts';

/** What became of an upload. Texts are GitHub's own where it said any: they are not escaped. */
export type UploadResult =
  | { readonly state: 'complete' }
  | { readonly state: 'refused'; readonly because: readonly string[] }
  /** GitHub took the file and had not decided about it when the time was up. */
  | { readonly state: 'pending' };

export interface UploadOptions {
  readonly client: GithubClient;
  /** `file://` address of the checkout that relative paths belong to. */
  readonly checkoutUri: string;
  /** Milliseconds to wait for processing; 0 does not ask. */
  readonly patience: number;
  readonly wait: (milliseconds: number) => Promise<void>;
  readonly onAccepted: (id: string) => Promise<void>;
}

/** Sends a file and waits until GitHub has processed it. Throws NoAnswer. */
export async function uploadSarif(
  { body }: PackedSarif,
  { repository, ref, sha }: Destination,
  options: UploadOptions,
): Promise<UploadResult> {
  const path = `/repos/${repository}/code-scanning/sarifs`;
  const sent = await options.client.send('POST', path, {
    commit_sha: sha,
    ref,
    sarif: body,
    checkout_uri: options.checkoutUri,
    tool_name: 'hullcheck',
  });
  const id = textOf(sent.body, 'id');
  if (sent.status !== 202) return { state: 'refused', because: [refusal(sent)] };
  if (id === null) throw new NoAnswer('GitHub accepted the file and named no upload');
  await options.onAccepted(id);
  return waitForProcessing(`${path}/${encodeURIComponent(id)}`, options);
}

const firstPause = 1000;
const longestPause = 30_000;

/** Pauses grow; an upload that is not known yet is as good as one that is pending. */
async function waitForProcessing(
  path: string,
  { client, patience, wait }: UploadOptions,
): Promise<UploadResult> {
  let left = patience;
  for (let pause = firstPause; left > 0; pause = Math.min(pause * 2, longestPause)) {
    await wait(Math.min(pause, left));
    left -= pause;
    const answer = await client.send('GET', path);
    if (answer.status === 404) continue;
    if (answer.status !== 200) return { state: 'refused', because: [refusal(answer)] };
    const status = textOf(answer.body, 'processing_status');
    if (status === 'complete') return { state: 'complete' };
    if (status === 'failed') return { state: 'refused', because: errorsOf(answer) };
  }
  return { state: 'pending' };
}

/** What the documentation says of each status, before what this answer says. */
const meanings: Readonly<Record<number, string>> = {
  400: 'the SARIF is not valid',
  401: 'the token is not valid',
  403: 'the token may not write security events, code scanning is off, or the repository is archived',
  404: 'there is no such repository, or the token may not see it',
  413: 'the SARIF is too large',
  422: 'the request is not valid',
  429: 'too many requests',
};

function refusal({ status, body }: Answer): string {
  const meaning =
    meanings[status] ?? (status >= 500 ? 'an error of the server' : 'an unexpected answer');
  const message = textOf(body, 'message');
  return `HTTP ${status}, ${meaning}${message === null ? '' : `: ${message}`}`;
}

const mostErrors = 50;

function errorsOf({ body }: Answer): readonly string[] {
  const errors = member(body, 'errors');
  const texts = Array.isArray(errors) ? errors.slice(0, mostErrors).map(String) : [];
  return texts.length > 0 ? texts : ['GitHub gave no reason'];
}

function textOf(value: unknown, name: string): string | null {
  const text = member(value, name);
  return typeof text === 'string' && text !== '' ? text : null;
}
