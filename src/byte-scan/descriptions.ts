import { scanner, toScan } from './scan-in-windows.ts';

/** What a description refers to: where it begins in the table, and what it says of a frame. */
export interface CommonDescription {
  readonly at: number;
  readonly size: number;
  readonly bases: number;
  /** Descriptions have augmentation data. */
  readonly augmented: boolean;
}

/** For so many there is room; tables have few. */
export const mostCommon = 16;
const wordsOfCommon = 4;
/** As many as stay near: each is eight words. */
const room = 2048;
export const wordsOfDescription = 8;

/** Descriptions that were read, until the next scan of anything. */
export interface ReadDescriptions {
  readonly count: number;
  /** The record behind them. */
  readonly next: number;
  /** {@link wordsOfDescription} each; what they are is said in byte-scan.wat. */
  readonly words: Int32Array;
}

export type DescriptionReader = (
  at: number,
  commons: readonly CommonDescription[],
) => ReadDescriptions;

/**
 * Reads .eh_frame, as far as it is usual; `lengths` are those of usual instructions. null where there is no memory for it. The
 * bytes must have been glanced at last, for they may be copied to where glances are.
 */
export function descriptionReader(bytes: Buffer, lengths: Uint8Array): DescriptionReader | null {
  const table = toScan(bytes);
  if (table === null) return null;
  const using = scanner();
  const words = new Int32Array(
    using.findings.buffer,
    using.findings.byteOffset,
    room * wordsOfDescription,
  );
  using.lengths.set(lengths);
  let known = 0;
  return (at, commons) => {
    for (; known < commons.length; known += 1) {
      const { at: place, size, bases, augmented } = commons[known] ?? noCommon;
      using.commons.set([place, size, bases, augmented ? 1 : 0], known * wordsOfCommon);
    }
    const count = using.descriptions(table.byteOffset, at, table.length, known, room);
    return { count, next: using.stopped(), words };
  };
}

const noCommon: CommonDescription = { at: 0, size: 0, bases: 0, augmented: false };
