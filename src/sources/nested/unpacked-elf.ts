import { beginningOf } from '../../archive/beginning.ts';
import { decompress } from '../../archive/decompress.ts';
import type { Entry, EntryWalk } from '../../archive/entry.ts';
import { LimitExceeded } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import { bufferAccess, type RandomAccess } from '../../base/random-access.ts';
import { spool } from '../bytes/spool.ts';

const elfMagic = Buffer.from('\x7fELF', 'latin1');

/** Up to here it is kept in memory. */
const smallFile = 16 * 1024 * 1024;

/** Enough to see what compressed bytes hold. */
const headSize = 64;

/** How compressed bytes begin. Throws MalformedInput, LimitExceeded. */
export async function unpackedHead(bytes: RandomAccess, limits: Limits): Promise<Buffer> {
  return beginningOf(decompress(bytes.stream(0, bytes.size), limits), headSize);
}

export function isElf(head: Buffer): boolean {
  return head.subarray(0, elfMagic.length).equals(elfMagic);
}

/** Whether compressed bytes begin as an ELF file does. Throws MalformedInput, LimitExceeded. */
export async function isElfInside(bytes: RandomAccess, limits: Limits): Promise<boolean> {
  return isElf(await unpackedHead(bytes, limits));
}

/** One entry: the whole file, which has to be unpacked before its size is known. Damage is thrown after it. */
export async function* unpackedElf(path: string, bytes: RandomAccess, limits: Limits): EntryWalk {
  const plain = decompress(bytes.stream(0, bytes.size), limits)[Symbol.asyncIterator]();
  const parts: Buffer[] = [];
  let size = 0;
  while (size <= smallFile) {
    const { done, value } = await plain.next();
    if (done) {
      yield fileOf(path, bufferAccess(Buffer.concat(parts)));
      return;
    }
    parts.push(Buffer.from(value));
    size += value.length;
  }
  const { file, damage } = await spool(joined(parts, plain), limits.maxFileSize);
  try {
    if (damage instanceof LimitExceeded) throw damage;
    yield fileOf(path, file);
    if (damage !== null) throw damage;
  } finally {
    file.close();
  }
}

async function* joined(parts: readonly Buffer[], rest: AsyncIterator<Buffer>) {
  try {
    yield* parts;
    yield* { [Symbol.asyncIterator]: () => ({ next: () => rest.next() }) };
  } finally {
    await rest.return?.();
  }
}

function fileOf(path: string, content: RandomAccess): Entry {
  return {
    path,
    type: 'file',
    size: content.size,
    mode: 0o644,
    uid: 0,
    gid: 0,
    linkTarget: '',
    capability: null,
    body: () => content.stream(0, content.size),
  };
}
