import { fstatSync, writeSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { UsageError } from '../../base/errors.ts';
import { codeOf, reasonOf } from '../../base/system-error.ts';
import type { Output } from '../command.ts';

/** A stream of the process, as Node.js has them. */
type Stream = NodeJS.WriteStream & { readonly fd: number };

/**
 * One of the process's streams. A closed pipe (`| head`) is not an error; any other failure of the system is a UsageError
 * of one sentence.
 */
export function standardOutput(stream: Stream, name: string): Output {
  // Without a listener a closed pipe would end the process before its exit code is known.
  stream.on('error', () => {});
  const write = isFile(stream)
    ? (text: string | Buffer) => writeAll(stream.fd, text)
    : throughStream(stream);
  return {
    isTty: stream.isTTY === true,
    columns: stream.columns || 80,
    write: (text) =>
      write(text).catch((error: unknown) => {
        if (!isClosedPipe(error)) throw refusal(error, name);
      }),
  };
}

/** Files and devices other than terminals: when the disk is full, Node's own stream drops the rest of a chunk and throws. */
function isFile(stream: Stream): boolean {
  if (stream.isTTY) return false;
  try {
    const found = fstatSync(stream.fd);
    return found.isFile() || found.isCharacterDevice() || found.isBlockDevice();
  } catch {
    return false;
  }
}

async function writeAll(descriptor: number, text: string | Buffer): Promise<void> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error;
      await wait(5);
    }
  }
}

function throughStream(stream: Stream) {
  return (text: string | Buffer) =>
    new Promise<void>((resolve, reject) => {
      // A stream may throw instead of calling back.
      stream.write(text, (error) => (error ? reject(error) : resolve()));
    });
}

function isClosedPipe(error: unknown): boolean {
  return ['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED'].includes(codeOf(error));
}

function refusal(error: unknown, name: string): unknown {
  return codeOf(error) === ''
    ? error
    : new UsageError(`cannot write to ${name}: ${reasonOf(error)}`);
}
