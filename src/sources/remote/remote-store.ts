/** A repository of a registry, or a daemon's own store. What it gives is not verified yet. */
export interface RemoteStore {
  manifest(version: string, maxSize: number): Promise<Manifest>;
  /** A whole small blob. */
  blob(digest: string, maxSize: number): Promise<Buffer>;
  /** `size` bytes as they come. */
  blobStream(digest: string, size: number): AsyncIterable<Buffer>;
}

export interface Manifest {
  readonly bytes: Buffer;
  /** As the store says; '' when it says nothing. */
  readonly mediaType: string;
}
