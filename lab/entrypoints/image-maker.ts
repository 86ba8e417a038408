import { writeLayout } from '../runtimes/image-layout.ts';
import { baseLayer } from './base-images.ts';
import type { BaseImage, EntrypointCase } from './entrypoint-case.ts';
import { ImageFiles } from './image-files.ts';
import { Programs } from './programs.ts';

/** The name of the only image of a layout. */
export const onlyTag = 'image';

/** Writes the images of cases as OCI layouts. */
export class ImageMaker {
  readonly #programs: Programs;
  readonly #bases = new Map<BaseImage, Buffer>();

  /** `folder`: for compilers. */
  constructor(folder: string) {
    this.#programs = new Programs(folder);
  }

  write(
    layout: string,
    base: BaseImage,
    { make, config, architecture = 'amd64' }: EntrypointCase,
  ): void {
    const files = new ImageFiles();
    make?.(files, this.#programs);
    const layers = base === 'scratch' ? [files.tar()] : [this.#base(base), files.tar()];
    writeLayout(layout, [{ tag: onlyTag, layers, config: { ...config }, architecture }]);
  }

  #base(base: BaseImage): Buffer {
    const known = this.#bases.get(base) ?? baseLayer(base);
    this.#bases.set(base, known);
    return known;
  }
}
