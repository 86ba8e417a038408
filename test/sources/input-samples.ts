import { layerOf, layoutBuilder, type TarItem } from './image-builder.ts';

export const elf = Buffer.concat([Buffer.from('\x7fELF', 'latin1'), Buffer.alloc(600)]);

export const root: readonly TarItem[] = [
  { name: './', type: 'directory' },
  { name: './etc/passwd', body: 'x' },
];

const builder = layoutBuilder();

/** The only image of `layoutFiles`. */
export const image = builder.image({ layers: [await layerOf('app')] });
export const layoutFiles = builder.index(image);
