import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { bufferAccess } from '../../src/archive/random-access.ts';
import { DamagedInput, UsageError } from '../../src/errors.ts';
import { defaultLimits } from '../../src/limits.ts';
import { claimant } from '../../src/sources/find-source.ts';
import { openBytes } from '../../src/sources/open-input.ts';
import type { Target } from '../../src/sources/source.ts';
import { repositoryRoot } from '../../test/support/repository.ts';
import { damageBytes, mutateBytes, type Part } from '../mutate-bytes.ts';
import type { Random } from '../random.ts';
import { lazily } from '../samples.ts';
import { holds, type Subject } from '../subject.ts';

const limits = { ...defaultLimits, maxEntries: 2000, maxLayerSize: 64 * 1024 * 1024 };

const seeds = join(repositoryRoot, 'fuzz', 'seeds');

/** By the ending of the seeds, made by scripts/make-image-seeds.sh. */
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
    weight: 2,
    make(random) {
      const image = random.any(images());
      if (image === undefined) throw new Error(`no image of ${name} is among the seeds`);
      const isDamaged = random.oneIn(5);
      const bytes = isDamaged ? damageBytes(image.bytes, [], random) : changed(image, random);
      return { bytes, origin: image.file, isDamaged };
    },
    async check({ bytes, origin, isDamaged }) {
      const found = await readAll(bytes);
      if (!isDamaged || found.isRefused || found.problems > 0) return;
      const sound = await readAll(imageFrom(origin).bytes);
      holds(found.listing === sound.listing, () => {
        return `a cut image of ${bytes.length} bytes was read without a problem, as\n${found.listing}\nexpected\n${sound.listing}`;
      });
    },
  };
}

interface Image {
  readonly file: string;
  readonly bytes: Buffer;
  readonly parts: readonly Part[];
}

function imageFrom(file: string): Image {
  const bytes = gunzipSync(readFileSync(join(seeds, file)));
  return { file, bytes, parts: partsOf(bytes) };
}

const partSize = 32;

/** What is not zeros. */
function partsOf(bytes: Buffer): readonly Part[] {
  const parts: Part[] = [];
  for (let offset = 0; offset < bytes.length; offset += partSize) {
    const size = Math.min(partSize, bytes.length - offset);
    if (bytes.subarray(offset, offset + size).some((byte) => byte !== 0))
      parts.push({ name: 'content', offset, size });
  }
  return parts;
}

/** Content of the numbers file takes most of the image, and matters least. */
function changed({ bytes, parts }: Image, random: Random): Buffer {
  const text = (part: Part) =>
    bytes
      .subarray(part.offset, part.offset + part.size)
      .every((byte) => byte === 10 || (byte >= 48 && byte <= 57));
  return mutateBytes(
    bytes,
    parts.filter((part) => !text(part)),
    random,
  );
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
