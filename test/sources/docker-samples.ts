import { blobName, configOf, json, layerOf, sha256, type TarItem } from './image-builder.ts';

/** One image of two layers, as the tests of docker-archive put it together. */
export const base = await layerOf('etc/os-release', 'bin/busybox');
export const app = await layerOf('app');
export const config = configOf({ layers: [base, app] });
export const configName = `${sha256(config).slice('sha256:'.length)}.json`;

export function manifest(
  layers: readonly string[],
  tags: readonly string[] | null = ['repo:v1'],
  name = configName,
): TarItem {
  return { name: 'manifest.json', body: json([{ Config: name, RepoTags: tags, Layers: layers }]) };
}

export const configItem: TarItem = { name: configName, body: config };
export const combined = [sha256(base), sha256(app)].map(blobName);

export const want = 'repo:v1 linux/amd64: etc/os-release bin/busybox | app';

export const arm = configOf({ architecture: 'arm64', layers: [app] });
