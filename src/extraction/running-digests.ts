import { createHash, type Hash } from 'node:crypto';
import type { OtherAlgorithm } from '../base/package-managers.ts';
import type { Digests } from './extraction.ts';

/** Digests of a file's bytes as far as they have come by, each after all before it. */
export class RunningDigests {
  readonly #sha256 = createHash('sha256');
  readonly #others: readonly (readonly [OtherAlgorithm, Hash])[];
  #until = 0;

  constructor(others: readonly OtherAlgorithm[]) {
    this.#others = others.map((name) => [name, createHash(name)]);
  }

  /** So many bytes have come by. */
  get until(): number {
    return this.#until;
  }

  /** Bytes at an offset of the file: those of them that come next, if any. */
  take(offset: number, bytes: Buffer): void {
    const end = offset + bytes.length;
    if (offset > this.#until || end <= this.#until) return;
    const next = bytes.subarray(this.#until - offset);
    this.#sha256.update(next);
    for (const [, hash] of this.#others) hash.update(next);
    this.#until = end;
  }

  /** Once, when all have. */
  digests(): Digests {
    const others = this.#others.map(([name, hash]) => [name, hash.digest('hex')]);
    return { sha256: this.#sha256.digest('hex'), others: Object.fromEntries(others) };
  }
}
