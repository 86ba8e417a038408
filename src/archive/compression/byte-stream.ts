/** A stream read in portions of a wanted size, for formats whose headers and bodies follow each other. */
export interface ByteStream {
  /** Bytes taken or skipped so far. */
  readonly position: number;
  /** Whether there is one more byte. */
  hasMore(): Promise<boolean>;
  /** The next `size` bytes, which stay to be read; fewer only where the stream ends. */
  peek(size: number): Promise<Buffer>;
  /** `size` bytes in one piece; fewer only where the stream ends. */
  take(size: number): Promise<Buffer>;
  /** `size` bytes as they come; fewer only where the stream ends. What is not read of them must be skipped by `skipTo`. */
  pieces(size: number): AsyncIterable<Buffer>;
  /** Goes on to a later position, or to the end. */
  skipTo(position: number): Promise<void>;
  /** Goes on to the next byte that is not 0, or to the end. */
  skipZeros(): Promise<void>;
  /** Puts back what was taken last and not needed. */
  giveBack(bytes: Buffer): void;
  /** All that is left, as it comes. */
  remaining(): AsyncIterable<Buffer>;
  /** Closes the source. */
  close(): Promise<void>;
}

export function byteStream(chunks: AsyncIterable<Buffer>): ByteStream {
  const source = chunks[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  let position = 0;

  async function hasMore(): Promise<boolean> {
    while (rest.length === 0) {
      const { done, value } = await source.next();
      if (done) return false;
      rest = value;
    }
    return true;
  }

  /** At most `size` bytes, at least one; null at the end. */
  async function some(size: number): Promise<Buffer | null> {
    if (!(await hasMore())) return null;
    const bytes = rest.subarray(0, size);
    rest = rest.subarray(bytes.length);
    position += bytes.length;
    return bytes;
  }

  async function* pieces(size: number): AsyncIterable<Buffer> {
    for (let left = size; left > 0; ) {
      const bytes = await some(left);
      if (bytes === null) return;
      left -= bytes.length;
      yield bytes;
    }
  }

  async function take(size: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const piece of pieces(size)) parts.push(piece);
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  }

  return {
    get position() {
      return position;
    },
    hasMore,
    async peek(size) {
      const at = position;
      const bytes = await take(size);
      rest = rest.length === 0 ? bytes : Buffer.concat([bytes, rest]);
      position = at;
      return bytes;
    },
    take,
    pieces,
    async skipTo(end) {
      for await (const _ of pieces(Math.max(0, end - position)));
    },
    async skipZeros() {
      while (await hasMore()) {
        const zeros = leadingZeros(rest);
        rest = rest.subarray(zeros);
        position += zeros;
        if (rest.length > 0) return;
      }
    },
    giveBack(bytes) {
      if (bytes.length === 0) return;
      rest = rest.length === 0 ? bytes : Buffer.concat([bytes, rest]);
      position -= bytes.length;
    },
    remaining: () => pieces(Number.POSITIVE_INFINITY),
    async close() {
      await source.return?.();
    },
  };
}

function leadingZeros(bytes: Buffer): number {
  let count = 0;
  while (bytes[count] === 0) count += 1;
  return count;
}
