/** `none`: extensions that no level has. */
export type CodeLevel = 'x86-64-v2' | 'x86-64-v3' | 'x86-64-v4' | 'none';

/** What every run needs that gets through the start of a file. */
export interface CertainLevel {
  readonly level: CodeLevel;
  /** A clause: `its start leads to AVX at offset 0x1069`. */
  readonly because: string;
}
