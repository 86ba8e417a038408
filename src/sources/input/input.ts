import type { IndexedEntry } from '../../archive/tar/tar-index.ts';
import type { DamagedInput } from '../../base/errors.ts';
import type { RandomAccess } from '../../base/random-access.ts';

/** The local directory or file that a reference names. Its opener closes it: see open-input.ts. */
export type Input = DirectoryInput | FileInput;

interface NamedInput {
  /** As the user gave it, for reports; `-` is standard input. */
  readonly name: string;
  /** Which image in it: what follows the path in `FILE:repo:tag`, `DIR:tag`, `DIR@sha256:…`. null: all that fit the platform. */
  readonly selector: string | null;
}

export type FileFormat =
  | 'elf'
  | 'tar'
  | 'compressed'
  | 'ar'
  | 'cpio'
  | 'rpm'
  | 'zip'
  | 'asar'
  | 'adb'
  | FileSystemFormat
  | 'disk'
  | 'kernel'
  | 'unknown';

export type FileSystemFormat = 'squashfs' | 'iso' | 'ext4' | 'fat';

export interface DirectoryInput extends NamedInput {
  readonly kind: 'directory';
  readonly path: string;
  readonly holds: Holding;
  /** Of what lies directly in it. */
  readonly names: readonly string[];
}

export interface FileInput extends NamedInput {
  readonly kind: 'file';
  readonly file: RandomAccess;
  /** By its first bytes, before decompression. */
  readonly format: FileFormat;
  /** Why `file` ends too early; a compressed image of a file system is unpacked when it is opened. */
  readonly damage: DamagedInput | null;
  /** Notices from unpacking it, which leave it whole. */
  readonly notices: readonly string[];
  /** Of the file itself: permission bits, owner. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Found out once, with as little reading as the first names need. Throws MalformedInput when the compressed stream is damaged. */
  holds(): Promise<Holding>;
  /** The tar as a seekable file, opened once. A compressed one is decompressed into a temporary file without a name. */
  archive(): Promise<SeekableArchive>;
}

/**
 * By the names at the top: those of a root filesystem, of `docker save`, of an OCI layout, of a package; `other` is a tar
 * or directory without any of them. A compressed cpio is `cpio`.
 */
export type Holding =
  | 'root-filesystem'
  | 'docker-archive'
  | 'oci-layout'
  | PackageHolding
  | 'cpio'
  | 'other'
  | 'no-archive';

/** Of the scheme that opens it. */
export type PackageHolding = `package:${string}`;

export interface SeekableArchive {
  readonly file: RandomAccess;
  readonly entries: readonly IndexedEntry[];
  /** Why `entries` end too early; null for a whole archive. */
  readonly damage: DamagedInput | null;
}
