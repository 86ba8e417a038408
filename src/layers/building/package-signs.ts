import {
  digestsBySign,
  isLocal,
  type OtherAlgorithm,
  otherAlgorithms,
} from '../../base/package-managers.ts';
import type { Target } from '../../sources/source.ts';

/**
 * Digests besides SHA-256 that are computed for the ELF files of a layer. If a database with another digest is found,
 * the layer is read again.
 */
export type WantedDigests =
  /** Every one, of every file. */
  | 'all'
  /** Those of the package managers that the names of its files show. */
  | 'by-signs'
  /** These, of files that packages bring. */
  | readonly OtherAlgorithm[];

/**
 * A distribution says what it is, and where its packages come from, in files whose names come before those of nearly all
 * programs; its database comes last. Programs that come before the signs are few: these bytes of them cost little to be sure of.
 */
const bytesInFront = 32 * 1024 * 1024;

/** Whether packages can be installed in a target: only then more digests are needed. */
export function mayHavePackages({ kind }: Pick<Target, 'kind'>): boolean {
  return kind === 'image' || kind === 'root-filesystem';
}

/** Of one layer, whose entries it meets in order, by normalised paths. */
export class PackageSigns {
  readonly #wanted: WantedDigests;
  readonly #known = new Set<readonly OtherAlgorithm[]>();
  #bytes = 0;

  constructor(wanted: WantedDigests) {
    this.#wanted = wanted;
  }

  meet(path: string): void {
    if (this.#wanted !== 'by-signs') return;
    const digests = digestsBySign(path);
    if (digests !== null) this.#known.add(digests);
  }

  /** Of an ELF file of `size` bytes that is met now. */
  digestsOf(path: string, size: number): readonly OtherAlgorithm[] {
    if (this.#wanted === 'all') return otherAlgorithms;
    if (isLocal(path)) return [];
    if (this.#wanted !== 'by-signs') return this.#wanted;
    this.#bytes += size;
    return this.#bySigns();
  }

  #bySigns(): readonly OtherAlgorithm[] {
    // That there is a distribution says less than which one it is.
    const managers = [...this.#known].filter((digests) => digests !== otherAlgorithms);
    if (managers.length > 0)
      return otherAlgorithms.filter((name) => managers.some((digests) => digests.includes(name)));
    const isSilent = this.#known.size === 0 && this.#bytes > bytesInFront;
    return isSilent ? [] : otherAlgorithms;
  }
}
