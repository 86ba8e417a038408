import { PF, PT, SHN, STT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';

/**
 * Share of the executable bytes that named functions cover: measured from 0.5 on where a static program was not stripped.
 * `.symtab` is not loaded, so anyone can write one, and a missing name proves something only if the code has names.
 */
const leastShare = 0.3;

export function namesItsCode(elf: Elf): boolean {
  const executable = elf.segments.filter(
    ({ type, flags, fileSize }) => type === PT.LOAD && (flags & PF.X) !== 0 && fileSize > 0n,
  );
  const isCode = (value: bigint) =>
    executable.some(({ address, fileSize }) => value >= address && value < address + fileSize);
  const extents = elf.staticSymbols
    .filter(({ type, sectionIndex, value }) => {
      const isFunction = type === STT.FUNC || type === STT.GNU_IFUNC;
      return isFunction && sectionIndex !== SHN.UNDEF && isCode(value);
    })
    .map(({ value, size }) => ({ start: Number(value), end: Number(value + size) }));
  let covered = 0;
  let reached = 0;
  for (const { start, end } of extents.sort((a, b) => a.start - b.start)) {
    covered += Math.max(0, end - Math.max(start, reached));
    reached = Math.max(reached, end);
  }
  const whole = executable.reduce(
    (sum, { offset, fileSize }) => sum + Number(fileSize) - (offset === 0n ? headersOf(elf) : 0),
    0,
  );
  return whole > 0 && covered >= leastShare * whole;
}

/** Bytes of the headers, which older linkers put before the code of the same segment. */
function headersOf({ header }: Elf): number {
  return Number(header.programHeaderOffset) + header.programHeaderCount * header.programHeaderSize;
}
