import library from 'xz-decompress';
import { MalformedInput } from '../../base/errors.ts';
import { type Behind, sizeOf } from './behind.ts';
import { type ByteStream, byteStream } from './byte-stream.ts';
import { unxzBlocks } from './xz-blocks.ts';
import {
  copyXzStream,
  headerMagicSize,
  isXzHeader,
  needsRewriting,
  rewritingHead,
} from './xz-container.ts';

/**
 * The parts of xz-decompress 0.2.3 that are used, which are not its public interface: that lets one file of a thread
 * wait for the end of the other, without end if that one is abandoned. What is used is its WebAssembly build of XZ Embedded,
 * one instance for each file: its memory goes when the file goes. decompress.test.ts fails when it changes.
 */
interface Library {
  readonly XzReadableStream: {
    readonly _moduleInstance: { readonly exports: Decoder };
    /** Puts a new instance there. */
    _getModuleInstance(): Promise<void>;
  };
}

interface Decoder {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Address of a context: 32-bit words, then its buffers. */
  create_context(): number;
  /** No bytes are the end of the file. */
  supply_input(context: number, size: number): void;
  /** Decodes until the input is empty or the output full. Returns a status of XZ Embedded. */
  get_next_output(context: number): number;
}

/** Places of words in a context. */
const words = { bufferSize: 0, input: 1, inputUsed: 2, inputSize: 3, output: 4, outputSize: 5 };

const more = 0;
const ended = 1;

/** Statuses of XZ Embedded (xz.h), which here has no filters but LZMA2. */
const failures: ReadonlyMap<number, string> = new Map([
  [3, 'its dictionary needs more memory than there is'],
  [4, 'its dictionary is larger than the decoder allows'],
  [5, 'here no xz stream begins'],
  [
    6,
    'it has a filter that is not known, or another check than its first stream, which is not supported',
  ],
  [7, 'it cannot be decoded any further'],
  [8, 'it ends inside a stream'],
]);

/**
 * The content of an xz file: several streams, padding between them. Everything that can be decoded is yielded before an
 * error, be it of the stream or of `chunks`, is thrown. Throws MalformedInput.
 */
export async function* unxz(
  chunks: AsyncIterable<Buffer>,
  behind: Behind = () => {},
): AsyncIterable<Buffer> {
  const stream = byteStream(chunks);
  const head = await stream.peek(rewritingHead);
  yield* needsRewriting(head) ? unxzBlocks(stream, decode) : decode(streamsOf(stream));
  const rest = await sizeOf(stream.remaining());
  if (rest > 0) behind(rest);
}

/** The decoder would take what follows the last of them for damage, and lose what it has not given yet. */
async function* streamsOf(stream: ByteStream): AsyncIterable<Buffer> {
  do {
    yield* copyXzStream(stream);
    await stream.skipZeros();
  } while (isXzHeader(await stream.peek(headerMagicSize)));
}

async function* decode(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const decoder = startContext(await startInstance());
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += decoder.inputSize) {
      yield* decoder.decode(chunk.subarray(at, at + decoder.inputSize));
    }
  }
  yield* decoder.end();
}

let starting: Promise<unknown> = Promise.resolve();

/** One after the other, since the library hands an instance over in a static field. */
function startInstance(): Promise<Decoder> {
  // The library's types show its public interface only.
  const { XzReadableStream } = library as unknown as Library;
  const started = starting.then(async () => {
    await XzReadableStream._getModuleInstance();
    return XzReadableStream._moduleInstance.exports;
  });
  starting = started.catch(() => {});
  return started;
}

function startContext(decoder: Decoder) {
  const context = decoder.create_context();
  let produced = 0;

  /** The memory moves when it grows, as it does for a dictionary. */
  const memory = () => decoder.memory.buffer;
  const wordAt = (word: number) => new DataView(memory()).getUint32(context + 4 * word, true);

  function next(): { readonly bytes: Buffer; readonly status: number } {
    const status = decoder.get_next_output(context);
    const size = wordAt(words.outputSize);
    const bytes = Buffer.from(new Uint8Array(memory(), wordAt(words.output), size));
    new DataView(memory()).setUint32(context + 4 * words.outputSize, 0, true);
    produced += size;
    return { bytes, status };
  }

  function check(status: number): void {
    if (status === more || status === ended) return;
    const why = failures.get(status) ?? `the decoder says ${status}`;
    throw new MalformedInput(`xz stream is damaged after ${produced} bytes of content: ${why}`);
  }

  /** Without progress the decoder fails at the second call (XZ_BUF_ERROR), so this ends. */
  function* outputs(mayStop: () => boolean): Iterable<Buffer> {
    for (;;) {
      const { bytes, status } = next();
      if (bytes.length > 0) yield bytes;
      check(status);
      if (status === ended || mayStop()) return;
    }
  }

  return {
    inputSize: wordAt(words.bufferSize),
    *decode(piece: Buffer): Iterable<Buffer> {
      new Uint8Array(memory(), wordAt(words.input)).set(piece);
      decoder.supply_input(context, piece.length);
      yield* outputs(() => wordAt(words.inputUsed) === wordAt(words.inputSize));
    },
    *end(): Iterable<Buffer> {
      decoder.supply_input(context, 0);
      yield* outputs(() => false);
    },
  };
}
