import { crc32 } from 'node:zlib';
import type { RandomAccess } from '../base/random-access.ts';
import { mark, numbersOf, type UnreadFormat, where } from './unread-format.ts';

/** What boot loaders and updaters of devices unpack; by U-Boot, OpenWrt's firmware-utils and Android's sources. */
export const unreadFirmware: readonly UnreadFormat[] = [
  {
    name: 'an image of U-Boot (uImage)',
    marks: [mark('\x27\x05\x19\x56')],
    sizeOf(head) {
      const { word } = numbersOf(head, 'big');
      if (head.length < 64) return null;
      const header = Buffer.from(head.subarray(0, 64));
      header.fill(0, 4, 8);
      return where(crc32(header) === word(4), 64 + word(12));
    },
  },
  {
    name: 'an image of U-Boot (FIT)',
    marks: [mark('\xd0\x0d\xfe\xed')],
    async sizeOf(head, file) {
      const { word } = numbersOf(head, 'big');
      return where(await hasImages(word(8), file), word(4));
    },
  },
  {
    name: 'an image of firmware (TRX)',
    marks: [mark('HDR0'), mark('HDR2')],
    sizeOf(head, { size }) {
      const { half, word } = numbersOf(head, 'little');
      const isSound = [1, 2].includes(half(14)) && word(4) >= 28 && word(4) <= size;
      return where(isSound, word(4));
    },
  },
  {
    name: 'an image of firmware (CHK)',
    marks: [mark('\x2a\x23\x24\x5e')],
    sizeOf(head, { size }) {
      const header = numbersOf(head, 'big').word(4);
      return where(header >= 40 && header <= 512, size);
    },
  },
  {
    name: 'an image of firmware (Seama)',
    marks: [mark('\x5e\xa3\xa4\x17')],
    sizeOf: (head, { size }) => where(numbersOf(head, 'big').word(8) <= size, size),
  },
  {
    name: 'an image of firmware (TP-Link)',
    marks: [mark('TP-LINK Technologies', 4)],
  },
  {
    name: 'a sparse image of Android',
    marks: [mark('\x3a\xff\x26\xed')],
    sizeOf(head, { size }) {
      const { half } = numbersOf(head, 'little');
      return where(half(4) === 1 && half(8) >= 28 && half(10) >= 12, size);
    },
  },
  { name: 'a boot image of Android', marks: [mark('ANDROID!'), mark('VNDRBOOT')] },
  {
    name: 'a super partition of Android',
    marks: [mark('gDla', 4096)],
    sizeOf: (head, { size }) => where(numbersOf(head, 'little').word(4096 + 4) === 52, size),
  },
  {
    name: 'an update of Android or ChromeOS (payload)',
    marks: [mark('CrAU')],
    sizeOf: (head, { size }) => where([1, 2].includes(numbersOf(head, 'big').long(4)), size),
  },
  {
    name: 'a kernel with its initramfs that EFI starts (UKI)',
    marks: [mark('MZ')],
    sizeOf: (head, { size }) => where(hasKernelSections(head), size),
  },
];

/** Bytes of the structure of a device tree that are looked at; the largest of real ones have a tenth. */
const mostStructure = 1024 * 1024;
const begin = 1;
const end = 2;
const property = 3;
const nothing = 4;

/**
 * Whether the root of a device tree (Devicetree Specification 0.4, 5.4) has a node `images`, which is what makes an image of it: the
 * description of a board has none, and holds no programs.
 */
async function hasImages(start: number, file: RandomAccess): Promise<boolean> {
  const bytes = await file.read(start, mostStructure);
  let depth = 0;
  for (let at = 0; at + 4 <= bytes.length; ) {
    const token = bytes.readUInt32BE(at);
    at += 4;
    if (token === begin) {
      const terminator = bytes.indexOf(0, at);
      if (terminator < 0) return bytes.length === mostStructure;
      if (depth === 1 && bytes.toString('latin1', at, terminator) === 'images') return true;
      depth += 1;
      at = Math.ceil((terminator + 1) / 4) * 4;
    } else if (token === end) {
      depth -= 1;
    } else if (token === property) {
      if (at + 8 > bytes.length) break;
      at = Math.ceil((at + 8 + bytes.readUInt32BE(at)) / 4) * 4;
    } else if (token !== nothing) {
      return false;
    }
    if (depth <= 0) return false;
  }
  // No description of a board is so long.
  return bytes.length === mostStructure;
}

/** Sections of a PE file that systemd-stub knows, a kernel among them. */
function hasKernelSections(head: Buffer): boolean {
  const { half, word } = numbersOf(head, 'little');
  const start = word(0x3c);
  if (head.toString('latin1', start, start + 4) !== 'PE\0\0') return false;
  const table = start + 24 + half(start + 20);
  for (let index = 0; index < half(start + 6); index += 1) {
    const at = table + 40 * index;
    if (head.toString('latin1', at, at + 7) === '.linux\0') return true;
    if (at > head.length) return false;
  }
  return false;
}
