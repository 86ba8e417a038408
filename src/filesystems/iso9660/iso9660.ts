import type { EntryWalk } from '../../archive/entry.ts';
import { MalformedInput, UnsupportedFormat } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { decodeName } from '../../base/text.ts';
import { accessByPieces, noContent } from '../access-by-pieces.ts';
import { readExactly } from '../exact-read.ts';
import { type Child, type Inode, noChildren, type Report } from '../inode.ts';
import { treeEntries } from '../tree-walk.ts';
import { type Budget, budgetFor } from '../work-budget.ts';
import {
  type DirectoryRecord,
  decodeRecord,
  decodeUcs2,
  isSelfOrParent,
  recordsIn,
} from './directory-record.ts';
import {
  type Continuation,
  continuationOf,
  decodeRockRidge,
  type RockRidge,
  type UseEntry,
  useEntriesIn,
} from './rock-ridge.ts';
import { readVolume, type VolumeDescriptor } from './volume.ts';
import { zisofsContent } from './zisofs.ts';

const sectorSize = 2048;

/**
 * Every file of an ISO 9660 image: by the names of Rock Ridge where it has them, else of Joliet, else its own. Throws
 * MalformedInput, LimitExceeded.
 */
export async function* isoEntries(file: RandomAccess, limits: Limits, report: Report): EntryWalk {
  const { primary, joliet } = await readVolume(file);
  const budget = budgetFor(file.size, limits);
  const iso = new Iso(file, primary, 'plain', budget);
  const tree =
    (await iso.findRockRidge()) || joliet === null ? iso : new Iso(file, joliet, 'joliet', budget);
  yield* treeEntries(await tree.root(), limits, report);
}

/** Files without attributes of their own: what Linux gives them by default. */
const unowned = { uid: 0, gid: 0, names: 1, linkTarget: '', capability: null } as const;

/** Continuations of one area; a loop of them has no end. */
const mostContinuations = 64;

class Iso {
  readonly #file: RandomAccess;
  readonly #blockSize: number;
  readonly #root: Buffer;
  readonly #names: 'plain' | 'joliet';
  readonly #budget: Budget;
  /** Bytes in front of each system use area; null without Rock Ridge. */
  #skip: number | null = null;

  constructor(
    file: RandomAccess,
    { blockSize, root }: VolumeDescriptor,
    names: 'plain' | 'joliet',
    budget: Budget,
  ) {
    this.#file = file;
    this.#blockSize = blockSize;
    this.#root = root;
    this.#names = names;
    this.#budget = budget;
  }

  /** The first record of the root says by an SP entry that there are any; attributes or a name there are of Rock Ridge. */
  async findRockRidge(): Promise<boolean> {
    const self = await this.#firstRecord(decodeRecord(this.#root).block);
    const [first] = useEntriesIn(self.use);
    if (first?.tag !== 'SP' || first.bytes.length < 3) return false;
    this.#skip = first.bytes[2] ?? 0;
    const entries = await this.#useEntries(self);
    if (entries.some(({ tag }) => tag === 'PX' || tag === 'NM')) return true;
    this.#skip = null;
    return false;
  }

  async root(): Promise<Inode> {
    const { block, size } = decodeRecord(this.#root);
    // The attributes of the root stand in the first record of it.
    const self = this.#skip === null ? null : await this.#firstRecord(block);
    const posix = self === null ? null : decodeRockRidge(await this.#useEntries(self)).attributes;
    return this.#directory(block, size, posix);
  }

  #directory(block: number, size: number, posix: RockRidge['attributes']): Inode {
    return {
      ...unowned,
      mode: 0o555,
      ...posix,
      id: block,
      type: 'directory',
      size: 0,
      content: noContent,
      children: () => this.#children(block, size),
    };
  }

  async *#children(block: number, size: number): AsyncIterable<Child> {
    const records: DirectoryRecord[] = [];
    for await (const record of this.#records(block, size)) {
      if (isSelfOrParent(record) || record.isAssociated) continue;
      records.push(record);
      if (record.continues) continue;
      const parts = records.splice(0);
      const rock = await this.#rockRidge(parts[0] ?? record);
      if (rock?.isRelocated) continue;
      yield { name: this.#nameOf(record, rock), open: () => this.#inode(parts, rock) };
    }
    if (records.length > 0)
      throw new MalformedInput('an ISO 9660 directory ends inside a file of several parts');
  }

  async *#records(block: number, size: number): AsyncIterable<DirectoryRecord> {
    const place = block * this.#blockSize;
    for (let at = 0; at < size; at += sectorSize) {
      this.#budget.spend(sectorSize);
      const length = Math.min(sectorSize, size - at);
      yield* recordsIn(await readExactly(this.#file, place + at, length, 'ISO 9660 directory'));
    }
  }

  async #rockRidge(record: DirectoryRecord): Promise<RockRidge | null> {
    return this.#skip === null ? null : decodeRockRidge(await this.#useEntries(record));
  }

  async #useEntries({ use }: DirectoryRecord): Promise<readonly UseEntry[]> {
    const all: UseEntry[] = [];
    // The first area of the root is there before the number of bytes to skip is known to apply.
    let area = use.subarray(use.toString('latin1', 0, 2) === 'SP' ? 0 : (this.#skip ?? 0));
    for (let count = 0; count < mostContinuations; count += 1) {
      let next: Continuation | null = null;
      for (const entry of useEntriesIn(area)) {
        next = continuationOf(entry) ?? next;
        all.push(entry);
      }
      if (next === null) return all;
      if (next.size > sectorSize)
        throw new MalformedInput(`a system use area goes on for ${next.size} bytes`);
      const place = next.block * this.#blockSize + next.offset;
      this.#budget.spend(next.size);
      area = await readExactly(this.#file, place, next.size, 'system use area');
    }
    throw new MalformedInput(`a system use area goes on more than ${mostContinuations} times`);
  }

  #nameOf({ name }: DirectoryRecord, rock: RockRidge | null): string {
    if (rock?.name) return rock.name;
    const text = this.#names === 'joliet' ? decodeUcs2(name) : decodeName(name);
    return text.replace(/;\d*$/, '').replace(/\.$/, '');
  }

  async #inode(parts: readonly DirectoryRecord[], rock: RockRidge | null): Promise<Inode> {
    const [first] = parts;
    if (first === undefined) throw new Error('a file has no record');
    if (rock?.childLink) return this.#moved(rock.childLink, rock);
    const posix = rock?.attributes ?? null;
    if (first.isDirectory) return this.#directory(first.block, first.size, posix);
    if (parts.some(({ isInterleaved }) => isInterleaved))
      throw new UnsupportedFormat('it is interleaved with another file, which is not read');
    const stored = extentsContent(this.#file, parts, this.#blockSize, this.#budget);
    const zisofs = rock?.zisofs ?? null;
    const content = zisofs === null ? stored : zisofsContent(stored, zisofs, this.#budget);
    const type = posix?.type ?? 'file';
    const file = { ...unowned, mode: 0o555, ...posix, type, children: noChildren };
    if (type !== 'file')
      return {
        ...file,
        id: first.block,
        size: 0,
        content: noContent,
        names: 1,
        linkTarget: rock?.linkTarget ?? '',
      };
    // Empty files may all lie at one block.
    const names = content.size === 0 ? 1 : file.names;
    return { ...file, id: `${first.block}+${stored.size}`, size: content.size, content, names };
  }

  /** Size and attributes of a moved directory stand in its first record. */
  async #moved(block: number, { attributes }: RockRidge): Promise<Inode> {
    const self = await this.#firstRecord(block);
    const own = (await this.#rockRidge(self))?.attributes ?? attributes;
    return this.#directory(block, self.size, own);
  }

  async #firstRecord(block: number): Promise<DirectoryRecord> {
    const place = block * this.#blockSize;
    return decodeRecord(await readExactly(this.#file, place, 256, 'ISO 9660 directory'));
  }
}

/** The content of a file in one or more parts, each of less than 4 GiB. */
function extentsContent(
  file: RandomAccess,
  parts: readonly DirectoryRecord[],
  blockSize: number,
  budget: Budget,
): RandomAccess {
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const some = async (offset: number, most: number) => {
    let start = 0;
    for (const part of parts) {
      const within = offset - start;
      if (within < part.size) {
        const length = Math.min(most, part.size - within);
        const place = part.block * blockSize + within;
        return readExactly(file, place, length, 'content of an ISO 9660 file');
      }
      start += part.size;
    }
    throw new Error('read behind the end of a file');
  };
  return accessByPieces(size, some, budget);
}
