import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn, type RootFiles } from './files-of-root.ts';

export interface Unpacker {
  readonly name: string;
  /** `overlay`: the kernel lays layers upon each other; `copy`: each layer is unpacked upon the ones before. */
  readonly way: 'overlay' | 'copy';
  /** What is in the image of a layout, or the sentence with which it is refused. */
  unpack(layout: string, tag: string): RootFiles | string;
  close(): void;
}

export function umoci(folder: string): Unpacker {
  const bundle = join(folder, 'bundle');
  const rootless = process.getuid?.() === 0 ? [] : ['--rootless'];
  return {
    name: 'umoci',
    way: 'copy',
    unpack(layout, tag) {
      rmSync(bundle, { recursive: true, force: true });
      const refusal = run('umoci', ['unpack', ...rootless, '--image', `${layout}:${tag}`, bundle]);
      return refusal ?? filesIn(join(bundle, 'rootfs'));
    },
    close: () => rmSync(bundle, { recursive: true, force: true }),
  };
}

/** Needs root, and a kernel and a file system that can overlay. */
export function podman(folder: string): Unpacker {
  const home = join(folder, 'podman');
  mkdirSync(home, { recursive: true });
  const store = [`--root=${join(home, 'store')}`, `--runroot=${join(home, 'run')}`];
  const global = [...store, '--storage-driver=overlay'];
  return {
    name: 'podman',
    way: 'overlay',
    unpack(layout, tag) {
      const refusal = run('podman', [...global, 'pull', '-q', `oci:${layout}:${tag}`]);
      if (refusal !== null) return refusal;
      const image =
        output('podman', [...global, 'images', '-q', '--no-trunc']).split('\n')[0] ?? '';
      const mount = output('podman', [...global, 'image', 'mount', image]).trim();
      const files = filesIn(mount);
      run('podman', [...global, 'image', 'umount', image]);
      run('podman', [...global, 'rmi', '-f', image]);
      return files;
    },
    close: () => void run('podman', [...global, 'system', 'reset', '-f']),
  };
}

function run(command: string, args: readonly string[]): string | null {
  const { error, status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (error) throw new Error(`${command} cannot be run: ${error.message}`);
  if (status === 0) return null;
  const lines = stderr.trim().split('\n');
  return lines.at(-1)?.slice(0, 300) || `${command} ends with ${status}`;
}

function output(command: string, args: readonly string[]): string {
  const { error, status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (error || status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error ?? stderr}`);
  return stdout;
}
