/** The part of WebAssembly that is used: Node has it, its types come with those of browsers only. */
declare namespace WebAssembly {
  class Module {
    constructor(binary: Uint8Array);
  }
  class Instance {
    constructor(module: Module);
    readonly exports: object;
  }
  /** Shared: its buffer is a SharedArrayBuffer, another one after each growth, of the same bytes and more. */
  class Memory {
    constructor(options: {
      readonly initial: number;
      readonly maximum: number;
      readonly shared: true;
    });
    readonly buffer: SharedArrayBuffer;
    grow(pages: number): number;
  }
}
