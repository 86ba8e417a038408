import type { MessagePort } from 'node:worker_threads';
import { DamagedInput } from '../base/errors.ts';
import type { HostMessage } from './messages.ts';
import { serialiseDamage } from './sent-damage.ts';

/** Chunks of a network are smaller, and a message each would cost as much as what is done with them. */
const pieceSize = 64 * 1024;

export class SentBytes {
  readonly #port: MessagePort;
  #wanted = 0;
  #isClosed = false;
  #onChange = () => {};

  constructor(port: MessagePort) {
    this.#port = port;
  }

  /** One more piece is wanted. */
  more(): void {
    this.#wanted += 1;
    this.#onChange();
  }

  /** The receiver wants no more. */
  close(): void {
    this.#isClosed = true;
    this.#onChange();
  }

  /** Resolves when all are sent, or the receiver wants no more. Damage is sent too; any other error is thrown. */
  async send(chunks: AsyncIterable<Buffer>): Promise<void> {
    try {
      // Its thread may have another layer first, and a connection that is open and still is closed by others.
      await this.#untilWanted();
      for await (const piece of inPieces(chunks)) {
        await this.#untilWanted();
        if (this.#isClosed) return;
        this.#wanted -= 1;
        this.#port.postMessage({ kind: 'piece', bytes: piece } satisfies HostMessage, [
          piece.buffer,
        ]);
      }
      this.#end({ kind: 'end', damage: null });
    } catch (error) {
      if (!(error instanceof DamagedInput)) throw error;
      this.#end({ kind: 'end', damage: serialiseDamage(error) });
    }
  }

  #end(message: HostMessage): void {
    this.#port.postMessage(message);
  }

  async #untilWanted(): Promise<void> {
    while (this.#wanted === 0 && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#onChange = resolve;
      });
    }
  }
}

/**
 * In memory of their own, which is transferred to the receiver. Everything before an error is delivered before it is
 * thrown.
 */
async function* inPieces(chunks: AsyncIterable<Buffer>): AsyncIterable<Uint8Array<ArrayBuffer>> {
  let piece = new Uint8Array(pieceSize);
  let size = 0;
  let failure: { readonly error: unknown } | null = null;
  try {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; ) {
        const part = chunk.subarray(at, at + pieceSize - size);
        piece.set(part, size);
        at += part.length;
        size += part.length;
        if (size < pieceSize) continue;
        yield piece;
        piece = new Uint8Array(pieceSize);
        size = 0;
      }
    }
  } catch (error) {
    failure = { error };
  }
  if (size > 0) yield piece.slice(0, size);
  if (failure !== null) throw failure.error;
}
