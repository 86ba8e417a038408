import {
  type CommonDescription,
  type DescriptionReader,
  mostCommon,
  wordsOfDescription,
} from '../../byte-scan/descriptions.ts';
import { type FrameRules, noRules } from './call-frame.ts';
import { relativeInteger } from './encoded-pointer.ts';

/**
 * Is given what one frame description entry says: the distance from the first byte of the table to the first of the
 * code, the size of the code, its frame, which is only valid during the call, and where its instructions lie in the table.
 */
export type VisitFunction = (
  distance: number,
  size: number,
  frame: FrameRules,
  program: number,
  end: number,
) => void;

export interface CommonInformation {
  readonly pointerEncoding: number;
  /** FDEs have augmentation data, whose length must be skipped. */
  readonly augmented: boolean;
  readonly frame: FrameRules;
}

/** Visits runs of usual descriptions, as the byte scanner reads them. */
export class UsualDescriptions {
  readonly #read: DescriptionReader | null;
  readonly #commons: CommonDescription[] = [];
  readonly #personalities: number[] = [];
  readonly #frame = { ...noRules };

  constructor(read: DescriptionReader | null) {
    this.#read = read;
  }

  /** What descriptions behind it may refer to. Those that refer to one which is not kept are not usual. */
  note(at: number, { pointerEncoding, augmented, frame }: CommonInformation): void {
    const { size, bases, personality } = frame;
    if (pointerEncoding !== relativeInteger || size >= 2 ** 31) return;
    if (this.#commons.length === mostCommon) return;
    this.#commons.push({ at, size, bases, augmented });
    this.#personalities.push(personality);
  }

  /** Some from the record at `at` on, or none: how many they are, and where the record behind them begins. */
  visitFrom(at: number, visit: VisitFunction): { readonly count: number; readonly next: number } {
    if (this.#read === null || this.#commons.length === 0) return { count: 0, next: at };
    const read = this.#read(at, this.#commons);
    const { count, words } = read;
    const frame = this.#frame;
    for (let from = 0; from < count * wordsOfDescription; from += wordsOfDescription) {
      const distance = (words[from] ?? 0) + (words[from + 1] ?? 0);
      frame.size = words[from + 3] ?? 0;
      frame.bases = words[from + 4] ?? 0;
      frame.personality = this.#personalities[words[from + 5] ?? 0] ?? 0;
      visit(distance, words[from + 2] ?? 0, frame, words[from + 6] ?? 0, words[from + 7] ?? 0);
    }
    return read;
  }
}
