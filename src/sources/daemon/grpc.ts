import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect as connectHttp2,
  constants,
} from 'node:http2';
import { connect } from 'node:net';
import { byteStream } from '../../archive/compression/byte-stream.ts';
import { MalformedInput, MissingPart, UnreadablePart } from '../../base/errors.ts';
import { reasonOf } from '../../base/system-error.ts';

/** Calls of gRPC over a socket (github.com/grpc/grpc, doc/PROTOCOL-HTTP2.md). */
export interface Grpc {
  /** Messages of the answer as they come. Throws MissingPart (NOT_FOUND), UnreadablePart, MalformedInput. */
  call(method: string, message: Buffer): AsyncGenerator<Buffer, void, undefined>;
  close(): void;
}

/** How long nothing may come. */
const idleLimit = 300_000;

/** containerd's own limit of a message (defaults.DefaultMaxRecvMsgSize). */
const largestMessage = 16 * 1024 * 1024;

/** Larger than the protocol's 64 KiB, which would stop the stream for each. */
const windowSize = 4 * 1024 * 1024;

/** `headers` go with each call. Nothing is opened before the first one. */
export function grpcOver(path: string, headers: Readonly<Record<string, string>>): Grpc {
  let session: ClientHttp2Session | null = null;
  let broken: Error | null = null;
  const open = () => {
    const opened = connectHttp2('http://localhost', {
      createConnection: () => connect(path),
      settings: { initialWindowSize: windowSize },
    });
    opened.on('error', (error) => {
      broken = error;
    });
    opened.on('connect', () => opened.setLocalWindowSize(4 * windowSize));
    return opened;
  };
  return {
    async *call(method, message) {
      session ??= open();
      if (broken !== null || session.destroyed) throw unreachable(path, broken);
      const stream = session.request({
        [constants.HTTP2_HEADER_METHOD]: 'POST',
        [constants.HTTP2_HEADER_PATH]: `/${method}`,
        'content-type': 'application/grpc',
        te: 'trailers',
        ...headers,
      });
      stream.setTimeout(idleLimit, () => stream.destroy(new Error('it does not answer')));
      stream.end(framed(message));
      const status = statusOf(stream);
      try {
        yield* messagesIn(stream, () => unreachable(path, broken));
      } finally {
        stream.close(constants.NGHTTP2_CANCEL);
      }
      refuse(path, await status);
    },
    close: () => session?.destroy(),
  };
}

/** Not compressed, and its size. */
function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

async function* messagesIn(stream: ClientHttp2Stream, cause: () => UnreadablePart) {
  const bytes = byteStream(chunksOf(stream, cause));
  while (await bytes.hasMore()) {
    const head = await bytes.take(5);
    const size = head.length === 5 ? head.readUInt32BE(1) : 0;
    if (head.length < 5 || head[0] !== 0 || size > largestMessage)
      throw new MalformedInput(`the answer is not a gRPC message: ${head.toString('hex')}`);
    const message = await bytes.take(size);
    if (message.length < size) throw cause();
    yield message;
  }
}

async function* chunksOf(stream: ClientHttp2Stream, cause: () => UnreadablePart) {
  try {
    for await (const chunk of stream) if (Buffer.isBuffer(chunk)) yield chunk;
  } catch (error) {
    if (error instanceof Error && /does not answer/.test(error.message))
      throw unreachable('containerd', error);
    throw cause();
  }
}

interface Status {
  /** '0' is success; '' when the stream ended without one. */
  readonly code: string;
  readonly message: string;
}

/** In the trailers, or in the headers of an answer without messages. */
function statusOf(stream: ClientHttp2Stream): Promise<Status> {
  return new Promise((resolve) => {
    let found: Status = { code: '', message: '' };
    const note = (headers: Readonly<Record<string, unknown>>) => {
      if (headers['grpc-status'] === undefined) return;
      const message = String(headers['grpc-message'] ?? '');
      found = { code: String(headers['grpc-status']), message: decoded(message) };
    };
    stream.on('response', note);
    stream.on('trailers', note);
    stream.on('close', () => resolve(found));
    // The reader of the stream reports it.
    stream.on('error', () => resolve(found));
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const notFound = '5';

function refuse(path: string, { code, message }: Status): void {
  if (code === '0') return;
  if (code === notFound) throw new MissingPart(message);
  throw new UnreadablePart(
    code === '' ? `${path} broke off` : `${path} refuses (gRPC status ${code}): ${message}`,
  );
}

function unreachable(path: string, error: Error | null): UnreadablePart {
  if (error === null) return new UnreadablePart(`${path} broke off`);
  const reason = reasonOf(error);
  const words = reason === 'ECONNREFUSED' ? 'connection refused' : reason;
  return new UnreadablePart(
    `${path} cannot be reached: ${words === String(error) ? error.message : words}`,
  );
}
