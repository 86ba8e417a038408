import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ET } from '../src/elf/constants.ts';
import { tarEntry, tarOf } from '../test/support/archives/tar-builder.ts';
import { buildElf } from '../test/support/elf/elf-builder.ts';

/** One kind of work, made 1, 4 and 16 times as large. */
export interface Growth {
  readonly name: string;
  /** Gives the path of an input with so many times the work. */
  readonly make: (times: number) => string;
}

/** Files, ELF files and symbols; inputs are written to `folder`. */
export function growths(folder: string): readonly Growth[] {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, bytes: Buffer) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  return [
    {
      name: 'files in a layer',
      make: (times) => {
        const entries = numbered(5000 * times, (index) =>
          tarEntry({ name: `d${index % 500}/f${index}` }, 'text'),
        );
        return write(`files-${times}.tar.gz`, gzipSync(tarOf(...entries), { level: 1 }));
      },
    },
    {
      name: 'ELF files in a layer',
      make: (times) => {
        const entries = numbered(200 * times, (index) =>
          tarEntry({ name: `bin/f${index}` }, program(index)),
        );
        return write(`programs-${times}.tar.gz`, gzipSync(tarOf(...entries), { level: 1 }));
      },
    },
    {
      name: 'symbols in an ELF file',
      make: (times) => {
        const symbols = numbered(8000 * times, (index) => ({ name: `s${index}`, defined: true }));
        return write(`symbols-${times}`, buildElf({ symbols }).buffer);
      },
    },
  ];
}

/** Each with its own content, so that none is known from another. */
function program(index: number): Buffer {
  const symbols = [{ name: 'puts' }, { name: `own${index}`, defined: true }];
  return buildElf({ type: ET.DYN, interpreter: '/lib/ld-musl-x86_64.so.1', symbols }).buffer;
}

function numbered<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
