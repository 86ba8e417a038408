import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DamagedInput, UsageError } from '../../src/base/errors.ts';
import { defaultLimits } from '../../src/base/limits.ts';
import { bufferAccess } from '../../src/base/random-access.ts';
import { claimant } from '../../src/sources/input/find-source.ts';
import { openBytes } from '../../src/sources/input/open-input.ts';
import type { Target } from '../../src/sources/source.ts';
import { repositoryRoot } from '../../test/support/repository.ts';
import { damageBytes, mutateBytes, type Part } from '../mutate-bytes.ts';
import { lazily } from '../samples.ts';
import { holds, type Subject } from '../subject.ts';

const limits = { ...defaultLimits, maxEntries: 2000, maxLayerSize: 64 * 1024 * 1024 };

const seeds = join(repositoryRoot, 'fuzz', 'seeds');

/** By the ending of the seeds, made by lab/make-image-seeds.sh. */
export const fileSystems: readonly Subject[] = ['squashfs', 'ext', 'iso', 'fat', 'disk'].map(
  subjectOf,
);

/** Images of one kind with wrong numbers, places and names, each file read to its end. */
function subjectOf(name: string): Subject {
  const images = lazily(() =>
    readdirSync(seeds)
      .filter((file) => file.endsWith(`.${name}.gz`))
      .sort()
      .map((file) => imageFrom(file)),
  );
  return {
    name,
    make(random) {
      const image = random.any(images());
      if (image === undefined) throw new Error(`no image of ${name} is among the seeds`);
      const isDamaged = random.oneIn(5);
      const bytes = isDamaged
        ? damageBytes(image.bytes, [], random)
        : mutateBytes(image.bytes, image.parts, random);
      return { bytes, origin: image.file, isDamaged };
    },
    async check({ bytes, origin, isDamaged }) {
      const found = await readAll(bytes);
      if (!isDamaged || found.isRefused || found.problems > 0) return;
      const want = await images()
        .find(({ file }) => file === origin)
        ?.listing();
      holds(found.listing === want, () => {
        return `a cut image of ${bytes.length} bytes was read without a problem, as\n${found.listing}\nexpected\n${want}`;
      });
    },
  };
}

interface Image {
  readonly file: string;
  readonly bytes: Buffer;
  readonly parts: readonly Part[];
  /** What a whole image has in it. */
  readonly listing: () => Promise<string>;
}

function imageFrom(file: string): Image {
  const bytes = gunzipSync(readFileSync(join(seeds, file)));
  const listing = lazily(async () => (await readAll(bytes)).listing);
  return { file, bytes, parts: partsOf(bytes), listing };
}

const partSize = 32;

/** What is neither zeros nor content of the numbers file, which takes most of an image and matters least. */
function partsOf(bytes: Buffer): readonly Part[] {
  const parts: Part[] = [];
  for (let offset = 0; offset < bytes.length; offset += partSize) {
    const part = bytes.subarray(offset, offset + partSize);
    const isFiller = part.every((byte) => byte === 0) || part.every(isOfNumbers);
    if (!isFiller) parts.push({ name: 'content', offset, size: part.length });
  }
  return parts;
}

function isOfNumbers(byte: number): boolean {
  return byte === 10 || (byte >= 48 && byte <= 57);
}

interface Found {
  /** Nothing of it could be opened. */
  readonly isRefused: boolean;
  readonly problems: number;
  readonly listing: string;
}

async function readAll(bytes: Buffer): Promise<Found> {
  const { input } = await openBytes('image', bufferAccess(bytes), limits);
  const lines: string[] = [];
  let problems = 0;
  try {
    const source = await claimant(input);
    const targets = await source?.open(input, { platform: null, limits });
    if (targets === undefined) return { isRefused: true, problems, listing: '' };
    for (const target of targets)
      problems += target.problems.length + (await readTarget(target, lines));
  } catch (error) {
    if (!(error instanceof DamagedInput || error instanceof UsageError)) throw error;
    return { isRefused: true, problems: 1, listing: '' };
  }
  return { isRefused: false, problems, listing: lines.join('\n') };
}

async function readTarget({ layers }: Target, lines: string[]): Promise<number> {
  let problems = 0;
  let count = 0;
  const report = () => {
    problems += 1;
  };
  try {
    for (const layer of layers) {
      for await (const entry of layer.entries(report)) {
        count += 1;
        holds(count <= limits.maxEntries + 1, () => 'there are more entries than the limit');
        let size = 0;
        for await (const piece of entry.body()) size += piece.length;
        holds(size <= entry.size, () => `${entry.path} has ${size} bytes, expected ${entry.size}`);
        lines.push(`${entry.path} ${entry.type} ${size} ${entry.linkTarget}`);
      }
    }
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    problems += 1;
  }
  return problems;
}
