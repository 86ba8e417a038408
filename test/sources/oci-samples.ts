import {
  type Descriptor,
  json,
  type LayoutBuilder,
  layerOf,
  mediaTypes,
  onPlatform,
} from './image-builder.ts';

/** Two layers and two images of the tests of OCI layouts. */
export const base = await layerOf('etc/os-release', 'bin/busybox');
export const app = await layerOf('app');

export function index(
  builder: LayoutBuilder,
  manifests: readonly Descriptor[],
  more = {},
): Descriptor {
  return builder.blob(json({ schemaVersion: 2, manifests }), mediaTypes.index, more);
}

export function twoPlatforms(builder: LayoutBuilder): Descriptor[] {
  return [
    builder.image({ layers: [base] }, onPlatform('amd64')),
    builder.image({ architecture: 'arm64', layers: [app] }, onPlatform('arm64', 'v8')),
  ];
}
