import type { EntryList } from '../layers/building/entry-list.ts';
import type { CatalogEntry } from '../layers/catalog.ts';
import { toColumns } from './entry-columns.ts';
import type { WorkerMessage } from './messages.ts';

const entriesInMessage = 1024;
/** Messages that may be on their way: more would pile up where they are taken. */
const mostOnTheWay = 4;

export class SentEntries implements EntryList {
  readonly #send: (message: WorkerMessage) => void;
  #waiting: CatalogEntry[] = [];
  #named: [number, string][] = [];
  #sent = 0;
  #onTheWay = 0;
  #onTaken = () => {};

  constructor(send: (message: WorkerMessage) => void) {
    this.#send = send;
  }

  add(entry: CatalogEntry): number {
    return this.#sent + this.#waiting.push(entry) - 1;
  }

  name(at: number, sha256: string): void {
    this.#named.push([at, sha256]);
  }

  get isFull(): boolean {
    return this.#waiting.length >= entriesInMessage;
  }

  async room(): Promise<void> {
    this.#sendWaiting();
    await this.#untilOnTheWay(mostOnTheWay - 1);
  }

  /** Resolves when all are taken. */
  async finish(): Promise<readonly CatalogEntry[]> {
    this.#sendWaiting();
    await this.#untilOnTheWay(0);
    return [];
  }

  /** The oldest message is taken. */
  taken(): void {
    this.#onTheWay -= 1;
    this.#onTaken();
  }

  #sendWaiting(): void {
    this.#send({ kind: 'entries', entries: toColumns(this.#waiting), named: this.#named });
    this.#sent += this.#waiting.length;
    this.#onTheWay += 1;
    this.#waiting = [];
    this.#named = [];
  }

  async #untilOnTheWay(most: number): Promise<void> {
    while (this.#onTheWay > most) {
      await new Promise<void>((resolve) => {
        this.#onTaken = resolve;
      });
    }
  }
}
