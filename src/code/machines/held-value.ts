/** What an instruction does to registers. `jump`: execution does not go on behind it; `return`: nor does the function. */
export type Effect =
  | 'call'
  | 'jump'
  | 'return'
  | null
  | { readonly sets: number; readonly to: Held }
  | {
      readonly sets: number;
      readonly to: 'copies';
      readonly from: readonly number[];
      /** What is added to the sum of the copied registers. */
      readonly plus?: number;
    };

/** An address in the caller's frame, a constant, or something that is not known. */
export type Held = 'frame' | number | null;

/** How a machine's registers are followed backwards. */
export interface RegisterSteps {
  readonly effectOf: (code: Buffer, at: number) => Effect;
  /** A call leaves the register as it is. */
  readonly isKept: (register: number) => boolean;
  /**
   * It holds the frame, if it is set up from the stack pointer, from the function's first instructions on, so jumps in
   * between change nothing.
   */
  readonly isFramePointer?: (register: number) => boolean;
}

/** Copies that are followed. */
const mostCopies = 3;

/** What a register holds behind `steps`: offsets of the instructions before a place, the nearest first. */
export function heldIn(
  { effectOf, isKept, isFramePointer }: RegisterSteps,
  code: Buffer,
  steps: readonly number[],
  register: number,
): Held {
  return heldFrom(0, register, mostCopies);

  function heldFrom(index: number, register: number, copies: number): Held {
    for (let at = index; at < steps.length; at += 1) {
      const effect = effectOf(code, steps[at] ?? 0);
      if (effect === null) continue;
      if (effect === 'return') return null;
      if (effect === 'jump') {
        if (isFramePointer?.(register) !== true) return null;
      } else if (effect === 'call') {
        if (!isKept(register)) return null;
      } else if (effect.sets === register) {
        if (effect.to !== 'copies') return effect.to;
        const from = effect.from.map((source) =>
          copies > 0 ? heldFrom(at + 1, source, copies - 1) : null,
        );
        return sum(from, effect.plus ?? 0);
      }
    }
    return null;
  }
}

function sum(from: readonly Held[], plus: number): Held {
  if (from.includes('frame')) return 'frame';
  const [only] = from;
  return from.length === 1 && typeof only === 'number' ? only + plus : null;
}

/**
 * Offsets of the instructions before a place, the nearest first, as far as most readings from each halfword on agree.
 *
 * @param reach in bytes
 * @param isLong whether the instruction that begins with a halfword has two
 */
export function stepsBefore(
  code: Buffer,
  place: number,
  reach: number,
  isLong: (half: number) => boolean,
): readonly number[] {
  const from = place - Math.min(place - (place % 2), reach);
  const size = (place - from) / 2;
  const votes = new Uint16Array(size + 2);
  const lengths = new Uint8Array(size);
  for (let index = 0; index < size; index += 1) {
    const length = isLong(code.readUInt16LE(from + index * 2)) ? 2 : 1;
    lengths[index] = length;
    votes[index] = (votes[index] ?? 0) + 1;
    votes[index + length] = (votes[index + length] ?? 0) + (votes[index] ?? 0);
  }
  const found: number[] = [];
  let end = size;
  while (end > 0) {
    const begin = [end - 1, end - 2].find(
      (index) =>
        index >= 0 && index + (lengths[index] ?? 0) === end && (votes[index] ?? 0) * 2 > index + 1,
    );
    if (begin === undefined) break;
    found.push(from + begin * 2);
    end = begin;
  }
  return found;
}
