import { MalformedInput } from '../../base/errors.ts';

export interface Pages {
  readonly file: Buffer;
  readonly pageSize: number;
  /** Bytes of a page without what is reserved at its end. */
  readonly usable: number;
  /** Of rows. Throws MalformedInput when there are more bytes in them than in the file: then some share their bytes. */
  spend(bytes: number): void;
}

export function pageAt({ file, pageSize }: Pages, number: number): Buffer {
  const end = number * pageSize;
  if (number < 1 || end > file.length) {
    throw new MalformedInput(
      `page ${number} is needed, but the database has ${Math.floor(file.length / pageSize)}`,
    );
  }
  return file.subarray(end - pageSize, end);
}
