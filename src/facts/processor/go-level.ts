import type { Elf } from '../../elf/model.ts';
import go from '../go.ts';
import { constantRanges, findText } from '../search/byte-search.ts';
import type { CertainLevel } from './certain-level.ts';

const levels = ['x86-64-v4', 'x86-64-v3', 'x86-64-v2'] as const;

/**
 * What Go's own start code says before it ends a program on a lower processor (runtime/asm_amd64.s, bad_cpu_msg): it is there
 * where GOAMD64 named a level beyond the first.
 */
export function levelByGo(elf: Elf): CertainLevel | null {
  if (go(elf) === null) return null;
  for (const level of levels) {
    const text = `only be run on AMD64 processors with ${level.slice('x86-64-'.length)} microarchitecture`;
    const isThere = constantRanges(elf).some(
      ({ start, end }) => findText(elf.bytes, text, start, end) !== null,
    );
    if (isThere) return { level, because: "Go's start ends it on less (GOAMD64)" };
  }
  return null;
}
