import { PT } from '../../elf/constants.ts';
import type { Elf } from '../../elf/model.ts';

/** fde_count of .eh_frame_hdr (LSB Core, Exception Frames), where it is a plain 4-byte number, as all linkers write it. */
export function unwindEntries(elf: Elf): number {
  const header = elf.segments.find(({ type }) => type === PT.GNU_EH_FRAME);
  const offset = header === undefined ? null : elf.fileOffset(header.address, 12);
  if (offset === null) return 0;
  const bytes = elf.bytes.read(offset, 12);
  if (bytes[2] !== 0x03) return 0;
  return elf.header.byteOrder === 'little' ? bytes.readUInt32LE(8) : bytes.readUInt32BE(8);
}
