import type { RandomAccess } from '../archive/random-access.ts';

/**
 * Where an ELF file ends that something follows: behind the last segment, and behind the table of section headers, which
 * linkers write last (as the AppImage specification has it). null: this is none.
 */
export async function endOfElf(file: RandomAccess): Promise<number | null> {
  const head = await file.read(0, 64);
  const wide = head[4] === 2;
  if (head.toString('latin1', 0, 4) !== '\x7fELF' || head.length < (wide ? 64 : 52)) return null;
  const little = head[5] === 1;
  const half = (at: number) => (little ? head.readUInt16LE(at) : head.readUInt16BE(at));
  const word = (bytes: Buffer, at: number) => {
    if (!wide) return little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    return Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  };
  const sections = word(head, wide ? 40 : 32) + half(wide ? 58 : 46) * half(wide ? 60 : 48);
  const segmentSize = half(wide ? 54 : 42);
  const segments = half(wide ? 56 : 44);
  if (segmentSize !== (wide ? 56 : 32)) return within(sections, file);
  const table = await file.read(word(head, wide ? 32 : 28), segments * segmentSize);
  let end = sections;
  for (let at = 0; at + segmentSize <= table.length; at += segmentSize)
    end = Math.max(end, word(table, at + (wide ? 8 : 4)) + word(table, at + (wide ? 32 : 16)));
  return within(end, file);
}

function within(end: number, { size }: RandomAccess): number | null {
  return end > 0 && end < size ? end : null;
}
