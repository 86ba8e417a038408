import { writeJson } from './write-json.ts';

/** Characters of one text. What has more to say is seldom said twice. */
const longest = 4096;
/** Characters of all texts. */
const mostKept = 16 * 1024 * 1024;

/**
 * Writes JSON, and remembers the text of an object: nine of ten facts and verdicts of a report are the same objects as
 * those of another binary.
 */
export class KeptJson {
  readonly #texts = new WeakMap<object, string>();
  #left = mostKept;

  /** `shown` is what is written for the object. */
  of(object: object, shown: () => unknown = () => object): string {
    const kept = this.#texts.get(object);
    if (kept !== undefined) return kept;
    const text = writeJson(shown());
    if (text.length <= Math.min(longest, this.#left)) {
      this.#left -= text.length;
      this.#texts.set(object, text);
    }
    return text;
  }
}
