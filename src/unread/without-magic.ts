import { unreadProgram } from '../base/problem.ts';
import type { RandomAccess } from '../base/random-access.ts';
import type { Unread } from './unread.ts';
import { numbersOf } from './unread-format.ts';

/** The content of a header, read with a class and byte order: nothing before it shows which they are. */
interface Table {
  readonly order: 'little' | 'big';
  readonly bits: 32 | 64;
  readonly offset: number;
  /** Of one header to the next; they may overlap. */
  readonly stride: number;
  readonly count: number;
}

const headerSize = 64;
const magic = Buffer.from('\x7fELF', 'latin1');

/** Whether a file of these first bytes may be one, at the price of a look at two of them: `withoutMagic` knows. */
export function mayLackMagic(head: Buffer, size: number): boolean {
  return isType(head) && tablesIn(head, size).length > 0;
}

/** ET_EXEC or ET_DYN, in either order. */
function isType(head: Buffer): boolean {
  const [first, second] = [head[16] ?? 0, head[17] ?? 0];
  const type = first | second;
  return (first === 0 || second === 0) && (type === 2 || type === 3);
}

/**
 * musl's loader (ldso/dynlink.c, map_library) reads of a file's header the type and where the program headers are, and nothing
 * else: with any 16 bytes in front it maps the file as a library, and as the program of `ld-musl FILE`. A file that begins with
 * `#!` and the loader's path is even started so by execve. No other tool takes such a file for what it is.
 * null: it is none.
 */
export async function withoutMagic(file: RandomAccess): Promise<Unread | null> {
  const head = await file.read(0, headerSize);
  if (!isType(head)) return null;
  for (const table of tablesIn(head, file.size))
    if (await isLoadable(file, table)) return { name: unreadProgram, size: file.size };
  return null;
}

function tablesIn(head: Buffer, size: number): readonly Table[] {
  if (head.subarray(0, magic.length).equals(magic)) return [];
  const order = head[17] === 0 ? 'little' : 'big';
  const { half, word, long } = numbersOf(head, order);
  const tables: readonly Table[] = [
    { order, bits: 64, offset: long(32), stride: half(54), count: half(56) },
    { order, bits: 32, offset: word(28), stride: half(42), count: half(44) },
  ];
  return tables.filter(
    ({ offset, stride, count }) =>
      stride > 0 && count > 0 && size >= 52 && offset + stride * count <= size,
  );
}

const chunkSize = 64 * 1024;
const PT_LOAD = 1;
const PT_DYNAMIC = 2;

/** What map_library asks: a segment that the file has bytes for, and a dynamic section. */
async function isLoadable(file: RandomAccess, table: Table): Promise<boolean> {
  const { order, bits, stride, count } = table;
  const entrySize = bits === 64 ? 56 : 32;
  const atOnce = Math.max(1, Math.floor(chunkSize / stride));
  const found = { load: false, dynamic: false };
  for (let index = 0; index < count; index += atOnce) {
    const most = Math.min(atOnce, count - index);
    const length = (most - 1) * stride + entrySize;
    const chunk = await file.read(table.offset + index * stride, length);
    const { word, long } = numbersOf(chunk, order);
    for (let at = 0; at < most * stride; at += stride) {
      const type = word(at);
      if (type !== PT_LOAD && type !== PT_DYNAMIC) continue;
      const [offset, address] =
        bits === 64 ? [long(at + 8), long(at + 16)] : [word(at + 4), word(at + 8)];
      if (type === PT_LOAD && offset < file.size) found.load = true;
      if (type === PT_DYNAMIC && address !== 0) found.dynamic = true;
      if (found.load && found.dynamic) return true;
    }
  }
  return false;
}
