import { decompress } from '../archive/decompress.ts';
import type { EntryWalk } from '../archive/entry.ts';
import { tarEntries } from '../archive/tar/tar-stream.ts';
import { zipEntries } from '../archive/zip/zip.ts';
import { readZipDirectory } from '../archive/zip/zip-directory.ts';
import { DamagedInput, MissingPart } from '../base/errors.ts';
import { defaultLimits, type Limits } from '../base/limits.ts';
import { reportingBehind } from './bytes/report-behind.ts';
import { walkUnpromised } from './bytes/stored-layer.ts';
import { expectFile, notThis, refuseChoice } from './input/expect-input.ts';
import type { FileInput } from './input/input.ts';
import { packageHolding } from './input/kind-by-names.ts';
import { parseJson, textOr } from './json/json.ts';
import { tarWalk } from './packages/package-in-tar.ts';
import { findFile } from './packages/package-metadata.ts';
import { type Identity, packageTarget } from './packages/package-target.ts';
import type { Source, Target } from './source.ts';

const scheme = 'conda';

/**
 * conda's format 2: a zip that holds, stored, `metadata.json`, `info-NAME.tar.zst` and `pkg-NAME.tar.zst`; and format 1: a
 * `.tar.bz2` that begins with the files below `info/`.
 */
export default {
  scheme,
  summary: 'a conda package (.conda, .tar.bz2)',
  recognised:
    'a zip with `metadata.json` and `pkg-….tar.zst` (format 2), or a tar that begins with `info/` and contains `info/index.json` (format 1)',
  opens: 'packages',
  endings: ['conda'],
  inTar: {
    beginsWith: (name) => name === 'info' || name.startsWith('info/'),
    isDecidedBy: (name) => name === 'info/index.json',
  },
  async claims(input) {
    if (input.kind !== 'file') return 'no';
    return (await contentName(input)) !== null || (await input.holds()) === packageHolding(scheme)
      ? 'certain'
      : 'no';
  },
  async open(given, options) {
    const input = expectFile(given, scheme);
    refuseChoice(input, options, scheme);
    if (input.format !== 'zip') return [await openTar(input, options.limits)];
    const identify = async () => identityIn(await contentName(input));
    const entries = () => walkContent(input, options.limits);
    return [await packageTarget(input, scheme, identify, entries)];
  },
} satisfies Source;

/** Format 1. */
async function openTar(input: FileInput, limits: Limits): Promise<Target> {
  if ((await input.holds()) === 'no-archive')
    throw notThis(input, 'a conda package: it is neither a zip archive nor a tar');
  async function identify() {
    const bytes = await findFile(tarWalk(input, limits), 'info/index.json', limits);
    if (bytes === null) return null;
    const json = parseJson(bytes, 'info/index.json');
    const [name, version, architecture] = ['name', 'version', 'subdir'].map((key) =>
      textOr(json, key, ''),
    );
    return { name: name ?? '', version: version ?? '', architecture: architecture ?? '' };
  }
  return packageTarget(input, scheme, identify, (report) =>
    walkUnpromised(input.file, reportingBehind(limits, report)),
  );
}

const content = /^pkg-(?<name>[^/]+)-(?<version>[^/-]+)-[^/-]+\.tar\.\w+$/;

/** The part with the files; null when this is not a conda package, or not a readable zip. */
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
