import type { EntryWalk } from '../../archive/entry.ts';
import { MalformedInput } from '../../base/errors.ts';
import type { Limits } from '../../base/limits.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { accessByPieces, noContent } from '../access-by-pieces.ts';
import { readExactly } from '../exact-read.ts';
import { type Child, type Inode, noChildren, type Report } from '../inode.ts';
import { treeEntries } from '../tree-walk.ts';
import { type Budget, budgetFor } from '../work-budget.ts';
import { readVolume, type Volume } from './boot-sector.ts';
import { ClusterChain, ClusterTable } from './cluster-chain.ts';
import { type DirectoryRecord, RecordReader } from './directory-record.ts';

/** Every file of an image of FAT12, FAT16 or FAT32. Throws MalformedInput, LimitExceeded. */
export async function* fatEntries(file: RandomAccess, limits: Limits, report: Report): EntryWalk {
  const volume = await readVolume(file);
  yield* treeEntries(new Fat(file, volume, budgetFor(file.size, limits)).root(), limits, report);
}

/** FAT knows no modes and owners: everything may be run, and only root may write, as Linux mounts it by default. */
const unowned = {
  mode: 0o755,
  uid: 0,
  gid: 0,
  names: 1,
  linkTarget: '',
  capability: null,
} as const;

/** Linux reads no more of a directory (FAT_MAX_DIR_SIZE). */
const largestDirectory = 2 * 1024 * 1024;

class Fat {
  readonly #file: RandomAccess;
  readonly #volume: Volume;
  readonly #table: ClusterTable;
  readonly #budget: Budget;

  constructor(file: RandomAccess, volume: Volume, budget: Budget) {
    this.#file = file;
    this.#volume = volume;
    this.#table = new ClusterTable(file, volume, budget);
    this.#budget = budget;
  }

  root(): Inode {
    const { root } = this.#volume;
    const pieces =
      root.where === 'place'
        ? () => this.#place(root.offset, root.size)
        : () => this.#directoryPieces(root.cluster);
    return { ...this.#directory(0), children: () => this.#children(pieces()) };
  }

  #inode({ isDirectory, cluster, size }: DirectoryRecord): Inode {
    const { clusters } = this.#volume;
    if (cluster !== 0 && (cluster < 2 || cluster >= clusters + 2))
      throw new MalformedInput(`its first cluster is ${cluster}, there are ${clusters}`);
    if (isDirectory) return this.#directory(cluster);
    if (size > 0 && cluster === 0) throw new MalformedInput(`it has ${size} bytes, but no cluster`);
    const content = size === 0 ? noContent : this.#chain(cluster, size);
    return { ...unowned, id: cluster, type: 'file', size, content, children: noChildren };
  }

  #directory(cluster: number): Inode {
    const children = () =>
      cluster === 0 ? noChildren() : this.#children(this.#directoryPieces(cluster));
    return { ...unowned, id: cluster, type: 'directory', size: 0, content: noContent, children };
  }

  /** `size` bytes of a chain of clusters. */
  #chain(first: number, size: number): RandomAccess {
    const { clusterSize, content } = this.#volume;
    const chain = new ClusterChain(this.#table, first, Math.ceil(size / clusterSize) + 1);
    const some = async (offset: number, most: number) => {
      const index = Math.floor(offset / clusterSize);
      const cluster = await chain.at(index);
      if (cluster === null)
        throw new MalformedInput(`a chain of FAT ends after ${index} clusters, too early`);
      const wanted = Math.min(
        most,
        (await runLength(chain, index, most, clusterSize)) - (offset % clusterSize),
      );
      const place = content + (cluster - 2) * clusterSize + (offset % clusterSize);
      return readExactly(this.#file, place, wanted, 'content of a FAT file');
    };
    return accessByPieces(size, some, this.#budget);
  }

  async *#place(offset: number, size: number): AsyncIterable<Buffer> {
    yield await readExactly(this.#file, offset, size, 'the root directory of FAT');
  }

  async *#directoryPieces(first: number): AsyncIterable<Buffer> {
    const { clusterSize, content } = this.#volume;
    const most = Math.ceil(largestDirectory / clusterSize);
    const chain = new ClusterChain(this.#table, first, most);
    for (let index = 0; ; index += 1) {
      const cluster = await chain.at(index);
      if (cluster === null) return;
      this.#budget.spend(clusterSize);
      const place = content + (cluster - 2) * clusterSize;
      yield await readExactly(this.#file, place, clusterSize, 'a directory of FAT');
    }
  }

  async *#children(pieces: AsyncIterable<Buffer>): AsyncIterable<Child> {
    const reader = new RecordReader(this.#volume.kind);
    for await (const piece of pieces) {
      for (const record of reader.read(piece)) {
        if (record === null) return;
        yield { name: record.name, open: async () => this.#inode(record) };
      }
    }
  }
}

/** Bytes from the cluster at `index` on that lie one behind the other, as far as `most` needs. */
async function runLength(
  chain: ClusterChain,
  index: number,
  most: number,
  clusterSize: number,
): Promise<number> {
  const first = (await chain.at(index)) ?? 0;
  let count = 1;
  while (count * clusterSize < most && (await chain.at(index + count)) === first + count)
    count += 1;
  return count * clusterSize;
}
