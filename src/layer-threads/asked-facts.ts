import type { DamagedInput } from '../base/errors.ts';
import type { PlacedElf } from '../extraction/elf-content.ts';
import type { Named } from '../layers/extraction-queue.ts';
import type { FromLayer, ToLayer } from './messages.ts';
import { damageFrom } from './told-damage.ts';

interface Waiting {
  resolve(named: Named): void;
  reject(error: DamagedInput): void;
}

export class AskedFacts {
  readonly #send: (message: FromLayer) => void;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor(send: (message: FromLayer) => void) {
    this.#send = send;
  }

  extract({ place, look }: PlacedElf): Promise<Named> {
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#send({ kind: 'elf', id, elf: { place, look } });
    });
  }

  answer(answer: Extract<ToLayer, { kind: 'extracted' | 'lost' }>): void {
    const { id } = answer;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (answer.kind === 'extracted') waiting?.resolve(answer.named);
    else waiting?.reject(damageFrom(answer));
  }
}
