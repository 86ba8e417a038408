/** The part of `elfy` 1.0.0 that is used; the package has no types of its own. */
declare module 'elfy' {
  namespace elfy {
    /** 64-bit fields are sums of two doubles: inexact above 2^53. */
    interface ElfyHeader {
      readonly class: '32' | '64';
      readonly endian: 'lsb' | 'msb';
      readonly version: number;
      readonly entry: number;
      readonly phoff: number;
      readonly shoff: number;
      readonly flags: number;
      readonly phentsize: number;
      readonly phnum: number;
      readonly shentsize: number;
      readonly shnum: number;
      readonly shstrndx: number;
    }
    class Parser {
      parseHeader(header: Buffer): ElfyHeader;
    }
  }
  export = elfy;
}
