import type { EntryWalk } from '../archive/entry.ts';
import type { BaseImage, ImageConfig } from '../base/image-config.ts';
import type { Limits } from '../base/limits.ts';
import type { OtherAlgorithm } from '../base/package-managers.ts';
import type { Problem } from '../base/problem.ts';
import type { HeldRange } from '../base/random-access.ts';
import type { Digest } from './bytes/digest.ts';
import type { Input } from './input/input.ts';
import type { RemoteOptions } from './remote/remote-options.ts';

/** A way for an image to arrive. One file of this folder is one source; `index.ts` is generated. */
export interface Source {
  /** The explicit scheme, without its colon: `docker-archive`. */
  readonly scheme: string;
  /** What it opens, in one line, for docs/sources.md. */
  readonly summary: string;
  /** By which content it is recognised, for docs/sources.md; null: only the user can say it. */
  readonly recognised: string | null;
  readonly opens: Opens;
  /** Of the names that its files have, in lower case: what ends so and is not here is not looked for in a registry. */
  readonly endings?: readonly string[];
  /** Of packages that are a tar, so that no other source takes them for its own. */
  readonly inTar?: InTar;
  /**
   * How sure the content of an input is of this source; the highest claim wins.
   * Decided by content, never by the name's extension. 'no' when it is not this source's.
   */
  claims(input: Input): Promise<Claim>;
  /** Throws UsageError (wrong kind of input, bad platform or tag), MalformedInput (nothing of it can be read). */
  open(input: Input, options: SourceOptions): Promise<readonly Target[]>;
}

/** In the order of docs/sources.md. A folder of packages is one target for each; of nested images all platforms count. */
export const openings = ['images', 'roots', 'file systems', 'packages', 'programs'] as const;
export type Opens = (typeof openings)[number];

export interface InTar {
  /**
   * By the first name alone, which the tools that build packages see to: a `/.PKGINFO` elsewhere does not make a package
   * of a root filesystem. The name has no `./` in front, and no slash behind.
   */
  beginsWith(firstName: string): boolean;
  /** Whether a file of this name, which the tar must hold as well, decides it. Absent: the first name is enough. */
  isDecidedBy?(name: string, firstName: string): boolean;
  /** Whether all names of the tar must lie in the first one, since a root may begin so too. Absent: they need not. */
  isOneFolder?(firstName: string): boolean;
}

export type Claim = 'certain' | 'likely' | 'no';

export interface SourceOptions {
  /** `os/arch[/variant]`, 'all', or null for the default: see platform.ts. */
  readonly platform: string | null;
  readonly limits: Limits;
  /** For registries and daemons; without it, no credentials and TLS alone. */
  readonly remote?: RemoteOptions;
  /** The user named the scheme. */
  readonly isNamed?: boolean;
}

export interface OpenSource {
  readonly targets: readonly Target[];
  /** Releases file handles. Safe to call twice. */
  close(): Promise<void>;
}

/** One thing to be judged: an image for one platform, a root filesystem, a package, or a single file. */
export interface Target {
  /** How a user names it: `repo:tag` where the archive says so, a package's name and version, else the path given. */
  readonly name: string;
  /** Of a name that stands in what is opened: its maker wrote it, or the user selected the image by it. Absent: it is how the user called it. */
  readonly namedBy?: 'content' | 'user';
  readonly scheme: string;
  readonly kind: 'image' | 'root-filesystem' | 'package' | 'file';
  /** The user named the scheme. Absent: the content decided what it is. */
  readonly schemeBy?: 'user';
  /** Its entries show whether it is an image: a `tar` that runtimes load, or another `archive`, in which no runtime finds it. */
  readonly mayBeImage?: 'tar' | 'archive';
  /** The user said that it is the root of a system, or that it is not. Absent: its content decides. */
  readonly isRoot?: boolean;
  /** `sha256:…` of the manifest (or of the config of a docker-archive, which has no manifest of its own); null outside images. */
  readonly digest: string | null;
  /** `os/arch[/variant]` from the image config; null outside images. */
  readonly platform: string | null;
  /** Platforms of the same image that were not chosen, in the order of its index. Absent: there is none. */
  readonly otherPlatforms?: readonly string[];
  readonly config: ImageConfig | null;
  /** What a package of a distribution says of itself; absent elsewhere, and where it cannot be read. */
  readonly control?: PackageControl;
  /** Of an image, as far as it can be read. Absent: it is not an image. */
  readonly base?: BaseImage;
  /** Oldest first. A root filesystem or package is one layer; so is a single file, whose one entry is that file. */
  readonly layers: readonly Layer[];
  /** What was already seen to be missing or wrong while opening. */
  readonly problems: readonly Problem[];
}

/** The control data of a package, which is its own database; '' where it says nothing. */
export interface PackageControl {
  readonly manager: 'apk' | 'dpkg' | 'rpm' | 'pacman';
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** The package that it was built from with others. */
  readonly source: string;
  /** Who maintains it, or packaged it. */
  readonly maintainer: string;
  readonly vendor: string;
  readonly license: string;
  readonly url: string;
  /** Of the recipe that it was built by. */
  readonly commit: string;
  /** Whether there is a signature in it, no matter whose. */
  readonly isSigned: boolean;
}

export interface Layer {
  /** `sha256:…` of the blob as it is stored; null where nothing names one. */
  readonly digest: string | null;
  /** `sha256:…` of the uncompressed tar, from the image config. */
  readonly diffId: string | null;
  /** Bytes as stored; null when not known. */
  readonly size: number | null;
  /** The history line that made it, when history and layers agree in number. */
  readonly createdBy: string | null;
  /** Whether it came with the base image; null where that is not known. */
  readonly origin: 'base' | 'own' | null;
  /**
   * Whether there are as many bytes as promised where `entries` would look. None of them is read, and none fetched: what
   * a registry names is there.
   */
  isThere(): Promise<boolean>;
  /**
   * Whether its stored bytes are those that it is named by, which costs less than a walk. What a registry names is not
   * fetched. Absent: nothing names them.
   */
  isAsPromised?(): Promise<boolean>;
  /**
   * One walk over its entries. Digest, size and diffID are verified when the walk reaches the end: it then throws
   * DigestMismatch, after all that could be read was yielded. A damaged layer throws MalformedInput where it is
   * damaged. What concerns a single entry does not end the walk: it is reported (an unreadable file of a directory
   * is an entry as any other, whose body is empty and who is reported when its body is read).
   */
  entries(report: (problem: Problem) => void): EntryWalk;
  /**
   * Its bytes as they are stored, for a thread that walks them by itself; null if they are not available: `entries`
   * reports why. Absent: never. To be released.
   */
  readonly hold?: () => Promise<HeldLayer | null>;
  /** The digests besides SHA-256 that package databases in it may use. Absent: not known before it is read. */
  readonly digests?: () => readonly OtherAlgorithm[];
  /** Of a package, which ships static libraries as it ships programs. Absent: they are input for a linker, and not opened. */
  readonly opensLibraries?: true;
}

export interface HeldLayer {
  readonly stored: StoredBytes;
  readonly promised: Promised;
  /** To be called once. */
  release(): void;
}

/** All of a layer's `length` bytes. */
export type StoredBytes = StoredInFile | StoredInStream;

/** Where they lie in a file that is open. Plain data that is sent to threads. */
export interface StoredInFile extends Pick<HeldRange, 'descriptor' | 'offset' | 'length'> {
  readonly kind: 'file';
}

export interface StoredInStream {
  readonly kind: 'stream';
  readonly length: number;
  /** They come once, in order. */
  readonly chunks: AsyncIterable<Buffer>;
}

/** What a layer's bytes must be; null where nothing says so. */
export interface Promised {
  /** Of the bytes as stored. */
  readonly digest: Digest | null;
  readonly size: number | null;
  /** Of the tar inside. */
  readonly diffId: Digest | null;
}
