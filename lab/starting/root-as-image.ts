import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StartingContext } from './starting-case.ts';

/** Packs a root and how it is started as `docker save` would; `folder` is for the parts. Returns the archive's place. */
export function packAsImage(root: string, context: StartingContext, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const run = (words: readonly string[]) => execFileSync('tar', words, { stdio: 'pipe' });
  run(['--numeric-owner', '-C', root, '-cf', join(folder, 'layer.tar'), '.']);
  const layer = createHash('sha256')
    .update(readFileSync(join(folder, 'layer.tar')))
    .digest('hex');
  const config = {
    architecture: 'amd64',
    os: 'linux',
    config: {
      Env: context.environment ?? [],
      WorkingDir: context.workingDirectory ?? '',
      User: context.user ?? '',
    },
    rootfs: { type: 'layers', diff_ids: [`sha256:${layer}`] },
  };
  const manifest = [{ Config: 'config.json', RepoTags: ['case:1'], Layers: ['layer.tar'] }];
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  const image = join(folder, 'image.tar');
  run(['-C', folder, '-cf', image, 'manifest.json', 'config.json', 'layer.tar']);
  return image;
}
