/** Containers of formats that are not read: some by the tools that make the real ones, the others byte by byte. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { repositoryRoot } from '../support/repository.ts';

const seeds = join(repositoryRoot, 'test/unread/seeds');

/** Made by lab/make-unread-seeds.sh. */
export function seed(name: string): Buffer {
  return gunzipSync(readFileSync(join(seeds, `${name}.gz`)));
}

export const seedNames = readdirSync(seeds).map((name) => name.replace(/\.gz$/, ''));

export interface UnreadSample {
  /** Of a file that holds it. */
  readonly file: string;
  readonly bytes: Buffer;
  /** As a message names it. */
  readonly name: string;
}

const ofTools: readonly (readonly [file: string, name: string])[] = [
  ['erofs', 'an EROFS file system'],
  ['xfs', 'an XFS file system'],
  ['btrfs', 'a Btrfs file system'],
  ['f2fs', 'an F2FS file system'],
  ['ntfs', 'an NTFS file system'],
  ['exfat', 'an exFAT file system'],
  ['jffs2', 'a JFFS2 file system'],
  ['jffs2-big-endian', 'a JFFS2 file system'],
  ['ubi', 'a UBI image'],
  ['ubifs', 'a UBIFS file system'],
  ['cramfs', 'a cramfs file system'],
  ['romfs', 'a romfs file system'],
  ['qcow2', 'an image of a disk (qcow2)'],
  ['vmdk', 'an image of a disk (VMDK)'],
  ['vdi', 'an image of a disk (VDI)'],
  ['vhdx', 'an image of a disk (VHDX)'],
  ['vpc', 'an image of a disk (VHD)'],
  ['qed', 'an image of a disk (QED)'],
  ['parallels', 'an image of a disk (Parallels)'],
  ['uimage', 'an image of U-Boot (uImage)'],
  ['fit', 'an image of U-Boot (FIT)'],
  ['android-sparse', 'a sparse image of Android'],
  ['android-boot', 'a boot image of Android'],
  ['7z', 'a 7z archive'],
  ['wim', 'a WIM archive'],
  ['arj', 'an ARJ archive'],
  ['xar', 'a XAR archive'],
  ['cpio-binary', 'a cpio of the old binary format'],
  ['thin-ar', 'a thin ar archive'],
];

function bytesOf(size: number, ...parts: readonly (readonly [at: number, bytes: string])[]) {
  const bytes = Buffer.alloc(size);
  for (const [at, part] of parts) bytes.write(part, at, 'latin1');
  return bytes;
}

const lha = bytesOf(64, [0, '\x17\0-lh5-'], [20, '\0']);
lha[1] = lha.subarray(2, 2 + 0x17).reduce((all, byte) => (all + byte) & 0xff, 0);

const trx = bytesOf(4096, [0, 'HDR0'], [14, '\x01']);
trx.writeUInt32LE(4096, 4);

const byHand: readonly UnreadSample[] = [
  {
    file: 'squashfs-big-endian',
    bytes: bytesOf(4096, [0, 'sqsh'], [28, '\0\x03']),
    name: 'a squashfs file system of big-endian order',
  },
  {
    file: 'squashfs-vendor',
    bytes: bytesOf(4096, [0, 'shsq'], [28, '\x03\0']),
    name: 'a squashfs file system of a vendor',
  },
  { file: 'trx', bytes: trx, name: 'an image of firmware (TRX)' },
  {
    file: 'chk',
    bytes: bytesOf(512, [0, '\x2a\x23\x24\x5e\0\0\0\x33']),
    name: 'an image of firmware (CHK)',
  },
  {
    file: 'tp-link',
    bytes: bytesOf(512, [0, '\x01\0\0\0TP-LINK Technologies']),
    name: 'an image of firmware (TP-Link)',
  },
  {
    file: 'vendor-boot',
    bytes: bytesOf(4096, [0, 'VNDRBOOT\x04']),
    name: 'a boot image of Android',
  },
  {
    file: 'payload',
    bytes: bytesOf(64, [0, 'CrAU\0\0\0\0\0\0\0\x02']),
    name: 'an update of Android or ChromeOS (payload)',
  },
  { file: 'rar', bytes: bytesOf(64, [0, 'Rar!\x1a\x07\x01\0']), name: 'a rar archive' },
  { file: 'cab', bytes: bytesOf(64, [0, 'MSCF\0\0\0\0@']), name: 'a cabinet' },
  { file: 'lha', bytes: lha, name: 'an LHA archive' },
  {
    file: 'luks',
    bytes: bytesOf(4096, [0, 'LUKS\xba\xbe\0\x02']),
    name: 'an encrypted volume (LUKS)',
  },
  {
    file: 'dmg',
    bytes: Buffer.concat([bytesOf(1000, [0, 'x']), bytesOf(512, [0, 'koly\0\0\0\x04\0\0\x02\0'])]),
    name: 'an image of a disk (DMG)',
  },
  {
    file: 'rpm-payload',
    bytes: bytesOf(64, [0, '07070X00000000']),
    name: 'the payload of an rpm package without the list of its files',
  },
  {
    file: 'sif',
    bytes: bytesOf(512, [0, '#!/usr/bin/env run-singularity\n\0'], [32, 'SIF_MAGIC\0']),
    name: 'a Singularity image',
  },
];

export const unreadSamples: readonly UnreadSample[] = [
  ...ofTools.map(([file, name]) => ({ file, bytes: seed(file), name })),
  ...byHand,
];

/** Compressed as a whole, as images are shipped. */
export const compressedSamples: readonly UnreadSample[] = unreadSamples
  .filter(({ file }) => ['erofs', 'xfs', 'btrfs', 'f2fs', 'uimage', 'qcow2'].includes(file))
  .map(({ file, bytes, name }) => ({ file: `${file}.gz`, bytes: gzipSync(bytes), name }));
