import { a32Registers, wideConstant as wideConstantA32 } from './arm-a32-effects.ts';
import { t32Registers, wideConstant as wideConstantT32 } from './arm-t32-effects.ts';
import type { Effect, RegisterSteps } from './held-value.ts';
import { isLongT32 } from './instruction-walk.ts';

/**
 * What an instruction adds to the address that a register is set to.
 * - `counter`: the program counter, to what `from` holds
 * - `high`, `low`: the halves that `movt` and `movw` set
 * - `literal`: a word of the file, the last part
 * - `other`: something that is not known
 */
type AddressPart =
  | { readonly is: 'counter'; readonly value: number }
  | { readonly is: 'high' | 'low' | 'literal'; readonly value: number }
  | { readonly is: 'copy'; readonly from: number }
  | 'other';

/** The part that the instruction at an offset has in a register; null where it does not set it. */
type PartOf = (code: Buffer, address: number, at: number, register: number) => AddressPart | null;

/** The address that a register is set to near a place, by the steps before it; null where that is not seen. */
export function addressIn(
  code: Buffer,
  address: number,
  steps: readonly number[],
  register: number,
  partOf: PartOf,
): number | null {
  let held = register;
  let base = 0;
  let high: number | null = null;
  for (const at of steps) {
    const part = partOf(code, address, at, held);
    if (part === null) continue;
    if (part === 'other') return null;
    switch (part.is) {
      case 'counter':
        base += part.value;
        break;
      case 'copy':
        held = part.from;
        break;
      case 'high':
        high = part.value;
        break;
      case 'low':
        return wrapped(base + (high ?? 0) * 65536 + part.value);
      case 'literal':
        return high === null ? wrapped(base + part.value) : null;
    }
  }
  return null;
}

const wrapped = (value: number) => value % 2 ** 32;

/** `special` reads instructions that set the register to more than a copy; null for others. */
function partBy({ effectOf }: RegisterSteps, special: PartOf): PartOf {
  return (code, address, at, register) => {
    const effect = effectOf(code, at);
    if (effect === null) return null;
    if (typeof effect === 'string') return 'other';
    if (effect.sets !== register) return null;
    return special(code, address, at, register) ?? copyOf(effect);
  };
}

/** `ldr rd,[pc,#n]`, `movw` and `movt`, `add rd,pc`, `mov`. */
export const t32AddressPart = partBy(t32Registers, (code, address, at) => {
  const first = code.readUInt16LE(at);
  const second = at + 4 <= code.length ? code.readUInt16LE(at + 2) : 0;
  if ((first & 0xff78) === 0x4478) return { is: 'counter', value: address + at + 4 };
  const counter = at + 4 - ((address + at) & 3);
  if ((first & 0xf800) === 0x4800) return literalAt(code, counter + (first & 0xff) * 4);
  if (first === 0xf8df) return literalAt(code, counter + (second & 0xfff));
  if (!isLongT32(first)) return null;
  const value = wideConstantT32(first, second);
  if ((first & 0xfbf0) === 0xf2c0) return { is: 'high', value };
  return (first & 0xfbf0) === 0xf240 ? { is: 'low', value } : null;
});

/** The same of A32. */
export const a32AddressPart = partBy(a32Registers, (code, address, at, register) => {
  const word = code.readUInt32LE(at);
  if (word >>> 28 !== 0xe) return 'other';
  const counter = address + at + 8;
  const isSum = (word & 0x0fff0ff0) === 0x008f0000 || (word & 0x0ff00fff) === 0x0080000f;
  const other = (word & 0x000f0000) === 0x000f0000 ? word & 15 : (word >>> 16) & 15;
  if (isSum) return other === register ? { is: 'counter', value: counter } : 'other';
  if ((word & 0x0f7f0000) === 0x051f0000) {
    const distance = word & 0xfff;
    return literalAt(code, at + 8 + ((word & 0x00800000) === 0 ? -distance : distance));
  }
  const value = wideConstantA32(word);
  if ((word & 0x0ff00000) === 0x03400000) return { is: 'high', value };
  return (word & 0x0ff00000) === 0x03000000 ? { is: 'low', value } : null;
});

function copyOf(effect: Exclude<Effect, string | null>): AddressPart {
  if (effect.to !== 'copies' || (effect.plus ?? 0) !== 0) return 'other';
  const [from, second] = effect.from;
  return from === undefined || second !== undefined ? 'other' : { is: 'copy', from };
}

function literalAt(code: Buffer, at: number): AddressPart {
  return at < 0 || at + 4 > code.length ? 'other' : { is: 'literal', value: code.readUInt32LE(at) };
}
