import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LayerCache } from '../../../src/cache/layer-cache.ts';
import type { Prediction } from '../predict-start.ts';
import { type Compiler, createCompiler } from './compile.ts';
import type { ImageCase, ImageSettings } from './image-case.ts';
import { createLab } from './lab.ts';
import {
  architectures,
  emulatorOf,
  findLabRoots,
  type LabRoot,
  type Machine,
  machines,
} from './lab-roots.ts';
import { compileLauncher, type RealStart, startImage } from './launch.ts';
import { createMemory, predictImage } from './predict-image.ts';
import { type StoredLayer, storeChanges, storeLayer, writeLayout } from './write-image.ts';

/** What all cases of a run share. */
export interface Bench {
  readonly scratch: string;
  readonly roots: ReadonlyMap<string, LabRoot>;
  readonly compile: Compiler;
  readonly launcher: string;
  readonly memory: LayerCache;
  /** Of a base root, by its name; made when it is first needed. */
  layerOf(base: LabRoot): StoredLayer;
}

export function createBench(scratch: string, rootsFolder: string | null): Bench {
  const layers = new Map<string, StoredLayer>();
  return {
    scratch,
    roots: findLabRoots(rootsFolder, join(scratch, 'roots')),
    compile: createCompiler(join(scratch, 'built')),
    launcher: compileLauncher(scratch),
    memory: createMemory(),
    layerOf({ name, folder }) {
      const layer = layers.get(name) ?? storeLayer(join(scratch, `${name}.tar`), folder);
      layers.set(name, layer);
      return layer;
    },
  };
}

export type Agreement =
  | 'agrees'
  /** It was to die, and starts. */
  | 'false failure'
  /** It was to start, and dies. */
  | 'false pass'
  /** It dies, at another time than was said. */
  | 'other end'
  /** It was to die at the call of a function that is missing, and does not call it. */
  | 'not called'
  | 'unknown';

export interface ImageComparison {
  readonly real: RealStart;
  readonly start: Prediction | null;
  readonly loadable: Prediction | null;
}

/** Why a case cannot be started here; null when it can. */
export function obstacleTo({ roots }: Bench, { base, image }: ImageCase): string | null {
  const root = roots.get(base);
  if (root === undefined) return `there is no root ${base}`;
  const emulator = emulatorOf(machineOf(image, root));
  return emulator === null || existsSync(emulator) ? null : `there is no ${emulator}`;
}

/** What the image says that it is for; the kernel that starts it is that machine's. */
function machineOf({ architecture }: ImageSettings, base: LabRoot): Machine {
  return machines.find((each) => architectures[each] === architecture) ?? base.machine;
}

export async function compareImage(bench: Bench, imageCase: ImageCase): Promise<ImageComparison> {
  const base = bench.roots.get(imageCase.base);
  if (base === undefined) throw new Error(`there is no root ${imageCase.base}`);
  const folder = join(bench.scratch, 'case');
  rmSync(folder, { recursive: true, force: true });
  const root = join(folder, 'root');
  const layout = join(folder, 'layout');
  mkdirSync(root, { recursive: true });
  // Links: what a case changes it writes anew.
  execFileSync('cp', ['-al', `${base.folder}/.`, root]);
  imageCase.make(createLab(base, root, bench.compile));
  const { image } = imageCase;
  const { architecture = architectures[base.machine] } = image;
  const changes = storeChanges(join(folder, 'changes.tar'), root, base.folder);
  const images = [
    { tag: 'case', image },
    { tag: 'bare', image: {} },
  ];
  writeLayout(layout, [bench.layerOf(base), changes], images, architecture);
  const { start, loadable } = await predictImage(layout, bench.memory, imageCase);
  const machine = machineOf(imageCase.image, base);
  const real = startImage(bench.launcher, root, machine, imageCase.image);
  return { real, start, loadable };
}

export function agreementOf({ fate }: Prediction, real: RealStart): Agreement {
  if (fate === null) return 'unknown';
  if (fate === real.fate) return 'agrees';
  if (fate === 'starts') return 'false pass';
  if (real.fate !== 'starts') return 'other end';
  return fate === 'dies at the first call' ? 'not called' : 'false failure';
}
