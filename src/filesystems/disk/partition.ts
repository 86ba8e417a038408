/** A part of a disk that a table of partitions names. */
export interface Partition {
  /** As Linux numbers it: `p1`; logical ones of a table of the old kind from `p5` on. */
  readonly name: string;
  /** The name of the partition, '' for none: only GPT has names. */
  readonly label: string;
  /** Of its content, by the table: a number of two hex digits, or a GUID. */
  readonly type: string;
  /** In bytes. */
  readonly offset: number;
  readonly size: number;
}
