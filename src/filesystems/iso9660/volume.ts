import { LimitExceeded, MalformedInput } from '../../base/errors.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { readExactly } from '../exact-read.ts';

const sectorSize = 2048;
const firstDescriptor = 16 * sectorSize;
const identifier = 'CD001';
/** Real images have three or four. */
const mostDescriptors = 64;

export interface VolumeDescriptor {
  /** Bytes of a logical block. */
  readonly blockSize: number;
  /** The directory record of the root, of 34 bytes. */
  readonly root: Buffer;
}

export interface Volume {
  readonly primary: VolumeDescriptor;
  /** Names in UCS-2; null: there are none. */
  readonly joliet: VolumeDescriptor | null;
}

export function isIso9660(head: Buffer): boolean {
  return head.toString('latin1', firstDescriptor + 1, firstDescriptor + 6) === identifier;
}

/** Whether a descriptor of UDF (ECMA-167) follows those of ISO 9660: Linux then mounts the UDF file system. */
export function hasUdf(head: Buffer): boolean {
  for (let at = firstDescriptor; at + sectorSize <= head.length; at += sectorSize)
    if (/^NSR0[23]$/.test(head.toString('latin1', at + 1, at + 6))) return true;
  return false;
}

/** ECMA-119, chapter 8. Throws MalformedInput. */
export async function readVolume(file: RandomAccess): Promise<Volume> {
  let primary: VolumeDescriptor | null = null;
  let joliet: VolumeDescriptor | null = null;
  for (let index = 0; ; index += 1) {
    if (index === mostDescriptors)
      throw new LimitExceeded(`ISO 9660 image has more than ${mostDescriptors} volume descriptors`);
    const place = firstDescriptor + index * sectorSize;
    const bytes = await readExactly(file, place, sectorSize, 'ISO 9660 volume descriptor');
    if (bytes.toString('latin1', 1, 6) !== identifier)
      throw new MalformedInput(`no ISO 9660 volume descriptor begins at offset ${place}`);
    if (bytes[0] === 1) primary ??= descriptor(bytes);
    if (bytes[0] === 2 && isJoliet(bytes)) joliet ??= descriptor(bytes);
    if (bytes[0] === 255) break;
  }
  if (primary === null) throw new MalformedInput('ISO 9660 image has no primary volume descriptor');
  return { primary, joliet };
}

function descriptor(bytes: Buffer): VolumeDescriptor {
  const blockSize = bytes.readUInt16LE(128);
  if (blockSize !== 512 && blockSize !== 1024 && blockSize !== 2048)
    throw new MalformedInput(`ISO 9660 blocks have ${blockSize} bytes, expected 512 to 2048`);
  return { blockSize, root: bytes.subarray(156, 190) };
}

/** By the escape sequences of its three levels of UCS-2. */
function isJoliet(bytes: Buffer): boolean {
  return ['%/@', '%/C', '%/E'].includes(bytes.toString('latin1', 88, 91));
}
