import type { Problem } from '../../base/problem.ts';

export type KeepsText = boolean | 'sparingly' | 'list' | 'text';

/** Of a layer and what lies in its files together. */
export interface Seen {
  /** Entries. */
  count: number;
  /** Bytes of lists that may still be kept. */
  room: number;
}

/** Lists of what package managers of languages installed: 1,500 packages of npm or Python have less than half of it. */
const roomForLists = 1 << 25;

/** Of one layer. What is not kept, and is named as something to run, leaves the start of the image not judged whole. */
const roomForScripts = 1 << 24;
const roomForTexts = 1 << 23;

export function nothingSeen(): Seen {
  return { count: 0, room: roomForLists };
}

/** Bytes of texts that may still be kept of one layer. */
export class TextRooms {
  readonly #seen: Seen;
  readonly #report: (problem: Problem) => void;
  /** Of texts that are kept in limited number, and of those that only a command distinguishes from data. */
  readonly #rooms = { sparingly: roomForScripts, text: roomForTexts };

  constructor(seen: Seen, report: (problem: Problem) => void) {
    this.#seen = seen;
    this.#report = report;
  }

  /** Whether the text is kept: then its room is taken. */
  take(keeps: KeepsText, size: number): boolean {
    if (keeps === 'list') return this.#takeList(size);
    if (keeps === true || keeps === false) return keeps;
    if (size > this.#rooms[keeps]) return false;
    this.#rooms[keeps] -= size;
    return true;
  }

  #takeList(size: number): boolean {
    if (size > this.#seen.room) {
      // What it lists counts as its author's own: this is reported once.
      if (this.#seen.room >= 0) this.#report(noRoomForLists);
      this.#seen.room = -1;
      return false;
    }
    this.#seen.room -= size;
    return true;
  }
}

const noRoomForLists: Problem = {
  kind: 'notice',
  where: '',
  message: `lists of installed packages of languages have more than ${roomForLists} bytes: files of those that are not kept count as your own`,
};
