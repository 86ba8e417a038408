import { gzipSync } from 'node:zlib';

/**
 * A layer in the form of eStargz (containerd/stargz-snapshotter, docs/estargz.md): gzip streams one after the other, the last
 * but one with a table of contents as a file of the tar, the last one empty with the table's place in its header.
 */
export function estargz(tar: Buffer): Buffer {
  const entries = withoutEnd(tar);
  const contents = Buffer.from(JSON.stringify({ version: 1, entries: [] }));
  // Streams of any length: here one for each 64 blocks.
  const pieces: Buffer[] = [];
  for (let at = 0; at < entries.length; at += 64 * block)
    pieces.push(gzipSync(entries.subarray(at, at + 64 * block)));
  const offset = pieces.reduce((sum, { length }) => sum + length, 0);
  const table = Buffer.concat([headerOf('stargz.index.json', contents.length), padded(contents)]);
  const end = Buffer.alloc(2 * block);
  return Buffer.concat([...pieces, gzipSync(Buffer.concat([table, end])), footer(offset)]);
}

const block = 512;

/** A tar ends with blocks of zeros, where the next header would be. */
function withoutEnd(tar: Buffer): Buffer {
  let at = 0;
  while (at < tar.length && tar[at] !== 0) {
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8);
    at += block + Math.ceil(size / block) * block;
  }
  return tar.subarray(0, at);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((block - (bytes.length % block)) % block)]);
}

function headerOf(name: string, size: number): Buffer {
  const header = Buffer.alloc(block);
  header.write(name, 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        0', 148);
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** An extra field `SG` with the place of the table in 16 hexadecimal digits. */
function footer(offset: number): Buffer {
  const place = Buffer.from(`${offset.toString(16).padStart(16, '0')}STARGZ`);
  const head = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, place.length + 4, 0]);
  const field = Buffer.from(['S'.charCodeAt(0), 'G'.charCodeAt(0), place.length, 0]);
  const nothing = Buffer.from([1, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([head, field, place, nothing]);
}
