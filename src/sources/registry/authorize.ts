import { UnreadablePart } from '../../base/errors.ts';
import { type Challenge, chooseChallenge } from './challenge.ts';
import { type Http, type Response, readBody } from './http.ts';
import { type Credentials, parseSecret, secretText } from './parse-secret.ts';
import type { Reference } from './reference.ts';
import { Refused } from './refusals.ts';
import { mayLeadTo, wayTo } from './safe-address.ts';

const largestAnswer = 1024 * 1024;

/**
 * The Authorization header that answers a 401, or null when there is nothing to answer it with. Credentials go to the
 * registry itself or to the realm that it names, over TLS unless the host is named as insecure. Throws UnreadablePart.
 */
export async function authorize(
  refused: Response,
  reference: Reference,
  credentials: Credentials | null,
  http: Http,
  signal: AbortSignal,
): Promise<string | null> {
  const challenge = chooseChallenge(refused.body.headersDistinct['www-authenticate'] ?? []);
  if (challenge === null) return null;
  if (credentials?.kind === 'bearer') return `Bearer ${credentials.token}`;
  if (challenge.scheme === 'bearer')
    return `Bearer ${await fetchToken(challenge, reference, credentials, http, signal)}`;
  return credentials?.kind === 'password' ? basic(credentials) : null;
}

function basic({ username, password }: Extract<Credentials, { kind: 'password' }>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

async function fetchToken(
  challenge: Extract<Challenge, { scheme: 'bearer' }>,
  reference: Reference,
  credentials: Exclude<Credentials, { kind: 'bearer' }> | null,
  http: Http,
  signal: AbortSignal,
): Promise<string> {
  const realm = realmOf(challenge.realm, reference, http);
  const scope = challenge.scope || `repository:${reference.repository}:pull`;
  const response =
    credentials?.kind === 'identity'
      ? await http.request(realm, {
          form: refreshForm(credentials.token, challenge.service, scope),
          signal,
        })
      : await http.request(withQuery(realm, { service: challenge.service, scope }), {
          authorization: credentials === null ? null : basic(credentials),
          signal,
        });
  const body = await readBody(response, largestAnswer, `the token of ${realm.host}`);
  if (response.status !== 200)
    throw new Refused(
      `${realm.host} gives no token for ${reference.registry}: ${statusText(response.status)}`,
      response.status,
    );
  const answer = parseSecret(body, `the token of ${realm.host}`);
  const token = secretText(answer, 'token') || secretText(answer, 'access_token');
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new UnreadablePart(`${realm.host} gives no token for ${reference.registry}`);
}

function realmOf(text: string, { host, registry }: Reference, { trustedHosts }: Http): URL {
  if (!URL.canParse(text))
    throw new UnreadablePart(`${registry} requires a token, and names no URL to get it from`);
  const realm = new URL(text);
  if (mayLeadTo(realm, host, trustedHosts)) return realm;
  throw new UnreadablePart(
    `${registry} names the inner address ${realm.host} to get a token from, which is not connected to${wayTo(realm)}`,
  );
}

function withQuery(realm: URL, values: Readonly<Record<string, string>>): URL {
  const url = new URL(realm);
  for (const [key, value] of Object.entries(values))
    if (value !== '') url.searchParams.set(key, value);
  return url;
}

/** OAuth 2 (RFC 6749 section 6), as distribution's token servers take it. */
function refreshForm(token: string, service: string, scope: string): URLSearchParams {
  return new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: token,
    client_id: 'hullcheck',
    service,
    scope,
  });
}

export function statusText(status: number): string {
  return statuses.get(status) ?? `it answers with status ${status}`;
}

const statuses: ReadonlyMap<number, string> = new Map([
  [401, 'the credentials are missing or wrong (401)'],
  [403, 'access is denied (403)'],
  [404, 'there is no such image (404)'],
  [429, 'too many requests (429)'],
]);
