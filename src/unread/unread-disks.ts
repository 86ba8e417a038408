import { mark, numbersOf, type UnreadFormat, where } from './unread-format.ts';

/** Images of disks in a form that a hypervisor reads; by QEMU's block drivers. */
export const unreadDisks: readonly UnreadFormat[] = [
  {
    name: 'an image of a disk (qcow2)',
    marks: [mark('QFI\xfb')],
    sizeOf(head, { size }) {
      const version = numbersOf(head, 'big').word(4);
      return where(version >= 1 && version <= 3, size);
    },
  },
  { name: 'an image of a disk (QED)', marks: [mark('QED\0')] },
  {
    name: 'an image of a disk (VMDK)',
    marks: [mark('KDMV'), mark('COWD')],
    sizeOf(head, { size }) {
      const version = numbersOf(head, 'little').word(4);
      return where(version >= 1 && version <= 4, size);
    },
  },
  { name: 'an image of a disk (VMDK)', marks: [mark('\xbe\xba\xfe\xca\0\0\0\0')] },
  { name: 'an image of a disk (VDI)', marks: [mark('\x7f\x10\xda\xbe', 64)] },
  { name: 'an image of a disk (VHDX)', marks: [mark('vhdxfile')] },
  { name: 'an image of a disk (VHD)', marks: [mark('conectix')] },
  {
    name: 'an image of a disk (Parallels)',
    marks: [mark('WithoutFreeSpace'), mark('WithouFreSpacExt')],
  },
  { name: 'an image of a disk (CHD)', marks: [mark('MComprHD')] },
  { name: 'a Singularity image', marks: [mark('SIF_MAGIC\0', 32)] },
];
