import { NT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';

/** Note GNU_ABI_TAG. */
export interface SystemTag {
  /** 0: Linux. */
  readonly system: number;
  /** The lowest kernel. */
  readonly kernel: readonly [number, number, number];
}

/** The first note counts that is as glibc expects it: 16 bytes of owner GNU. */
export function systemTag(elf: Elf): SystemTag | null {
  const tag = elf.notes.find(
    ({ owner, type, description }) =>
      owner === 'GNU' && type === NT.GNU_ABI_TAG && description.length === 16,
  );
  if (tag === undefined) return null;
  const word = (at: number) =>
    elf.header.byteOrder === 'little'
      ? tag.description.readUInt32LE(at)
      : tag.description.readUInt32BE(at);
  return { system: word(0), kernel: [word(4) & 0xff, word(8) & 0xff, word(12) & 0xff] };
}
