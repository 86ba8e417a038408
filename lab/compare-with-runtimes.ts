// Developer's script: makes images of random layers, has umoci, podman and containerd unpack them, and compares the files
// with those that hullcheck judges. Run by root on Debian: node dist/lab/compare-with-runtimes.js [COUNT] [SEED]
// Exits with 1 where a file that a runtime shows is not judged, or one more is, without a reason of compare-image.ts.
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomFrom } from '../fuzz/random.ts';
import { compareImage, type Difference } from './runtimes/compare-image.ts';
import { containerd } from './runtimes/containerd.ts';
import { filesJudged, type Judged } from './runtimes/files-of-root.ts';
import { writeLayout } from './runtimes/image-layout.ts';
import { type RandomImage, randomImage, stepNames } from './runtimes/random-image.ts';
import {
  type PackedImage,
  packedLayout,
  podman,
  type Unpacker,
  umoci,
} from './runtimes/unpackers.ts';

/** From here on every kind of step must have been made, and every runtime must have unpacked half of the images. */
const wholeCount = 200;

class Tally {
  readonly #unpacker: Unpacker;
  same = 0;
  explained = 0;
  refused = 0;
  wrong = 0;

  constructor(unpacker: Unpacker) {
    this.#unpacker = unpacker;
  }

  /** Gives the differences that have a reason. */
  add(image: RandomImage, judged: Judged, packed: PackedImage, tag: string): readonly Difference[] {
    const { name, way } = this.#unpacker;
    const real = this.#unpacker.unpack(packed);
    if (real === null) return [];
    if (typeof real === 'string') {
      this.refused += 1;
      console.info(`${tag}: ${name} refuses it: ${real.slice(0, 200)}`);
      return [];
    }
    const differences = compareImage(judged, real, image.features, way);
    const wrong = differences.filter(({ reason }) => reason === null);
    const complaints = [
      ...wrong.map(({ kind, path }) => `${kind}: ${path}`),
      ...judged.problems.map((problem) => `unpacked, and yet a problem: ${problem}`),
    ];
    for (const complaint of complaints) console.error(`${tag}: WRONG: ${name}: ${complaint}`);
    if (complaints.length > 0) this.wrong += 1;
    else if (differences.length > 0) this.explained += 1;
    else this.same += 1;
    return differences.filter(({ reason }) => reason !== null);
  }

  get unpacked(): number {
    return this.same + this.explained + this.wrong;
  }

  get line(): string {
    return `${this.#unpacker.name}: ${this.unpacked} unpacked: ${this.same} the same, ${this.explained} with differences that have a reason, ${this.wrong} wrong; ${this.refused} refused`;
  }
}

async function main(count: number, seed: number): Promise<boolean> {
  // podman names an image by its layout, in lower case.
  const folder = join(tmpdir(), `runtimes-${process.pid}`);
  mkdirSync(folder, { mode: 0o700 });
  const unpackers = [umoci(folder), podman(folder), await containerd(folder)];
  const tallies = unpackers.map((unpacker) => ({ unpacker, tally: new Tally(unpacker) }));
  const reasons = new Counts();
  const steps = new Counts();
  try {
    for (let at = 0; at < count; at += 1) {
      const tag = `i${seed + at}`;
      const image = randomImage(randomFrom(seed + at), tag);
      for (const [name, times] of image.steps) steps.add(name, times);
      const layout = join(folder, tag);
      writeLayout(layout, [{ tag, layers: image.layers }]);
      const judged = await filesJudged(`oci-dir:${layout}:${tag}`);
      const packed = packedLayout(layout, tag);
      for (const { unpacker, tally } of tallies)
        for (const { kind, reason } of tally.add(image, judged, packed, tag))
          reasons.add(`${unpacker.name}, ${kind}: ${reason?.feature}: ${reason?.because}`, 1);
      rmSync(layout, { recursive: true });
      rmSync(`${layout}.tar`, { force: true });
    }
  } finally {
    for (const unpacker of unpackers) unpacker.close();
    rmSync(folder, { recursive: true, force: true });
  }
  for (const [text, times] of reasons.sorted()) console.info(`${times} files: ${text}`);
  console.info(`steps: ${stepNames.map((name) => `${steps.of(name)} ${name}`).join(', ')}`);
  for (const { tally } of tallies) console.info(tally.line);
  const never = count < wholeCount ? [] : stepNames.filter((name) => steps.of(name) === 0);
  for (const name of never) console.error(`no image has the step "${name}"`);
  const idle = tallies.filter(({ tally }) => count >= wholeCount && tally.unpacked < count / 2);
  for (const { unpacker } of idle)
    console.error(`${unpacker.name} unpacks fewer than half of the images`);
  return never.length + idle.length === 0 && tallies.every(({ tally }) => tally.wrong === 0);
}

class Counts {
  readonly #counts = new Map<string, number>();

  add(name: string, times: number): void {
    this.#counts.set(name, this.of(name) + times);
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  sorted(): readonly (readonly [string, number])[] {
    return [...this.#counts].sort();
  }
}

const [, , count = '200', seed = '1'] = process.argv;
process.exitCode = (await main(Number(count), Number(seed))) ? 0 : 1;
