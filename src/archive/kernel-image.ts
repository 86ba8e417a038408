import { MalformedInput } from '../base/errors.ts';
import { partOf, type RandomAccess } from '../base/random-access.ts';
import { decodeName } from '../base/text.ts';

/** A kernel as a boot loader takes it. */
export interface KernelImage {
  /** For messages: `a kernel for x86 (bzImage)`. */
  readonly name: string;
  /** The compressed kernel in it; null when it is not compressed, and has no ELF file in it. */
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

/** null: it is none. Throws MalformedInput when it is one whose header leads out of it. */
export async function readKernelImage(file: RandomAccess): Promise<KernelImage | null> {
  const head = await file.read(0, kernelHeadSize);
  if (isX86(head)) return { name: 'a kernel for x86 (bzImage)', payload: x86Payload(file, head) };
  if (isZboot(head)) {
    const name = `a kernel that EFI starts, packed by ${printable(head.subarray(24, 56))}`;
    return { name, payload: inside(file, head.readUInt32LE(8), head.readUInt32LE(12)) };
  }
  const machine = flatMachine(head);
  return machine === null ? null : { name: `a kernel for ${machine} (Image)`, payload: null };
}

function x86Payload(file: RandomAccess, head: Buffer): RandomAccess | null {
  const version = head.readUInt16LE(0x206);
  // Before protocol 2.08 (Linux 2.6.26) the header does not say where it is.
  if (version < 0x208) return null;
  const sectors = head[0x1f1] || 4;
  const start = (sectors + 1) * 512 + head.readUInt32LE(0x248);
  const payload = inside(file, start, head.readUInt32LE(0x24c));
  return payload;
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
