/** What byte-scan.wat exports. */
export interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly tables: { readonly value: number };
  readonly window: { readonly value: number };
  readonly findings: { readonly value: number };
  readonly place: { readonly value: number };
  readonly lengths: { readonly value: number };
  readonly commons: { readonly value: number };
  readonly stopped: { readonly value: number };
  /** `window` is where one begins, as byte offset of the memory. */
  triples(window: number, size: number): number;
  branches(
    window: number,
    size: number,
    straight: 0 | 0xff,
    least: number,
    most: number,
    leastSlot: number,
    mostSlot: number,
  ): number;
  descriptions(table: number, at: number, limit: number, commons: number, room: number): number;
}

/** The scanner and its memory, for one thread. */
export interface ByteScanner {
  readonly tables: Uint8Array;
  readonly window: Uint8Array;
  /** Of the same memory, for what is read to be scanned. */
  readonly place: Uint8Array;
  /** Offsets into the window. */
  readonly findings: Uint32Array;
  readonly triples: Exports['triples'];
  readonly branches: Exports['branches'];
  /** For `descriptions`, as byte-scan.wat says. */
  readonly lengths: Uint8Array;
  readonly commons: Int32Array;
  readonly descriptions: Exports['descriptions'];
  readonly stopped: () => number;
}
