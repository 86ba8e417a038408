import type { Bytes } from './bytes.ts';
import { viewOf } from './layout.ts';

/** Bytes that are read at a time. Most tables have fewer. */
const viewSize = 4096;

/**
 * A table that is read field by field, whose length is not known before its end is found. Fields that lie near each
 * other are seen through one view, because a view and its buffer cost as much as fifty fields.
 */
export class TableWindow {
  view: DataView = new DataView(new ArrayBuffer(0));
  readonly #bytes: Bytes;
  #start = 0;

  constructor(bytes: Bytes) {
    this.#bytes = bytes;
  }

  /** Where in `view` the `length` bytes at `at` are, until the next call. Throws MalformedElf outside the table. */
  place(at: number, length: number): number {
    const isThere = at >= this.#start && at + length <= this.#start + this.view.byteLength;
    if (!isThere) {
      const size = Math.max(length, Math.min(viewSize, this.#bytes.size - at));
      this.view = viewOf(this.#bytes.read(at, size));
      this.#start = at;
    }
    return at - this.#start;
  }
}
