import type { OpenBlob } from '../sources/bytes/stored-layer.ts';
import type { HostMessage, WorkerMessage } from './messages.ts';
import { damageFrom } from './sent-damage.ts';

/** Pieces that are requested before they are needed. */
const ahead = 16;

/** Bytes that can be read once, in order, as they are sent. */
export class ReceivedBytes implements OpenBlob {
  readonly size: number;
  readonly #send: (message: WorkerMessage) => void;
  readonly #pieces: Buffer[] = [];
  #end: Extract<HostMessage, { kind: 'end' }> | null = null;
  #onArrival = () => {};

  constructor(size: number, send: (message: WorkerMessage) => void) {
    this.size = size;
    this.#send = send;
  }

  receive(message: Extract<HostMessage, { kind: 'piece' | 'end' }>): void {
    if (message.kind === 'end') this.#end = message;
    else this.#pieces.push(Buffer.from(message.bytes.buffer));
    this.#onArrival();
  }

  close(): void {}

  async read(): Promise<never> {
    throw new Error('a layer that is sent can only be read as a stream');
  }

  async *stream(): AsyncIterable<Buffer> {
    for (let asked = 0; asked < ahead; asked += 1) this.#send({ kind: 'more' });
    for (;;) {
      const piece = this.#pieces.shift();
      if (piece !== undefined) {
        this.#send({ kind: 'more' });
        yield piece;
      } else if (this.#end === null) {
        await new Promise<void>((resolve) => {
          this.#onArrival = resolve;
        });
      } else if (this.#end.damage === null) return;
      else throw damageFrom(this.#end.damage);
    }
  }
}
