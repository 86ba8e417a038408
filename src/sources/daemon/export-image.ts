import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { UnreadablePart } from '../../base/errors.ts';
import { reasonOf } from '../../base/system-error.ts';
import type { Endpoint } from './sockets.ts';

const idleLimit = 300_000;

/**
 * The tar of `docker save` (Docker Engine API, ImageGet; podman answers the same), as it comes. Breaks become
 * UnreadablePart, and so does a daemon that refuses.
 */
export async function exportImage(
  endpoint: Endpoint,
  image: string,
): Promise<AsyncIterable<Buffer>> {
  const response = await ask(endpoint, `/v1.40/images/${encodeURIComponent(image)}/get`);
  if (response.statusCode === 200) return chunksOf(response, endpoint);
  response.destroy();
  const why =
    response.statusCode === 404
      ? 'it has no such image: pull it first'
      : `it answers with status ${response.statusCode}`;
  throw new UnreadablePart(`${endpoint.name}: ${image}: ${why}`);
}

function ask({ name, protocol, connection }: Endpoint, path: string): Promise<IncomingMessage> {
  const send = protocol === 'https:' ? tlsRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const outgoing = send({ ...connection, path, headers: { host: 'localhost' } }, resolve);
    outgoing.setTimeout(idleLimit, () => outgoing.destroy(new Error('it does not answer')));
    outgoing.on('error', (error) =>
      reject(new UnreadablePart(`${name} cannot be reached: ${wordsFor(error)}`)),
    );
    outgoing.end();
  });
}

async function* chunksOf(response: IncomingMessage, { name }: Endpoint): AsyncIterable<Buffer> {
  try {
    for await (const chunk of response) if (Buffer.isBuffer(chunk)) yield chunk;
  } catch (error) {
    throw new UnreadablePart(`${name} broke off: ${wordsFor(error)}`);
  }
}

function wordsFor(error: unknown): string {
  const reason = reasonOf(error);
  if (reason === 'ECONNREFUSED') return 'connection refused';
  if (reason === 'ECONNRESET') return 'the connection was cut';
  return error instanceof Error && reason === String(error) ? error.message : reason;
}
