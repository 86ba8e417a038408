import { MalformedInput } from '../base/errors.ts';
import { partOf, type RandomAccess } from '../base/random-access.ts';
import { decodeName } from '../base/text.ts';

/** A kernel as a boot loader takes it. */
export interface KernelImage {
  /** For messages: `a kernel for x86 (bzImage)`. */
  readonly name: string;
  /** The compressed kernel in it; null when its format says that it has none, and it has no ELF file then. */
  readonly payload: RandomAccess | null;
}

/** Bytes that show what it is. */
export const kernelHeadSize = 0x250;

/**
 * Whether all of a file is the part that a boot loader reads first: loaders have such sectors too, to be started as a kernel
 * (GRUB's lnxboot.img), and nothing of a kernel is behind them.
 */
export function isBootSectorAlone(head: Buffer, size: number): boolean {
  return isX86(head) && size <= ((head[0x1f1] || 4) + 1) * 512;
}

/** Whether a file with these first bytes may be one; `more` of them are needed to decide. */
export function looksLikeKernel(head: Buffer): boolean {
  return isX86(head) || isZboot(head) || flatMachine(head) !== null;
}

/** Linux, Documentation/arch/x86/boot.rst: the boot sector's end, and `HdrS` behind it. */
function isX86(head: Buffer): boolean {
  return (
    head.length >= kernelHeadSize &&
    head.readUInt16LE(0x1fe) === 0xaa55 &&
    head.toString('latin1', 0x202, 0x206) === 'HdrS'
  );
}

/** Linux, drivers/firmware/efi/libstub/zboot-header.S. */
function isZboot(head: Buffer): boolean {
  return head.toString('latin1', 0, 2) === 'MZ' && head.toString('latin1', 4, 8) === 'zimg';
}

/** Documentation/arch/arm64/booting.rst and riscv/boot-image-header.rst: a magic number at 56. */
function flatMachine(head: Buffer): string | null {
  const magic = head.toString('latin1', 56, 60);
  if (magic === 'ARM\x64') return 'aarch64';
  if (magic === 'RSC\x05') return 'riscv';
  return null;
}

/** Whether it is a kernel as it lies in memory, without an ELF file in it. */
export function isFlatKernel(head: Buffer): boolean {
  return flatMachine(head) !== null;
}

/** null: it is none. Throws MalformedInput when it is one whose header leads out of it. */
export async function readKernelImage(file: RandomAccess): Promise<KernelImage | null> {
  const head = await file.read(0, kernelHeadSize);
  if (isX86(head)) return x86Image(file, head, await x86Version(file, head));
  if (isZboot(head)) {
    const name = `a kernel that EFI starts, packed by ${printable(head.subarray(24, 56))}`;
    return { name, payload: inside(file, head.readUInt32LE(8), head.readUInt32LE(12)) };
  }
  const machine = flatMachine(head);
  return machine === null ? null : { name: `a kernel for ${machine} (Image)`, payload: null };
}

/**
 * Before protocol 2.08 (Linux 2.6.26) the header has no place of a payload, and what was compressed was plain memory, which
 * objcopy had made of the ELF file. Later ones may say that nothing is there: boot loaders start other programs as they start a kernel
 * (iPXE, MEMDISK, Memtest86+).
 */
function x86Image(file: RandomAccess, head: Buffer, version: string): KernelImage {
  const named = version === '' ? '' : `, version "${version}"`;
  const protocol = head.readUInt16LE(0x206);
  if (protocol < 0x208) {
    const written = `${protocol >> 8}.${(protocol & 0xff).toString().padStart(2, '0')}`;
    return {
      name: `what boot loaders start by protocol ${written} for x86${named}`,
      payload: null,
    };
  }
  const [offset, size] = [head.readUInt32LE(0x248), head.readUInt32LE(0x24c)];
  if (offset === 0 && size === 0)
    return { name: `what boot loaders start as a kernel for x86${named}`, payload: null };
  const start = ((head[0x1f1] || 4) + 1) * 512 + offset;
  return { name: 'a kernel for x86 (bzImage)', payload: inside(file, start, size) };
}

/** Bytes of it that a message has room for. */
const longestVersion = 64;

/** Its first word or two: the text whose place the header gives; '' without one. */
async function x86Version(file: RandomAccess, head: Buffer): Promise<string> {
  const start = head.readUInt16LE(0x20e);
  if (start === 0 || start + 0x200 >= file.size) return '';
  const size = Math.min(longestVersion, file.size - start - 0x200);
  const text = await file.read(start + 0x200, size);
  const end = text.indexOf(0);
  return decodeName(text.subarray(0, end < 0 ? size : end))
    .replace(/[^\w .+()/-]/g, '?')
    .trim();
}

function inside(file: RandomAccess, start: number, size: number): RandomAccess {
  if (size > 0 && start + size <= file.size) return partOf(file, start, size);
  throw new MalformedInput(
    `its compressed kernel of ${size} bytes is at ${start}, and the file ends at ${file.size}`,
  );
}

function printable(name: Buffer): string {
  const end = name.indexOf(0);
  return decodeName(name.subarray(0, end < 0 ? name.length : end)).replace(/[^\w-]/g, '?');
}
