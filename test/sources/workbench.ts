import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { DamagedInput } from '../../src/base/errors.ts';
import { defaultLimits, type Limits } from '../../src/base/limits.ts';
import type { Problem } from '../../src/base/problem.ts';
import { openTarget } from '../../src/sources/input/find-source.ts';
import type { Layer, Target } from '../../src/sources/source.ts';
import { type FileMap, tarOfFiles } from './image-builder.ts';

/** A folder that is gone after the test. */
export function folder(test: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'sources-test-'));
  test.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export function writeFile(test: TestContext, bytes: Buffer, name = 'input'): string {
  const path = join(folder(test), name);
  writeFileSync(path, bytes);
  return path;
}

export function writeFolder(test: TestContext, files: FileMap): string {
  const path = folder(test);
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), bytes);
  }
  return path;
}

export async function writeTar(test: TestContext, files: FileMap): Promise<string> {
  return writeFile(test, await tarOfFiles(files));
}

export interface Walked {
  readonly paths: readonly string[];
  readonly problems: readonly Problem[];
  /** What the walk ended with; null for a good end. */
  readonly damage: DamagedInput | null;
}

export interface Opened {
  readonly targets: readonly Target[];
  readonly walks: readonly (readonly Walked[])[];
}

export interface OpenOptions {
  readonly platform?: string;
  readonly limits?: Partial<Limits>;
}

/** Opens, walks every layer of every target, and closes. */
export async function openAll(reference: string, options: OpenOptions = {}): Promise<Opened> {
  const limits = { ...defaultLimits, ...options.limits };
  const source = await openTarget(reference, { platform: options.platform ?? null, limits });
  try {
    const walks: Walked[][] = [];
    for (const { layers } of source.targets) walks.push(await Promise.all(layers.map(walk)));
    return { targets: source.targets, walks };
  } finally {
    await source.close();
    await source.close();
  }
}

async function walk(layer: Layer): Promise<Walked> {
  const paths: string[] = [];
  const problems: Problem[] = [];
  try {
    for await (const entry of layer.entries((problem) => problems.push(problem)))
      paths.push(entry.path);
    return { paths, problems, damage: null };
  } catch (error) {
    if (!(error instanceof DamagedInput)) throw error;
    return { paths, problems, damage: error };
  }
}

/** `name platform: path path | path` for each target: all of a good image on one line. */
export function summary({ targets, walks }: Opened): string[] {
  return targets.map(({ name, platform }, at) => {
    const layers = (walks[at] ?? []).map(
      ({ paths, damage }) => paths.join(' ') + (damage === null ? '' : ` !${damage.name}`),
    );
    return `${name} ${platform}: ${layers.join(' | ')}`;
  });
}

/** Root may read everything, so a test of permissions takes it off for a while. */
export async function asOrdinaryUser<Result>(run: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0) return run();
  process.seteuid?.(65534);
  try {
    return await run();
  } finally {
    process.seteuid?.(0);
  }
}
