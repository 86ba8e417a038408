import { posix } from 'node:path';
import type { Random } from '../../fuzz/random.ts';
import { tarOf } from '../../test/support/archives/tar-builder.ts';
import { type Kind, LayerWriter } from './layer-writer.ts';
import { oddName, plainName } from './odd-names.ts';

/** Something of which container runtimes are known to make different things, and the places that it concerns. */
export interface Feature {
  readonly kind: FeatureKind;
  /** Everything at and below these. */
  readonly places: readonly string[];
}

export type FeatureKind =
  | 'remade directory'
  | 'opaque root'
  | 'path through a lower link'
  | 'whiteout through a lower link'
  | 'name of AUFS'
  | 'whiteout of an own file';

export interface RandomImage {
  /** Tars, oldest first. */
  readonly layers: readonly Buffer[];
  readonly features: readonly Feature[];
  /** Of each kind of step, how many there are. */
  readonly steps: ReadonlyMap<string, number>;
}

export function randomImage(random: Random, name: string): RandomImage {
  const maker = new ImageMaker(random, name);
  const layers = 1 + random.below(4);
  for (let layer = 0; layer < layers; layer += 1) maker.addLayer(layer, layer === layers - 1);
  return maker;
}

const globalHeader = 'global header';

type Step = (maker: ImageMaker) => boolean;

class ImageMaker implements RandomImage {
  readonly layers: Buffer[] = [];
  readonly features: Feature[] = [];
  readonly steps = new Map<string, number>();
  readonly random: Random;
  /** What the specification makes of the layers so far, this one included. */
  readonly view = new Map<string, Kind>();
  /** What this layer has itself. */
  readonly own = new Map<string, Kind>();
  /** Symbolic links of all layers, gone ones too. */
  readonly links: { readonly path: string; readonly target: string }[] = [];
  writer: LayerWriter;
  readonly #name: string;
  readonly #mayRepeat: boolean;
  #contents = 0;

  constructor(random: Random, name: string) {
    this.random = random;
    this.#name = name;
    this.#mayRepeat = random.oneIn(6);
    this.writer = new LayerWriter(random, this.#mayRepeat);
  }

  addLayer(layer: number, isLast: boolean): void {
    this.own.clear();
    this.writer = new LayerWriter(this.random, this.#mayRepeat);
    if (this.random.oneIn(60)) this.#addGlobalHeader();
    const count = (layer === 0 ? 6 : 2) + this.random.below(8);
    for (let at = 0; at < count; at += 1) this.#step(layer === 0 ? buildingSteps : allSteps);
    // Runtimes disagree about everything that comes behind these.
    const isParting = isLast && layer > 0 && this.random.oneIn(3);
    for (let tries = isParting ? 6 : 0; tries > 0 && !this.#step(partingSteps); ) tries -= 1;
    // Also where chance made them of other steps.
    const { remade, parts } = this.writer;
    if (remade.length > 0) this.features.push({ kind: 'remade directory', places: remade });
    if (this.writer.has('/.wh..wh..opq')) this.features.push({ kind: 'opaque root', places: [''] });
    this.layers.push(tarOf(...parts));
  }

  #step(steps: readonly (readonly [name: string, weight: number, step: Step])[]): boolean {
    let left = this.random.below(steps.reduce((sum, [, weight]) => sum + weight, 0));
    for (const [name, weight, step] of steps) {
      left -= weight;
      if (left >= 0) continue;
      const isDone = step(this);
      if (isDone) this.#count(name);
      return isDone;
    }
    return false;
  }

  #addGlobalHeader(): void {
    this.writer.globalHeader();
    this.#count(globalHeader);
  }

  #count(name: string): void {
    this.steps.set(name, (this.steps.get(name) ?? 0) + 1);
  }

  content(): Buffer {
    this.#contents += 1;
    const text = `${this.#name} ${this.#contents} `;
    return Buffer.from(`\x7fELF${text}${'.'.repeat(this.random.below(700))}`, 'latin1');
  }

  pathsOf(map: ReadonlyMap<string, Kind>, kind: Kind): string[] {
    return [...map].flatMap(([path, each]) => (each === kind ? [path] : []));
  }

  directory(): string {
    return this.random.any(['', ...this.pathsOf(this.view, 'directory')]) ?? '';
  }

  /** A name that nobody has. */
  fresh(): string {
    const directory = this.directory();
    for (;;) {
      const name = this.random.oneIn(8) ? oddName(this.random) : plainName(this.random);
      const path = `${directory}/${name}`;
      if (!this.view.has(path)) return path;
      if (this.random.oneIn(4)) return `${path}${this.random.below(1000)}`;
    }
  }

  set(path: string, kind: Kind): void {
    for (const map of [this.view, this.own]) {
      if (kind !== 'directory' || map.get(path) !== 'directory') this.#removeBelow(map, path);
      for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
        map.set(path.slice(0, at), 'directory');
      map.set(path, kind);
    }
  }

  /** Of lower layers alone. */
  hide(path: string): void {
    for (const each of [...this.view.keys()])
      if ((each === path || each.startsWith(`${path}/`)) && !this.own.has(each))
        this.view.delete(each);
  }

  isOwn(path: string): boolean {
    return [...this.own.keys()].some((each) => each === path || each.startsWith(`${path}/`));
  }

  file(path: string): boolean {
    this.writer.file(path, this.content());
    this.set(path, 'file');
    return true;
  }

  symlink(path: string, target: string): boolean {
    this.writer.symlink(path, target);
    this.links.push({ path, target });
    this.set(path, 'link');
    return true;
  }

  /** Links to directories, both of lower layers and untouched by this one. */
  lowerLinks() {
    return this.links
      .map(({ path, target }) => ({
        link: path,
        directory: posix.resolve(posix.dirname(path), target),
      }))
      .filter(
        ({ link, directory }) =>
          this.view.get(link) === 'link' &&
          this.view.get(directory) === 'directory' &&
          !link.startsWith(`${directory}/`) &&
          !this.isOwn(link) &&
          !this.isOwn(directory),
      );
  }

  #removeBelow(map: Map<string, Kind>, path: string): void {
    for (const each of [...map.keys()]) if (each.startsWith(`${path}/`)) map.delete(each);
  }
}

const addFile: Step = (maker) => maker.file(maker.fresh());

const addDirectory: Step = (maker) => {
  const path = maker.random.oneIn(3) ? maker.directory() : maker.fresh();
  if (path === '') return false;
  maker.writer.directory(path);
  maker.set(path, 'directory');
  return true;
};

const addSymlink: Step = (maker) => {
  const { random } = maker;
  const known = random.any([...maker.view.keys()]) ?? '/nowhere';
  const directory = random.any(maker.pathsOf(maker.view, 'directory')) ?? '/usr';
  const target = random.pick([
    directory,
    known,
    `../../../..${known}`,
    known.slice(1),
    'nowhere',
    '.',
    '/',
  ]);
  return maker.symlink(maker.fresh(), target);
};

const addLinkedDirectory: Step = (maker) => {
  const [directory, link] = [maker.fresh(), maker.fresh()];
  if (link === directory || link.startsWith(`${directory}/`)) return false;
  maker.writer.directory(directory);
  maker.set(directory, 'directory');
  maker.file(`${directory}/${plainName(maker.random)}`);
  return maker.symlink(link, directory);
};

const addHardLink: Step = (maker) => {
  const target = maker.random.any(maker.pathsOf(maker.own, 'file'));
  if (target === undefined) return false;
  const path = maker.fresh();
  maker.writer.hardLink(path, target);
  maker.set(path, 'file');
  return true;
};

const hardLinkToLower: Step = (maker) => {
  const lower = maker.pathsOf(maker.view, 'file').filter((path) => !maker.own.has(path));
  const target = maker.random.any(lower);
  if (target === undefined) return false;
  const path = maker.fresh();
  maker.writer.hardLink(path, target);
  maker.set(path, 'file');
  return true;
};

const repeatFile: Step = (maker) => {
  const path = maker.random.any(maker.pathsOf(maker.own, 'file'));
  return path !== undefined && maker.file(path);
};

const overwriteLower: Step = (maker) => {
  const lower = maker.pathsOf(maker.view, 'file').filter((path) => !maker.own.has(path));
  const path = maker.random.any(lower);
  return path !== undefined && maker.file(path);
};

const whiteout: Step = (maker) => {
  const lower = [...maker.view.keys()].filter((path) => !maker.isOwn(path));
  const path = maker.random.any(lower);
  if (path === undefined) return false;
  maker.writer.whiteout(path);
  maker.hide(path);
  if (maker.random.oneIn(4) && maker.view.get(path) === undefined) maker.file(path);
  return true;
};

const whiteoutOfNothing: Step = (maker) => {
  maker.writer.whiteout(maker.fresh());
  return true;
};

const opaque: Step = (maker) => {
  const path = maker.random.oneIn(8) ? '' : maker.directory();
  if (path === '' && !maker.random.oneIn(4)) return false;
  const isFirst = maker.random.oneIn(2);
  if (path !== '' || isFirst) maker.writer.directory(path);
  maker.writer.opaque(path);
  if (path !== '') maker.set(path, 'directory');
  for (const each of [...maker.view.keys()]) if (each.startsWith(`${path}/`)) maker.hide(each);
  return true;
};

const replaceType: Step = (maker) => {
  const lower = [...maker.view.keys()].filter((path) => !maker.isOwn(path));
  const path = maker.random.any(lower);
  if (path === undefined) return false;
  const kind = maker.view.get(path);
  const next = maker.random.any((['file', 'directory', 'link'] as const).filter((k) => k !== kind));
  if (next === 'file') return maker.file(path);
  if (next === 'link') return maker.symlink(path, maker.random.pick(['/usr', 'nowhere', '..']));
  maker.writer.directory(path);
  maker.set(path, 'directory');
  return true;
};

const ownLinkAsParent: Step = (maker) => {
  const [directory, link] = [maker.fresh(), maker.fresh()];
  const reaches = link.startsWith(`${directory}/`) || directory.startsWith(`${link}/`);
  if (directory === link || reaches) return false;
  maker.writer.directory(directory);
  maker.set(directory, 'directory');
  const up = '../'.repeat(link.split('/').length - 2);
  maker.symlink(link, maker.random.pick([directory, `${up}${directory.slice(1)}`]));
  maker.writer.file(`${link}/in`, maker.content());
  maker.set(`${directory}/in`, 'file');
  return true;
};

const special: Step = (maker) => {
  const path = maker.fresh();
  maker.writer.special(path);
  maker.set(path, 'link');
  return true;
};

const aufs: Step = (maker) => {
  const { random } = maker;
  const folder = `${maker.directory()}/.wh..wh.${random.pick(['plnk', 'hide', 'orph', '.opq'])}`;
  const path = `${folder}/${random.below(100)}`;
  maker.file(path);
  maker.features.push({ kind: 'name of AUFS', places: [folder] });
  if (random.oneIn(2)) return true;
  const link = maker.fresh();
  maker.writer.hardLink(link, path);
  maker.set(link, 'file');
  return true;
};

const aufsItself: Step = (maker) => {
  maker.writer.named(`${maker.directory()}/.wh..wh.aufs`);
  return true;
};

const remake: Step = (maker) => {
  const lower = maker.pathsOf(maker.view, 'directory').filter((path) => !maker.isOwn(path));
  const path = maker.random.any(lower);
  if (path === undefined) return false;
  maker.writer.whiteout(path);
  maker.hide(path);
  maker.writer.directory(path);
  maker.set(path, 'directory');
  return maker.file(`${path}/${plainName(maker.random)}`);
};

const whiteoutOfOwn: Step = (maker) => {
  const path = maker.random.any(maker.pathsOf(maker.own, 'file'));
  if (path === undefined) return false;
  maker.writer.whiteout(path);
  maker.features.push({ kind: 'whiteout of an own file', places: [path] });
  return true;
};

const throughLowerLink: Step = (maker) => {
  const found = maker.random.any(maker.lowerLinks());
  if (found === undefined) return false;
  const { link, directory } = found;
  maker.features.push({ kind: 'path through a lower link', places: [link, directory] });
  maker.writer.file(`${link}/${plainName(maker.random)}`, maker.content());
  return true;
};

const whiteoutThroughLowerLink: Step = (maker) => {
  const found = maker.random.any(maker.lowerLinks());
  if (found === undefined) return false;
  const { link, directory } = found;
  const file = maker.random.any(
    maker.pathsOf(maker.view, 'file').filter((path) => path.startsWith(`${directory}/`)),
  );
  if (file === undefined) return false;
  maker.features.push({ kind: 'whiteout through a lower link', places: [link, file] });
  maker.writer.whiteout(`${link}${file.slice(directory.length)}`);
  return true;
};

const buildingSteps = [
  ['file', 10, addFile],
  ['directory', 5, addDirectory],
  ['symbolic link', 4, addSymlink],
  ['directory with a link to it', 3, addLinkedDirectory],
  ['hard link', 3, addHardLink],
  ['file again', 1, repeatFile],
  ['own link as parent', 1, ownLinkAsParent],
  ['device or FIFO', 1, special],
  ['name of AUFS', 1, aufs],
] as const;

const allSteps = [
  ...buildingSteps,
  ['lower file overwritten', 3, overwriteLower],
  ['whiteout', 5, whiteout],
  ['whiteout of nothing', 1, whiteoutOfNothing],
  ['opaque directory', 3, opaque],
  ['type replaced', 2, replaceType],
  ['remade directory', 1, remake],
  ['bookkeeping of AUFS', 1, aufsItself],
] as const;

const partingSteps = [
  ['path through a lower link', 5, throughLowerLink],
  ['whiteout through a lower link', 5, whiteoutThroughLowerLink],
  ['whiteout of an own file', 1, whiteoutOfOwn],
  ['hard link to a lower file', 2, hardLinkToLower],
] as const;

/** Steps of which the images of a run must have each. */
export const stepNames: readonly string[] = [
  globalHeader,
  ...[...allSteps, ...partingSteps].map(([name]) => name),
];
