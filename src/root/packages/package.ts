import type { Maker } from './makers/maker.ts';

/** A package as its manager's database describes it. */
export interface Package {
  readonly manager: 'apk' | 'dpkg' | 'rpm' | 'pacman';
  readonly name: string;
  /** The package that it was built from with others; its own name where that is all. */
  readonly source: string;
  /** As the manager writes it, with epoch and release. */
  readonly version: string;
  /** The manager's own word for the machine: `x86_64`, `amd64`, `noarch`. */
  readonly architecture: string;
  /** https://github.com/package-url/purl-spec */
  readonly purl: string;
  readonly maker: Maker;
  /** Who looks after it, as the package says: its maintainer or packager, of an rpm its vendor; '' where it names no one. */
  readonly maintainer: string;
}

/** A package and its requested files. */
export interface PackageFiles {
  readonly package: Package;
  /** Absolute paths as the database writes them. */
  readonly paths: readonly string[];
  /** By path; null: the database vouches for files by digests, and has none of this one. Absent: it has no digests. */
  readonly digests?: ReadonlyMap<string, FileDigest | null>;
  /** The file of the database that names these files and no other package's; absent where it names all. */
  readonly record?: string;
}

/** Of a file as the package brought it. */
export interface FileDigest {
  readonly algorithm: 'md5' | 'sha1' | 'sha256';
  /** Lower-case hex. */
  readonly hex: string;
}

/** The content of one manager's database. */
export type PackageDatabase =
  | { readonly state: 'absent' }
  /** There, but not read: a format that is not known, or damage. */
  | { readonly state: 'unreadable'; readonly because: string }
  | { readonly state: 'read'; readonly packages: Iterable<PackageFiles> };

/** Whether anybody asks who owns a path: databases list far more files than there are ELF files. */
export type WantsPath = (path: string) => boolean;
