// build-realistic FOLDER [ROOTS [NAME ...]]: builds twelve images as people have them, each as it is met and as it is when
// its author builds well, and writes with each what a report of it has to say. Runs as root on Debian 12 with Go, Rust
// (with the target x86_64-unknown-linux-musl), npm and pip; what Debian has is installed. ROOTS (or the variable
// ALPINE_ROOTS) is a folder with alpine-minirootfs-3.20.3-x86_64.tar.gz. What was built before is not built again.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { gunzipSync } from 'node:zlib';
import { repositoryRoot } from '../test/support/repository.ts';
import { answerOf } from './realistic/answer.ts';
import { inTemporaryFolder, script } from './realistic/contents.ts';
import { nodeSlim, nodeSlimConfig } from './realistic/debian-images.ts';
import { images } from './realistic/images.ts';
import type { Layer } from './realistic/realistic-image.ts';
import { writeLayout } from './realistic/write-layout.ts';

const [folder, roots = process.env['ALPINE_ROOTS'], ...names] = process.argv.slice(2);
if (folder === undefined || roots === undefined)
  throw new Error('expected a folder to write, and one with roots of Alpine (or ALPINE_ROOTS)');
const parts = resolve(folder, 'parts');
mkdirSync(parts, { recursive: true });
execFileSync('sh', [join(repositoryRoot, 'scripts/system-packages.sh'), 'realistic'], {
  stdio: 'inherit',
});
for (const image of images) {
  if (names.length > 0 && !names.includes(image.name)) continue;
  for (const edition of ['found', 'built-well'] as const) {
    const name = edition === 'found' ? image.name : `${image.name}-built-well`;
    await writeLayout(join(folder, name), image.tag, image.steps(edition), image.config, tarOf);
    const answer = `${JSON.stringify(answerOf(image, edition), null, 2)}\n`;
    writeFileSync(join(folder, `${name}.answer.json`), answer);
    process.stdout.write(`${name}\n`);
  }
}
mkdirSync(join(folder, 'bases'), { recursive: true });
await writeLayout(
  join(folder, 'bases/node-20-slim'),
  'node:20-slim',
  nodeSlim,
  nodeSlimConfig,
  tarOf,
);

/** Where the layer lies, which is made where it is missing. */
function tarOf(layer: Layer): string {
  const tar = join(parts, `${layer.name}.tar`);
  if (existsSync(tar)) return tar;
  switch (layer.of) {
    case 'debian':
      inTemporaryFolder((work) => {
        const packages = layer.packages.map((each) =>
          typeof each === 'string' ? each : each(work),
        );
        script('debian-layer.sh', [parts, layer.name, ...packages]);
      });
      return tar;
    case 'archive':
      writeFileSync(tar, gunzipSync(readFileSync(join(roots ?? '', layer.name))));
      return tar;
    case 'folder':
      inTemporaryFolder((root) => {
        const content = join(root, 'content');
        mkdirSync(content);
        layer.make(content);
        const same = [
          '--sort=name',
          '--mtime=@1700000000',
          '--owner=0',
          '--group=0',
          '--numeric-owner',
        ];
        execFileSync('tar', ['-C', content, ...same, '-cf', `${tar}.part`, '.']);
      });
      renameSync(`${tar}.part`, tar);
      return tar;
  }
}
