// supporting: whether the files of a layer may be in the database of a package manager, before it comes

/**
 * A distribution says what it is, and where its packages come from, in files whose names come before those of nearly all
 * programs. Its database comes last. The program of a package manager is no sign: it may be there without a database.
 */
const sign =
  /^\/(?:etc\/(?:apk|apt|dpkg|rpm|yum|dnf|pacman|[\w-]+[-_](?:release|version)$)|lib\/apk\/|usr\/lib\/(?:apk|rpm|sysimage|os-release)|usr\/share\/rpm|var\/lib\/(?:apk|dpkg|rpm|pacman))/;

/** Programs that come before the signs are few; these bytes of them cost little to be sure of. */
const bytesInFront = 32 * 1024 * 1024;

/** Of one layer, whose entries it meets in order, by normalised paths. */
export class PackageSigns {
  #isMet = false;
  #bytes = 0;

  meet(path: string): void {
    this.#isMet ||= sign.test(path);
  }

  /** For an ELF file of `size` bytes: much has come, and nothing told of packages. */
  isUnclaimed(size: number): boolean {
    this.#bytes += size;
    return !this.#isMet && this.#bytes > bytesInFront;
  }
}
