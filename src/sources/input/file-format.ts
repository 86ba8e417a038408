import { isAdb } from '../../archive/adb/adb-content.ts';
import { arMagic } from '../../archive/ar.ts';
import { isAsar } from '../../archive/asar.ts';
import { isCpio } from '../../archive/cpio/cpio-header.ts';
import { compressionOf } from '../../archive/decompress.ts';
import { looksLikeKernel } from '../../archive/kernel-image.ts';
import { rpmMagic } from '../../archive/rpm.ts';
import { blockSize, decodeTarHeader, hasChecksumField } from '../../archive/tar/tar-header.ts';
import { zipMagics } from '../../archive/zip/zip.ts';
import { DamagedInput } from '../../base/errors.ts';
import { isPartitioned } from '../../filesystems/disk/partition-table.ts';
import { isExt } from '../../filesystems/ext/superblock.ts';
import { isFat } from '../../filesystems/fat/boot-sector.ts';
import { isIso9660 } from '../../filesystems/iso9660/volume.ts';
import { squashfsMagic } from '../../filesystems/squashfs/superblock.ts';
import { unreadHead } from '../../unread/unread-format.ts';
import type { FileFormat, FileSystemFormat } from './input.ts';

/** Bytes that are looked at: ISO 9660 leaves the first 32 KiB to others, and some that are not read leave 64. */
export const headSize = unreadHead;

const magics: readonly (readonly [format: FileFormat, magic: Buffer])[] = [
  ['elf', Buffer.from('\x7fELF', 'latin1')],
  ['ar', Buffer.from(arMagic, 'latin1')],
  ['rpm', rpmMagic],
  ...zipMagics.map((magic) => ['zip', Buffer.from(magic, 'latin1')] as const),
  ['squashfs', squashfsMagic],
];

/**
 * What begins at byte 0 counts before what lies further behind, and a file system before a table of partitions: an ISO
 * that can be put on a stick has both.
 */
export function formatOf(head: Buffer): FileFormat {
  const known = magics.find(([, magic]) => head.subarray(0, magic.length).equals(magic));
  if (known !== undefined) return known[0];
  if (isAsar(head)) return 'asar';
  if (looksLikeKernel(head)) return 'kernel';
  if (isCpio(head)) return 'cpio';
  if (looksLikeTar(head)) return 'tar';
  if (isAdb(head)) return 'adb';
  const compression = compressionOf(head);
  // That of lzma has no magic number, and comes last.
  if (compression !== 'none' && compression !== 'lzma') return 'compressed';
  const fileSystem = fileSystemOf(head);
  if (fileSystem !== null) return fileSystem;
  if (isPartitioned(head)) return 'disk';
  return compression === 'lzma' ? 'compressed' : 'unknown';
}

export function isFileSystem(format: FileFormat): format is FileSystemFormat {
  return format === 'squashfs' || format === 'iso' || format === 'ext4' || format === 'fat';
}

/** The file system that begins with these bytes, or null. */
export function fileSystemOf(head: Buffer): FileSystemFormat | null {
  if (head.subarray(0, squashfsMagic.length).equals(squashfsMagic)) return 'squashfs';
  if (isIso9660(head)) return 'iso';
  if (isExt(head)) return 'ext4';
  return isFat(head) ? 'fat' : null;
}

/** By the checksum of the first header, which every tar since 1979 has; the word `ustar` came later. */
export function looksLikeTar(head: Buffer): boolean {
  if (head.length < blockSize || !hasChecksumField(head)) return false;
  try {
    return decodeTarHeader(head.subarray(0, blockSize), 0) !== null;
  } catch (error) {
    if (error instanceof DamagedInput) return false;
    throw error;
  }
}
