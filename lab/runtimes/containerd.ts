import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { filesIn } from './files-of-root.ts';
import type { Unpacker } from './unpackers.ts';

/** Needs root. */
export async function containerd(folder: string): Promise<Unpacker> {
  const home = join(folder, 'containerd');
  const socket = join(home, 'socket');
  const mount = join(home, 'mount');
  mkdirSync(mount, { recursive: true });
  const config = join(home, 'config.toml');
  const text = `version = 2
root = "${join(home, 'root')}"
state = "${join(home, 'state')}"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
  address = "${socket}"
`;
  writeFileSync(config, text);
  const service = spawn('containerd', ['-c', config], { stdio: 'ignore' });
  for (let left = 200; left > 0 && !existsSync(socket); left -= 1) await wait(100);
  const ctr = (...args: readonly string[]) => said('ctr', ['-a', socket, ...args]);
  return {
    name: 'containerd',
    way: 'overlay',
    unpack({ archive, name, platform }) {
      if (archive === null) return null;
      const chosen = platform === undefined ? [] : ['--platform', platform];
      const refusal =
        ctr('image', 'import', '--no-unpack', archive) ??
        ctr('image', 'mount', ...chosen, name, mount);
      const files = refusal ?? filesIn(mount);
      said('umount', [mount]);
      ctr('snapshots', 'rm', mount);
      ctr('image', 'rm', name);
      return files;
    },
    close() {
      spawnSync('umount', [mount]);
      service.kill('SIGKILL');
    },
  };
}

/** null: it went well. */
function said(command: string, args: readonly string[]): string | null {
  const { error, status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (error) throw new Error(`${command} cannot be run: ${error.message}`);
  return status === 0 ? null : ((stderr || stdout).trim().split('\n').at(-1) ?? `${status}`);
}
