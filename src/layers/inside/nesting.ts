import type { DamagedInput } from '../../base/errors.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import type { WalkedInside } from '../catalog.ts';

/** Looks into files that others lie in. */
export interface Nesting {
  /**
   * Whether a file of `size` bytes may contain others, by its first bytes; a number: so many bytes are needed to
   * decide.
   */
  suspects(head: Buffer, size: number): Promise<'yes' | 'no' | number>;
  /** Whether a file of these first bytes may be a program anyway, which loaders take without the magic of ELF. */
  mayLackMagic(head: Buffer, size: number): boolean;
  /**
   * Whether a file contains others after its beginning: a zip archive is found from its end. Throws nothing: the reader
   * of the file reports what cannot be read.
   */
  carries(bytes: RandomAccess): Promise<boolean>;
  /** Whether a file that begins so is one of those that carry others: a script or a program. */
  isCarrier(head: Buffer): boolean;
  /** For a file whose beginning is gone when its end is seen to be that of an archive; null: it is not. */
  lostBehind(tail: Buffer, size: number): DamagedInput | null;
  /** Makes `size` bytes that come in order readable at any place. Throws UsageError when there is no room. */
  keep(bytes: AsyncIterable<Buffer>, size: number): Promise<Kept>;
  /** Nothing when it is not what it looks like. */
  open(bytes: RandomAccess, path: string): Promise<readonly WalkedInside[]>;
  /** Stands for what is not opened. */
  refused(because: DamagedInput): WalkedInside;
}

export interface Kept {
  readonly bytes: RandomAccess;
  /** Why they are not there at all, since they are too many. */
  readonly refusal: DamagedInput | null;
  /** Why they end too early. */
  readonly damage: DamagedInput | null;
  close(): void;
}
