// build-sample-images [FOLDER]: writes samples/images from samples/elf, the same bytes each time (with one version of Node).
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { argv } from 'node:process';
import { repositoryRoot } from '../test/support/repository.ts';
import { alpineApp } from './sample-images/alpine-app.ts';
import { kernelConfigs } from './sample-images/kernel-configs.ts';
import { dockerArchive, ociLayout } from './sample-images/layouts.ts';
import { packTar } from './sample-images/pack-tar.ts';
import { rootCases } from './sample-images/root-cases.ts';
import { startImages } from './sample-images/starts.ts';

const folder = argv[2] ?? join(repositoryRoot, 'samples', 'images');

const elf = join(repositoryRoot, 'samples', 'elf');
const image = alpineApp(elf);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'alpine-app.docker.tar'), await dockerArchive(image));
writeFileSync(join(folder, 'starts.docker.tar'), await dockerArchive(...startImages(elf)));
writeFileSync(join(folder, 'kernel-configs.tar'), await packTar(kernelConfigs()));
writeFileSync(join(folder, 'root-cases.tar'), await packTar(rootCases(elf)));

const layout = join(folder, 'alpine-app.oci');
rmSync(layout, { recursive: true, force: true });
for (const entry of await ociLayout(image)) {
  if (entry.type !== 'file') continue;
  const path = join(layout, entry.path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, entry.body);
  chmodSync(path, 0o644);
}
