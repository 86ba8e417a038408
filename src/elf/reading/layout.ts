/** The two choices of an ELF file that decide the shape of every table in it: EI_CLASS and EI_DATA. */
export interface Layout {
  readonly bits: 32 | 64;
  readonly byteOrder: 'little' | 'big';
}

/** A DataView over the same memory: unlike Buffer it reads both byte orders, and 64-bit words, at machine speed. */
export function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

/** Bytes of an address, offset or size (Elf32_Addr, Elf64_Addr). */
export function wordSize(layout: Layout): 4 | 8 {
  return layout.bits === 64 ? 8 : 4;
}

export function isLittleEndian(layout: Layout): boolean {
  return layout.byteOrder === 'little';
}

/** An address, offset or size of the file's class. */
export function readWord(view: DataView, at: number, layout: Layout): bigint {
  const little = isLittleEndian(layout);
  return layout.bits === 64 ? view.getBigUint64(at, little) : BigInt(view.getUint32(at, little));
}
