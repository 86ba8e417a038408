import { fileURLToPath } from 'node:url';
import { UsageError } from '../base/errors.ts';
import { openContent, openTarget } from '../sources/input/find-source.ts';
import type { OpenSource, SourceOptions } from '../sources/source.ts';

/**
 * What can be scanned: a path or reference as on the command line, a `file:` URL, bytes in memory, a stream of bytes, or one of the last
 * two with the name that reports give it.
 */
export type Input = string | URL | Content | NamedContent;

/** Bytes in memory must not change before the scan ends. A stream is copied to a temporary file without a name. */
export type Content = Uint8Array | AsyncIterable<Uint8Array>;

export interface NamedContent {
  /** For reports. It is a name alone: nothing is opened by it. */
  readonly name: string;
  readonly content: Content;
}

export interface OpenableInputs {
  /** One for each input. */
  readonly references: readonly string[];
  /** To be called for each reference, in order. */
  open(reference: string): Promise<OpenSource>;
}

/** Throws UsageError for what is none of them. */
export function openableInputs(
  inputs: Input | readonly Input[],
  options: SourceOptions,
): OpenableInputs {
  const given = listOf(inputs).map(readInput);
  const waiting = [...given];
  return {
    references: given.map(({ name }) => name),
    async open(reference) {
      const next = waiting.shift();
      return next === undefined || next.content === null
        ? openTarget(reference, options)
        : openContent(next.name, next.content, options);
    },
  };
}

function listOf(inputs: Input | readonly Input[]): readonly Input[] {
  return isList(inputs) ? inputs : [inputs];
}

function isList(inputs: Input | readonly Input[]): inputs is readonly Input[] {
  return Array.isArray(inputs);
}

interface ReadInput {
  readonly name: string;
  /** null: the name says where it is. */
  readonly content: Buffer | AsyncIterable<Buffer> | null;
}

function readInput(input: Input, index: number): ReadInput {
  if (typeof input === 'string') return { name: input, content: null };
  if (input instanceof URL) return { name: pathOf(input), content: null };
  const unnamed = contentOf(input);
  if (unnamed !== null) return { name: `input-${index + 1}`, content: unnamed };
  if (isNamed(input)) {
    const content = contentOf(input.content);
    if (content !== null) return { name: input.name, content };
  }
  throw new UsageError(
    `input ${index + 1} is ${describe(input)}, expected a path, a reference, a file: URL, a Uint8Array, a stream, or { name, content }`,
  );
}

function pathOf(url: URL): string {
  if (url.protocol !== 'file:')
    throw new UsageError(`${url.href} is not a file: URL; images of a registry are strings`);
  return fileURLToPath(url);
}

function isNamed(input: unknown): input is NamedContent {
  return (
    typeof input === 'object' &&
    input !== null &&
    'content' in input &&
    'name' in input &&
    typeof input.name === 'string' &&
    input.name !== ''
  );
}

/** The same memory; null: it is neither bytes nor a stream. */
function contentOf(content: unknown): ReadInput['content'] {
  if (content instanceof Uint8Array)
    return Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return isStream(content) ? buffersOf(content) : null;
}

function isStream(content: unknown): content is AsyncIterable<unknown> {
  return typeof content === 'object' && content !== null && Symbol.asyncIterator in content;
}

async function* buffersOf(stream: AsyncIterable<unknown>): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array))
      throw new UsageError(`a stream gave ${describe(chunk)}, expected bytes (a Uint8Array)`);
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return typeof value === 'object' ? 'an object of another kind' : `a ${typeof value}`;
}
