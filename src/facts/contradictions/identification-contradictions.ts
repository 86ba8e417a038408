import { machineName } from '../../elf/headers/names.ts';
import { secondLayout } from '../../elf/memory/file-layout.ts';
import type { Elf } from '../../elf/model.ts';
import { isLittleEndian, viewOf } from '../../elf/reading/layout.ts';
import type { Contradiction } from './contradiction.ts';

export function identificationContradictions({ header, bytes }: Elf): Contradiction[] {
  const [fileClass, data] = bytes.read(4, 2);
  const found: Contradiction[] = [];
  const second = secondLayout(bytes, header);
  if (second !== null) {
    found.push({
      message: 'two programs can be read in one file',
      what: 'by e_machine and e_phentsize, which decides what runs; by EI_CLASS and EI_DATA',
      saw: `${header.bits}-bit ${header.byteOrder} endian; ${second.bits}-bit ${second.byteOrder} endian`,
      offset: 0x4n,
    });
  }
  if (fileClass !== (header.bits === 64 ? 2 : 1)) {
    found.push({
      message: `EI_CLASS does not say that the file is read as ${header.bits}-bit`,
      what: 'EI_CLASS',
      saw: `${fileClass}`,
      offset: 0x4n,
    });
  }
  if (data !== (header.byteOrder === 'little' ? 1 : 2)) {
    found.push({
      message: `EI_DATA does not say that the file is read as ${header.byteOrder} endian`,
      what: 'EI_DATA',
      saw: `${data}`,
      offset: 0x5n,
    });
  }
  const number = viewOf(bytes.read(18, 2)).getUint16(0, isLittleEndian(header));
  if (number !== header.machine) {
    found.push({
      message: `e_machine is a number that Linux takes for ${machineName(header.machine)}`,
      what: 'e_machine',
      saw: `${number}`,
      offset: 0x12n,
    });
  }
  return found;
}
