import type { RandomAccess } from '../base/random-access.ts';

/** Bytes of a file, of which the second number is the first that is not among them. */
type Range = readonly [start: number, end: number];

/**
 * Where an ELF file ends that something follows: behind the last segment, and behind the table of section headers, which
 * linkers write last (as the AppImage specification has it). null: this is none.
 */
export async function endOfElf(file: RandomAccess): Promise<number | null> {
  const layout = await layoutOf(file);
  if (layout === null) return null;
  const end = Math.max(layout.sections[1], ...layout.segments.map(([, last]) => last));
  return end > 0 && end < file.size ? end : null;
}

/**
 * What of an ELF file no table of it covers, behind its last segment, in order: programs carry things there, and only they
 * look at section headers. Gaps shorter than `least` do not count.
 */
export async function behindSegments(file: RandomAccess, least: number): Promise<readonly Range[]> {
  const layout = await layoutOf(file);
  if (layout === null) return [];
  const start = Math.max(0, ...layout.segments.map(([, end]) => end));
  if (file.size - start < least) return [];
  const covered = [layout.sections, ...(await sectionsOf(file, layout))].sort(
    (a, b) => a[0] - b[0],
  );
  const gaps: Range[] = [];
  let at = start;
  for (const [from, to] of covered) {
    const end = Math.min(from, file.size);
    if (end - at >= least) gaps.push([at, end]);
    at = Math.max(at, Math.min(to, file.size));
  }
  if (file.size - at >= least) gaps.push([at, file.size]);
  return gaps;
}

interface Layout {
  readonly wide: boolean;
  readonly half: (bytes: Buffer, at: number) => number;
  readonly word: (bytes: Buffer, at: number) => number;
  readonly segments: readonly Range[];
  /** The table of section headers. */
  readonly sections: Range;
  readonly sectionSize: number;
}

/** Used by each format that may follow a program. */
const perFile = new WeakMap<RandomAccess, Promise<Layout | null>>();

function layoutOf(file: RandomAccess): Promise<Layout | null> {
  const layout = perFile.get(file) ?? readLayout(file);
  perFile.set(file, layout);
  return layout;
}

async function readLayout(file: RandomAccess): Promise<Layout | null> {
  const head = await file.read(0, 64);
  const wide = head[4] === 2;
  if (head.toString('latin1', 0, 4) !== '\x7fELF' || head.length < (wide ? 64 : 52)) return null;
  const little = head[5] === 1;
  const half = (bytes: Buffer, at: number) =>
    little ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at);
  const word = (bytes: Buffer, at: number) => {
    if (!wide) return little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
    return Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
  };
  const table = word(head, wide ? 40 : 32);
  const sectionSize = half(head, wide ? 58 : 46);
  const sections: Range = [table, table + sectionSize * half(head, wide ? 60 : 48)];
  const segmentSize = half(head, wide ? 54 : 42);
  const count = half(head, wide ? 56 : 44);
  const segments: Range[] = [];
  if (segmentSize === (wide ? 56 : 32)) {
    const bytes = await file.read(word(head, wide ? 32 : 28), count * segmentSize);
    for (let at = 0; at + segmentSize <= bytes.length; at += segmentSize) {
      const start = word(bytes, at + (wide ? 8 : 4));
      segments.push([start, start + word(bytes, at + (wide ? 32 : 16))]);
    }
  }
  return { wide, half, word, segments, sections, sectionSize };
}

/** Those of the table that have bytes in the file. */
async function sectionsOf(file: RandomAccess, layout: Layout): Promise<readonly Range[]> {
  const { wide, word, sections, sectionSize } = layout;
  if (sectionSize !== (wide ? 64 : 40)) return [];
  const bytes = await file.read(sections[0], Math.max(0, sections[1] - sections[0]));
  const ranges: Range[] = [];
  for (let at = 0; at + sectionSize <= bytes.length; at += sectionSize) {
    const type = layout.half(bytes, at + 4) + layout.half(bytes, at + 6);
    if (type === noBits) continue;
    const start = word(bytes, at + (wide ? 24 : 16));
    ranges.push([start, start + word(bytes, at + (wide ? 32 : 20))]);
  }
  return ranges;
}

/** SHT_NOBITS; the halves of the type, in either order, add up to it. */
const noBits = 8;
