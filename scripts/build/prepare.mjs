// Builds a clone that npm installs (npm install --global .). Nothing is published that runs this.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './compile.mjs';

if (!existsSync(join(root, 'node_modules/typescript'))) {
  // npm leaves out what a clone is built with when it installs globally, and what it was given itself is in the environment.
  const own = /^npm_config_(?:global|location|prefix|omit|include|save.*|dry_run|install_links)$/i;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
  const words = ['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--silent'];
  const { status } = spawnSync('npm', words, {
    cwd: root,
    env,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) process.exit(1);
}
await import('./build.mjs');
