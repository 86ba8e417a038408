import { closeSync, constants, openSync, readdirSync, readFileSync } from 'node:fs';
import { defaultLimits } from '../../src/base/limits.ts';
import { decodeName } from '../../src/base/text.ts';
import type { CatalogOptions } from '../../src/layers/building/catalog-options.ts';
import { withFacts } from '../../src/layers/building/with-facts.ts';
import { catalogLayer } from '../../src/layers/catalog-layer.ts';
import { FileMemory } from '../../src/layers/content/file-memory.ts';
import { squash } from '../../src/layers/squash.ts';
import { openTarget } from '../../src/sources/input/find-source.ts';
import type { Target } from '../../src/sources/source.ts';
import { bytesOfElf } from '../../test/support/elf/elf-content.ts';
import { sha256 } from './image-layout.ts';

/** Digest of the content by path; bytes that are not UTF-8 are lone surrogates. */
export type RootFiles = ReadonlyMap<string, string>;

/** Every regular file that begins as an ELF file, links not followed. */
export function filesIn(folder: string): RootFiles {
  const files = new Map<string, string>();
  const pending = [{ place: Buffer.from(folder), path: '' }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    for (const entry of readdirSync(next.place, { withFileTypes: true, encoding: 'buffer' })) {
      const place = Buffer.concat([next.place, Buffer.from('/'), entry.name]);
      const path = `${next.path}/${decodeName(entry.name)}`;
      if (entry.isDirectory()) pending.push({ place, path });
      else if (entry.isFile()) addElf(files, place, path);
    }
  }
  return files;
}

function addElf(files: Map<string, string>, place: Buffer, path: string): void {
  const descriptor = openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW);
  const content = readFileSync(descriptor);
  closeSync(descriptor);
  if (content.toString('latin1', 0, 4) === '\x7fELF') files.set(path, sha256(content));
}

export interface Judged {
  readonly files: RootFiles;
  /** `kind where: message`; notices are not among them. */
  readonly problems: readonly string[];
  readonly notices: readonly string[];
}

/** What hullcheck would judge of the one image, by its own source, walk and overlay; facts are of no interest here. */
export async function filesJudged(reference: string): Promise<Judged> {
  const images = await imagesJudged(reference);
  const [judged] = images;
  if (judged === undefined || images.length > 1)
    throw new Error(`${reference} is ${images.length} images`);
  return judged;
}

/** The same of all its images; `platform` as of the command line. */
export async function imagesJudged(
  reference: string,
  platform: string | null = null,
): Promise<readonly Judged[]> {
  const source = await openTarget(reference, { platform, limits: defaultLimits });
  try {
    const images: Judged[] = [];
    for (const target of source.targets) images.push(await filesOfTarget(target));
    return images;
  } finally {
    await source.close();
  }
}

async function filesOfTarget(target: Target): Promise<Judged> {
  const options: CatalogOptions = {
    limits: defaultLimits,
    keepsText: () => false,
    memory: new FileMemory(),
    extract: async (elf) => ({ sha256: sha256(bytesOfElf(elf)), exceeded: [] }),
  };
  const walked = await Promise.all(target.layers.map((layer) => catalogLayer(layer, options)));
  const catalogs = walked.map((each) => withFacts(each, new Map()));
  const { root, problems } = squash(catalogs, defaultLimits);
  const all = [...target.problems, ...walked.flatMap((each) => each.problems), ...problems];
  const messages = (isNotice: boolean) =>
    all
      .filter(({ kind }) => (kind === 'notice') === isNotice)
      .map(({ kind, where, message }) => `${kind} ${where}: ${message}`);
  return {
    files: new Map(root.binaries.map(({ path, elf }) => [path, elf ?? ''])),
    problems: messages(false),
    notices: messages(true),
  };
}
