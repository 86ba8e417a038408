import type { Elf } from '../../elf/model.ts';
import go from '../go.ts';
import { holdsConstant } from '../search/byte-search.ts';
import type { CertainLevel } from './certain-level.ts';

const levels = ['x86-64-v4', 'x86-64-v3', 'x86-64-v2'] as const;
const beginning = 'only be run on AMD64 processors with ';

/**
 * What Go's own start code says before it ends a program on a lower processor (runtime/asm_amd64.s, bad_cpu_msg): it is there
 * where GOAMD64 named a level beyond the first.
 */
export function levelByGo(elf: Elf): CertainLevel | null {
  // Most programs have none of the texts: that takes one search.
  if (go(elf) === null || !holdsConstant(elf, beginning)) return null;
  const level = levels.find((each) =>
    holdsConstant(elf, `${beginning}${each.slice('x86-64-'.length)} microarchitecture`),
  );
  return level === undefined ? null : { level, because: "Go's start ends it on less (GOAMD64)" };
}
