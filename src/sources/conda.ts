import { decompress } from '../archive/decompress.ts';
import type { EntryWalk } from '../archive/entry.ts';
import { tarEntries } from '../archive/tar-stream.ts';
import { zipEntries } from '../archive/zip.ts';
import { readZipDirectory } from '../archive/zip-directory.ts';
import { DamagedInput, MissingPart } from '../errors.ts';
import { defaultLimits, type Limits } from '../limits.ts';
import { expectFile, notThis, refuseChoice } from './claim.ts';
import type { FileInput } from './input.ts';
import { type Identity, packageTarget } from './package-target.ts';
import type { Source } from './source.ts';

const scheme = 'conda';

/** conda's format 2: a zip that holds, stored, `metadata.json`, `info-NAME.tar.zst` and `pkg-NAME.tar.zst`. */
export default {
  scheme,
  summary: 'a conda package (.conda)',
  async claims(input) {
    return input.kind === 'file' && (await contentName(input)) !== null ? 'certain' : 'no';
  },
  async open(given, options) {
    const input = expectFile(given, scheme);
    refuseChoice(input, options, scheme);
    if (input.format !== 'zip') throw notThis(input, 'a conda package: it is no zip archive');
    const identify = async () => identityIn(await contentName(input));
    const entries = () => walkContent(input, options.limits);
    return [await packageTarget(input, scheme, identify, entries)];
  },
} satisfies Source;

const content = /^pkg-(?<name>[^/]+)-(?<version>[^/-]+)-[^/-]+\.tar\.\w+$/;

/** The part with the files; null when this is no conda package, or no zip that can be read. */
async function contentName({ format, file }: FileInput): Promise<string | null> {
  if (format !== 'zip') return null;
  try {
    const names = (await readZipDirectory(file, defaultLimits)).map(({ name }) => name);
    return names.includes('metadata.json')
      ? (names.find((name) => content.test(name)) ?? null)
      : null;
  } catch (error) {
    if (error instanceof DamagedInput) return null;
    throw error;
  }
}

function identityIn(name: string | null): Identity | null {
  const parts = content.exec(name ?? '')?.groups;
  return parts
    ? { name: parts['name'] ?? '', version: parts['version'] ?? '', architecture: '' }
    : null;
}

async function* walkContent({ file }: FileInput, limits: Limits): EntryWalk {
  for await (const entry of zipEntries(file, limits, () => {})) {
    if (!content.test(entry.path)) continue;
    yield* tarEntries(decompress(entry.body(), limits), limits);
    return;
  }
  throw new MissingPart('the package holds no pkg-….tar.zst that can be read');
}
