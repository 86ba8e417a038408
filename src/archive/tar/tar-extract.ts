import { extract as createExtract } from 'tar-stream';
import type { Limits } from '../../base/limits.ts';
import { blockSize } from './tar-header.ts';
import { type EntryStep, endsInside, TarSequence, type TarStep } from './tar-sequence.ts';

/**
 * The parts of tar-stream 3.2.2 that are used, some of them not its public interface. It decodes headers in two methods
 * that lose bytes (PAX values that are not UTF-8) and reads on behind the end of the archive; both are replaced here by
 * a TarSequence. Buffering, back pressure and streams stay tar-stream's. tar-extract.test.ts fails when they change.
 */
export interface Extract extends AsyncIterable<EntryStream> {
  readonly destroyed: boolean;
  write(chunk: Buffer): boolean;
  end(): void;
  destroy(): void;
  on(event: 'drain' | 'close', listener: () => void): void;
  off(event: 'drain' | 'close', listener: () => void): void;
  emit(event: 'entry', header: StreamHeader, stream: EntryStream, unlock: () => void): void;
  _locked: boolean;
  _longHeader: boolean;
  _missing: number;
  _finished: boolean;
  _stream: EntryStream | null;
  _header: StreamHeader;
  readonly _buffer: {
    readonly buffered: number;
    readonly shifted: number;
    shift(size: number): Buffer;
  };
  readonly _unlockBound: () => void;
  _createStream(): EntryStream;
  _continueWrite(error: unknown): void;
  _consumeHeader(): boolean;
  _decodeLongHeader(body: Buffer): void;
  _final(done: (error: unknown) => void): void;
}

export interface EntryStream extends AsyncIterable<Buffer> {
  readonly header: StreamHeader;
  resume(): void;
}

/** `size` is what the library skips or streams; the entries are ours. */
interface StreamHeader {
  readonly size: number;
  /** Those in front of `entry`. */
  readonly before: readonly WholeEntry[];
  readonly entry: EntryStep | null;
}

/** All of it is there. */
export interface WholeEntry {
  readonly step: EntryStep;
  readonly body: Buffer;
}

/**
 * Whole entries that are reported together: a stream for each would cost more than everything else that is done with
 * it.
 */
const mostTogether = 256;
/** So they take at most 4 MiB. */
const mostWhole = 16 * 1024;

const nothing = Buffer.alloc(0);

/** tar-stream with a TarSequence in the place of its header decoder. */
export class TarExtract {
  // The library's own types hide what is replaced here.
  readonly extract = createExtract() as unknown as Extract;
  readonly #sequence: TarSequence;
  #step: TarStep = { kind: 'skip', bodySize: 0 };
  #whole: WholeEntry[] = [];
  #failure: unknown = null;

  constructor(limits: Limits) {
    this.#sequence = new TarSequence(limits);
    this.extract._consumeHeader = () => this.#consumeHeader();
    this.extract._decodeLongHeader = (body) => this.#decodeLongHeader(body);
    this.extract._final = (done) => {
      this.#failure ??= this.#cut();
      this.extract._finished = this.#failure === null;
      done(this.#failure);
    };
  }

  /** What ended the archive before its time, or null. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Entries that no stream has reported yet; at the end of the archive they are the last. */
  takeWhole(): readonly WholeEntry[] {
    const taken = this.#whole;
    this.#whole = [];
    return taken;
  }

  /** All is written; `error` is why there is no more, or null. */
  finish(error: unknown): void {
    this.#failure = error;
    this.extract.end();
  }

  #consumeHeader(): boolean {
    const { extract } = this;
    if (extract._locked) return false;
    const offset = extract._buffer.shifted;
    try {
      this.#step = this.#sequence.next(extract._buffer.shift(blockSize), offset);
    } catch (error) {
      extract._continueWrite(error);
      return false;
    }
    this.#follow(this.#step);
    return true;
  }

  /** Does with the bytes behind a header block what tar-stream's own `_consumeHeader` does. */
  #follow(step: TarStep): void {
    const { extract } = this;
    if (step.kind === 'end') {
      extract._missing = Number.POSITIVE_INFINITY;
      return;
    }
    extract._missing = step.kind === 'skip' ? padded(step.bodySize) : step.bodySize;
    if (step.kind === 'skip') return;
    const { bodySize } = step;
    if (step.kind === 'extension') {
      extract._header = { size: bodySize, before: [], entry: null };
      extract._longHeader = bodySize > 0;
    } else if (this.#isBuffered(bodySize)) {
      extract._missing = 0;
      this.#whole.push({ step, body: this.#takeBody(bodySize) });
      if (this.#whole.length === mostTogether) this.#emit(0, null);
    } else this.#emit(bodySize, step);
  }

  #isBuffered(bodySize: number): boolean {
    return bodySize <= mostWhole && padded(bodySize) <= this.extract._buffer.buffered;
  }

  #takeBody(bodySize: number): Buffer {
    if (bodySize === 0) return nothing;
    const { _buffer: buffer } = this.extract;
    const body = buffer.shift(bodySize);
    const padding = padded(bodySize) - bodySize;
    if (padding > 0) buffer.shift(padding);
    return body;
  }

  #emit(size: number, entry: EntryStep | null): void {
    const { extract } = this;
    const header = { size, before: this.takeWhole(), entry };
    extract._header = header;
    extract._locked = true;
    const stream = extract._createStream();
    if (size > 0) extract._stream = stream;
    extract.emit('entry', header, stream, extract._unlockBound);
  }

  #decodeLongHeader(body: Buffer): void {
    this.#sequence.extend(body, this.extract._buffer.shifted - body.length);
  }

  #cut(): Error | null {
    const { _missing: missing, _buffer: buffer } = this.extract;
    if (this.#step.kind === 'end') return null;
    const inHeader = buffer.buffered > 0 ? 'a header' : this.#sequence.unfinished();
    const unfinished = missing > 0 ? this.#step : inHeader;
    return unfinished === null ? null : endsInside(unfinished, buffer.shifted + buffer.buffered);
  }
}

function padded(size: number): number {
  return Math.ceil(size / blockSize) * blockSize;
}
