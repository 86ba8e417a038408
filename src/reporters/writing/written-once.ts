import { createHash } from 'node:crypto';
import type { BinaryReport, JudgedVerdict } from '../../report/report.ts';
import { writeJson } from './write-json.ts';

/** Writes a part of a binary, whose text is given, or its place. */
export interface PartWriter {
  verdict(verdict: JudgedVerdict, text: string, index: number): string;
  fact(name: string, text: string): string;
}

type Write = (binary: BinaryReport, front?: object, parts?: PartWriter) => string;

/** Characters of binaries before what was written is not written again: a small report is read by scripts as it stands. */
const mostTwice = 1024 * 1024;

/** Characters of parts that are remembered: those of a hundred large images. */
const mostRemembered = 64 * 1024 * 1024;

/**
 * In a list of images most binaries are those of an earlier one, and of the others most passes and facts are those of another
 * binary. What fails or is unknown is written out: it is what a reader looks for.
 */
export class WrittenOnce {
  /** Where the binary of each digest stands. */
  readonly #binaries = new Map<string, string>();
  /** Where the text of each part stands. */
  readonly #parts = new Map<string, string>();
  #written = 0;
  #remembered = 0;

  /** The binary, or its place where the same one stands already and the report is large. */
  shown(binary: BinaryReport, write: Write, [target, index]: readonly [number, number]): string {
    const { path, sha256 } = binary;
    const digest = createHash('sha256').update(write(binary)).digest('base64');
    const before = this.#binaries.get(digest);
    const isLarge = this.#written > mostTwice;
    if (before !== undefined && isLarge)
      return `${writeJson({ path, sha256 }).slice(0, -1)},"same":[${before}]}`;
    const place = `${target},${index}`;
    this.#binaries.set(digest, before ?? place);
    const text = write(
      binary,
      {},
      {
        verdict: ({ rule, outcome }, own, at) => {
          if (outcome !== 'pass' && outcome !== 'not-applicable') return own;
          const head = writeJson({ rule, outcome }).slice(0, -1);
          return this.#part(own, own, `${place},${at}`, head, isLarge);
        },
        fact: (name, own) => this.#part(`${name} ${own}`, own, place, '{', isLarge),
      },
    );
    this.#written += text.length;
    return text;
  }

  #part(key: string, own: string, place: string, head: string, isLarge: boolean): string {
    const before = this.#parts.get(key);
    if (before === undefined) {
      this.#remembered += key.length;
      if (this.#remembered < mostRemembered) this.#parts.set(key, place);
      return own;
    }
    const short = `${head}${head === '{' ? '' : ','}"same":[${before}]}`;
    return isLarge && short.length < own.length ? short : own;
  }
}
