import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type ConfigParts,
  type Descriptor,
  json,
  type LayoutBuilder,
  layoutBuilder,
  mediaTypes,
} from '../../test/sources/image-builder.ts';
import type { Place, Written } from './intake-case.ts';

export const imageName = 'localhost/intake:t';

/** The first of what `build` gives is the image that is meant; the others are in the layout as well. */
export function writeLayout(
  place: Place,
  build: (b: LayoutBuilder) => readonly Descriptor[],
  compress?: (layer: Buffer) => Buffer,
): Written {
  const b = layoutBuilder(compress);
  const [first, ...others] = build(b);
  if (first === undefined) throw new Error('a layout without an image');
  const annotations = {
    ...Object(first['annotations']),
    'org.opencontainers.image.ref.name': 't',
    'io.containerd.image.name': imageName,
  };
  const layout = join(place.folder, 'layout');
  for (const [name, bytes] of b.index({ ...first, annotations }, ...others))
    write(join(layout, name), bytes);
  const archive = join(place.folder, 'layout.tar');
  run('tar', ['-C', layout, '-cf', archive, '.']);
  return {
    reference: `oci-dir:${layout}:t`,
    transport: `oci:${layout}:t`,
    archive,
    name: imageName,
  };
}

/** One image of these layers. */
export function imageOf(
  place: Place,
  layers: readonly Buffer[],
  { config = {}, compress }: Stored = {},
): Written {
  return writeLayout(place, (b) => [b.image({ layers, ...config })], compress);
}

export interface Stored {
  readonly config?: Partial<ConfigParts>;
  readonly compress?: (layer: Buffer) => Buffer;
}

/** The image's manifest with layers of another type. */
export function typedImage(
  place: Place,
  layers: readonly Buffer[],
  mediaType: string,
  compress: (layer: Buffer) => Buffer,
): Written {
  return writeLayout(place, (b) => {
    const described = layers.map((layer) => b.blob(compress(layer), mediaType));
    const { config } = manifestOf(b, b.image({ layers }));
    return [b.blob(json({ schemaVersion: 2, config, layers: described }), mediaTypes.manifest)];
  });
}

export function manifestOf(b: LayoutBuilder, { digest }: Descriptor): Record<string, unknown> {
  const bytes = b.files.get(`blobs/${digest.replace(':', '/')}`);
  return JSON.parse(String(bytes));
}

export function write(path: string, bytes: Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

/** What a program of this machine makes. */
export function run(command: string, args: readonly string[], input?: Buffer): Buffer {
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    input,
    maxBuffer: 2 ** 30,
  });
  if (error || status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error ?? stderr}`);
  return stdout;
}
