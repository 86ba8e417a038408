import type { DamagedInput } from '../base/errors.ts';
import type { PlacedElf } from '../extraction/elf-content.ts';
import type { ExtractedFile } from '../layers/building/extraction-queue.ts';
import type { HostMessage, WorkerMessage } from './messages.ts';
import { damageFrom } from './sent-damage.ts';

interface Waiting {
  resolve(named: ExtractedFile): void;
  reject(error: DamagedInput): void;
}

export class RequestedFacts {
  readonly #send: (message: WorkerMessage) => void;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor(send: (message: WorkerMessage) => void) {
    this.#send = send;
  }

  extract({ place, look }: PlacedElf): Promise<ExtractedFile> {
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ kind: 'elf', id, elf: { place, look } });
    });
  }

  answer(answer: Extract<HostMessage, { kind: 'extracted' | 'lost' }>): void {
    const { id } = answer;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (answer.kind === 'extracted') waiting?.resolve(answer.named);
    else waiting?.reject(damageFrom(answer));
  }
}
