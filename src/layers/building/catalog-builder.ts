import { createHash } from 'node:crypto';
import { type Entry, withAccessList } from '../../archive/entry.ts';
import { LimitExceeded } from '../../base/errors.ts';
import { excessOf, leavesRoot, normalisePath } from '../../base/normalise-path.ts';
import type { Problem } from '../../base/problem.ts';
import { problemOf } from '../../base/problem-of.ts';
import type { RandomAccess } from '../../base/random-access.ts';
import { printableName } from '../../base/text.ts';
import type { ElfContent } from '../../extraction/elf-content.ts';
import type { CatalogEntry, FileDigests, WalkedInside, WalkedLayer } from '../catalog.ts';
import { readContent } from '../content/file-content.ts';
import type { Kept } from '../inside/nesting.ts';
import type { CatalogOptions } from './catalog-options.ts';
import type { EntryList } from './entry-list.ts';
import { type ExtractedFile, ExtractionQueue } from './extraction-queue.ts';
import { PackageSigns } from './package-signs.ts';
import { nothingSeen, type Seen, TextRooms } from './text-rooms.ts';
import type { Whiteout } from './whiteout.ts';

/** Gathers the catalog of one layer, entry by entry. */
export class CatalogBuilder {
  readonly #options: CatalogOptions;
  readonly #whiteoutOf: (path: string) => Whiteout;
  readonly #queue: ExtractionQueue;
  readonly #entries: EntryList;
  readonly #texts = new Map<string, Buffer>();
  readonly #insides = new Map<string, readonly WalkedInside[]>();
  readonly #problems: Problem[] = [];
  readonly #seen: Seen;
  readonly #signs: PackageSigns;
  readonly #rooms: TextRooms;

  /** `whiteoutOf`: what the path of an entry says alongside its place. */
  constructor(options: CatalogOptions, entries: EntryList, whiteoutOf: (path: string) => Whiteout) {
    this.#options = options;
    this.#whiteoutOf = whiteoutOf;
    this.#entries = entries;
    this.#seen = options.seen ?? nothingSeen();
    this.#rooms = new TextRooms(this.#seen, (problem) => this.report(problem));
    this.#queue = new ExtractionQueue(options.extract);
    this.#signs = new PackageSigns(options.digests ?? 'all');
  }

  report(problem: Problem): void {
    this.#problems.push(problem);
  }

  /** Reads what is kept of the entry. Throws LimitExceeded for an entry too many, and what its body throws. */
  async add(entry: Entry): Promise<void> {
    const { maxEntries } = this.#options.limits;
    this.#seen.count += 1;
    if (this.#seen.count > maxEntries)
      throw new LimitExceeded(`layer has more than ${maxEntries} entries`);
    const path = this.#place(entry.path);
    if (path === null) return;
    this.#signs.meet(path);
    const whiteout = this.#whiteoutOf(path);
    if (whiteout.kind === 'none') await this.#addPlain(entry, path);
    else if (whiteout.kind === 'invalid')
      this.#notice(path, 'whiteout of its own directory or the one above');
    else if (whiteout.kind !== 'metadata')
      this.#entries.add(bare(entry, whiteout.path, whiteout.kind));
    if (this.#entries.isFull) await this.#entries.room();
  }

  /** The catalog, when all extractions are done. */
  async finish(): Promise<WalkedLayer> {
    await this.#queue.finish();
    return {
      entries: await this.#entries.finish(),
      texts: this.#texts,
      insides: this.#insides,
      problems: this.#problems,
    };
  }

  #notice(where: string, what: string): void {
    this.report({ kind: 'notice', where, message: `${what}: left out` });
  }

  /** The normalised path, or null when nothing can be there. */
  #place(path: string): string | null {
    const normalised = normalisePath(path);
    const message = excessOf(normalised, this.#options.limits);
    if (message === null) {
      if (leavesRoot(path)) this.#clamped(path, normalised);
      return normalised;
    }
    this.report({ kind: 'limit', where: normalised.slice(0, 256), message });
    return null;
  }

  async #addPlain(entry: Entry, path: string): Promise<void> {
    if (entry.type === 'file' && entry.content?.size === 0) return this.#addEmpty(entry, path);
    if (entry.type === 'file') return this.#addFile(entry, path);
    if (entry.type === 'hardlink') return this.#addHardLink(entry, path);
    if (entry.type === 'unsupported') {
      const message =
        'unknown type of entry or sparse file, or one that an overlay file system redirects: its content cannot be read';
      this.report({ kind: 'unsupported', where: path, message });
    }
    this.#entries.add(bare(entry, path, entry.type));
  }

  #clamped(path: string, normalised: string): void {
    const message = `path "${printableName(path)}" leaves the root: read as "${printableName(normalised)}", where container runtimes put it`;
    this.report({ kind: 'notice', where: normalised, message });
  }

  #addHardLink(entry: Entry, path: string): void {
    const linkTarget = normalisePath(entry.linkTarget);
    this.#entries.add({ ...bare(entry, path, 'hardlink'), linkTarget });
  }

  /** Archives may hold millions of them. */
  #addEmpty(entry: Entry, path: string): void {
    this.#entries.add(bare(entry, path, 'file'));
    const nothing = Buffer.alloc(0);
    this.#keep(path, this.#isText(path, nothing, 0) ? nothing : null);
  }

  #isText(path: string, head: Buffer, size: number): boolean {
    return this.#rooms.take(this.#options.keepsText(path, head, size), size);
  }

  /** The last of a name wins. */
  #keep(path: string, text: Buffer | null): void {
    if (text) this.#texts.set(path, text);
    else this.#texts.delete(path);
    this.#insides.delete(path);
  }

  async #addFile(entry: Entry, path: string): Promise<void> {
    const { elf, text, container, shebang, problem } = await readContent(entry, {
      limits: this.#options.limits,
      isText: (head) => this.#isText(path, head, entry.size),
      memory: this.#options.memory,
      spool: this.#options.spool ?? null,
      nesting: this.#options.nesting ?? null,
      digestsOf: (size) => this.#signs.digestsOf(path, size),
    });
    if (problem) this.report({ ...problem, where: path });
    const at = this.#entries.add({ ...bare(entry, path, 'file'), size: entry.size, shebang });
    this.#keep(path, text);
    const attached = elf ? await this.#attachedTo(elf) : container;
    if (elf) await this.#extract(elf, path, at);
    if (attached) await this.#lookInto(attached, path);
  }

  #extract(elf: ElfContent, path: string, at: number): Promise<void> {
    return this.#queue.start(
      elf,
      (named) => this.#name(named, at),
      (error) => this.report(problemOf(error, path)),
    );
  }

  /** What may be behind an ELF file, in memory of its own: that of the file is given back when its facts are known. */
  async #attachedTo({ head, bytes, release }: ElfContent): Promise<Kept | null> {
    const { nesting } = this.#options;
    try {
      if (!nesting) return null;
      const isContainer = (await nesting.suspects(head, bytes.size)) === 'yes';
      if (!isContainer && !(await nesting.carries(bytes))) return null;
      return await nesting.keep(bytes.stream(0, bytes.size), bytes.size);
    } catch (error) {
      release();
      throw error;
    }
  }

  async #lookInto({ bytes, refusal, damage, close }: Kept, path: string): Promise<void> {
    const { nesting } = this.#options;
    try {
      const inside = refusal
        ? [nesting?.refused(refusal)]
        : ((await nesting?.open(bytes, path)) ?? []);
      const found = inside.filter((each) => each !== undefined);
      if (found.length > 0) {
        const digests = refusal || damage ? {} : { digests: await digestsOf(bytes) };
        this.#insides.set(
          path,
          found.map((each) => ({ ...each, ...digests })),
        );
      }
    } finally {
      close();
    }
    // The error is passed on to the reader of the layer.
    if (damage) throw damage;
  }

  #name({ sha256 }: ExtractedFile, at: number): void {
    this.#entries.name(at, sha256);
  }
}

/** Few files hold others that are worth judging. */
async function digestsOf(bytes: RandomAccess): Promise<FileDigests> {
  const hashes = { sha256: createHash('sha256'), sha1: createHash('sha1'), md5: createHash('md5') };
  for await (const piece of bytes.stream(0, bytes.size))
    for (const hash of Object.values(hashes)) hash.update(piece);
  const { sha256, sha1, md5 } = hashes;
  return { sha256: sha256.digest('hex'), sha1: sha1.digest('hex'), md5: md5.digest('hex') };
}

function bare(entry: Entry, path: string, type: CatalogEntry['type']): CatalogEntry {
  const { mode, uid, gid, linkTarget, capability, accessList } = entry;
  return withAccessList(
    { path, type, size: 0, mode, uid, gid, linkTarget, capability, elf: null, shebang: null },
    accessList,
  );
}
