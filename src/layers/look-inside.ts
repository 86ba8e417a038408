import { DamagedInput, LimitExceeded } from '../base/errors.ts';
import type { Work } from '../base/limits.ts';
import { problemOf } from '../base/problem-of.ts';
import { bufferAccess, type RandomAccess } from '../base/random-access.ts';
import { spool } from '../sources/bytes/spool.ts';
import { mayLackMagic, openNested, suspectedBy } from '../sources/nested/nested.ts';
import { carries, isCarrier, lostBehind } from '../sources/nested/what-lies-behind.ts';
import type { Target } from '../sources/source.ts';
import type { CatalogOptions } from './building/catalog-options.ts';
import { mayHavePackages } from './building/package-signs.ts';
import { nothingSeen } from './building/text-rooms.ts';
import type { WalkedInside, WalkedLayer } from './catalog.ts';
import { catalogLayer } from './catalog-layer.ts';
import type { Kept, Nesting } from './inside/nesting.ts';
import { onlyJudged } from './inside/only-judged.ts';

/** Up to here a container is kept in memory; most Java archives are smaller. */
const smallContainer = 4 * 1024 * 1024;

/**
 * The options for one layer whose files are looked into, and the files in those, up to the limit of levels. Entries and
 * unpacked bytes count for all of them together, so that no nesting makes more of them than one layer may have.
 */
export function nestingOptions(
  options: Omit<CatalogOptions, 'nesting' | 'seen'>,
  opensLibraries = false,
): CatalogOptions {
  const seen = nothingSeen();
  const work = new NestedWork(options.limits.maxNestedSize);
  const keepsText = keepsTextInside(options.keepsText);
  const inner = { ...options, seen, keepsText, limits: { ...options.limits, work } };
  return { ...options, seen, nesting: nestingAt(1, work, inner, opensLibraries) };
}

/** No shell of the root reads what lies in a file: what only a command shows to be a text is not kept there. */
function keepsTextInside(keepsText: CatalogOptions['keepsText']): CatalogOptions['keepsText'] {
  return (path, head, size) => {
    const answer = keepsText(path, head, size);
    return answer !== 'text' && answer;
  };
}

/** How many files beyond the maximum depth are listed; one is enough to make the result incomplete. */
const mostTooDeep = 100;

class NestedWork implements Work {
  readonly #most: number;
  #spent = 0;
  #tooDeep = 0;
  /** Set once it is reported; it is not reported twice. */
  isOver = false;

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether one more file beyond the maximum depth is listed. */
  tellsDepth(): boolean {
    this.#tooDeep += 1;
    return this.#tooDeep <= mostTooDeep;
  }

  spend(bytes: number): void {
    this.#spent += bytes;
    if (this.#spent <= this.#most) return;
    this.isOver = true;
    throw new LimitExceeded(
      `looking into the files of this layer takes more than ${this.#most} unpacked bytes`,
    );
  }
}

/** What is in a file of the target itself is at level 1. */
function nestingAt(
  level: number,
  work: NestedWork,
  options: CatalogOptions,
  libraries: boolean,
): Nesting {
  const { maxNesting, maxNestedSize } = options.limits;
  return {
    suspects: async (head, size) => (work.isOver ? 'no' : suspectedBy(head, size, libraries)),
    carries: async (bytes) => !work.isOver && carries(bytes),
    isCarrier,
    mayLackMagic,
    lostBehind,
    keep: (bytes, size) => keep(bytes, size, work, maxNestedSize),
    async open(bytes, path) {
      if (level > maxNesting) return work.tellsDepth() ? [refused(tooDeep(maxNesting))] : [];
      try {
        const nesting = nestingAt(level + 1, work, options, libraries);
        return await openAll(bytes, path, { ...options, nesting }, libraries);
      } catch (error) {
        if (error instanceof DamagedInput) return [refused(error)];
        throw error;
      }
    },
    refused,
  };
}

function tooDeep(most: number): LimitExceeded {
  const because =
    most === 0
      ? 'the limit (--max-nesting 0) is that no container is'
      : `it lies in ${most} other containers, which is the limit (--max-nesting)`;
  return new LimitExceeded(`it was not opened: ${because}`);
}

function refused(error: DamagedInput): WalkedInside {
  const problems = [problemOf(error, '')];
  return { name: '', scheme: 'unreadable', kind: 'file', config: null, catalogs: [], problems };
}

async function openAll(
  bytes: RandomAccess,
  path: string,
  options: CatalogOptions,
  libraries: boolean,
): Promise<readonly WalkedInside[]> {
  const source = await openNested(path, bytes, options.limits, libraries);
  if (source === null) return [];
  try {
    const contained: WalkedInside[] = [];
    for (const target of source.targets) {
      const catalogs: WalkedLayer[] = [];
      const digests = mayHavePackages(target) ? 'all' : [];
      for (const layer of target.layers)
        catalogs.push(await catalogLayer(layer, { ...options, digests }));
      const inside = containedIn(target, path, source.targets.length, catalogs);
      const worth = onlyJudged(inside, options.limits);
      if (worth !== null) contained.push(worth);
    }
    return contained;
  } finally {
    await source.close();
  }
}

function containedIn(
  { name, scheme, kind, config, control, problems }: Target,
  path: string,
  count: number,
  catalogs: readonly WalkedLayer[],
): WalkedInside {
  const own = name.startsWith(`${path}!`) ? name.slice(path.length + 1) : name;
  // The caller knows its path, which every problem begins with anyway.
  const placed = problems.map((problem) =>
    problem.where === path ? { ...problem, where: '' } : problem,
  );
  const inside = { name: count === 1 ? '' : own, scheme, kind, config, catalogs, problems: placed };
  return control === undefined ? inside : { ...inside, control };
}

async function keep(
  bytes: AsyncIterable<Buffer>,
  size: number,
  work: Work,
  mostBytes: number,
): Promise<Kept> {
  const kept = { refusal: null, damage: null, close: () => {} };
  try {
    work.spend(size);
  } catch (error) {
    if (!(error instanceof LimitExceeded)) throw error;
    return { ...kept, bytes: bufferAccess(Buffer.alloc(0)), refusal: error };
  }
  if (size > smallContainer) {
    const { file, damage } = await spool(bytes, mostBytes);
    return { ...kept, bytes: file, damage, close: () => file.close() };
  }
  const parts: Buffer[] = [];
  try {
    // The source may use its memory again.
    for await (const piece of bytes) parts.push(Buffer.from(piece));
    return { ...kept, bytes: bufferAccess(Buffer.concat(parts)) };
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    return { ...kept, bytes: bufferAccess(Buffer.concat(parts)), damage: error };
  }
}
