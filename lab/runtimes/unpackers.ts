import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { filesIn, type RootFiles } from './files-of-root.ts';

export interface Unpacker {
  readonly name: string;
  /** `overlay`: the kernel lays layers upon each other; `copy`: each layer is unpacked upon the ones before. */
  readonly way: 'overlay' | 'copy';
  /** What is in an image, or the sentence with which it is refused; null: it does not take images in this form. */
  unpack(image: PackedImage): RootFiles | string | null;
  close(): void;
}

export interface PackedImage {
  /** As podman and skopeo name it: `oci:FOLDER:TAG`. */
  readonly transport: string;
  /** The archive that containerd imports; null: there is none. */
  readonly archive: string | null;
  /** Its name in containerd. */
  readonly name: string;
  /** `linux/arm/v7`; absent: that of this machine. */
  readonly platform?: string;
}

/** The image of a layout whose name in containerd is `NAME:TAG`. */
export function packedLayout(
  layout: string,
  tag: string,
  name = 'localhost/differential',
): PackedImage {
  const archive = `${layout}.tar`;
  const refusal = run('tar', ['-C', layout, '-cf', archive, '.']);
  if (refusal !== null) throw new Error(refusal);
  return { transport: `oci:${layout}:${tag}`, archive, name: `${name}:${tag}` };
}

export function umoci(folder: string): Unpacker {
  const bundle = join(folder, 'bundle');
  const rootless = process.getuid?.() === 0 ? [] : ['--rootless'];
  return {
    name: 'umoci',
    way: 'copy',
    unpack({ transport, platform }) {
      if (!transport.startsWith('oci:') || platform !== undefined) return null;
      rmSync(bundle, { recursive: true, force: true });
      const image = transport.slice('oci:'.length);
      const refusal = run('umoci', ['unpack', ...rootless, '--image', image, bundle]);
      return refusal ?? filesIn(join(bundle, 'rootfs'));
    },
    close: () => rmSync(bundle, { recursive: true, force: true }),
  };
}

/** Chooses and copies; what it copied is unpacked by umoci. */
export function skopeo(folder: string): Unpacker {
  const copy = join(folder, 'copy');
  const unpacker = umoci(folder);
  return {
    ...unpacker,
    name: 'skopeo',
    unpack({ transport, platform, ...image }) {
      rmSync(copy, { recursive: true, force: true });
      const chosen = platform === undefined ? [] : overrides(platform);
      const refusal = run('skopeo', [...chosen, 'copy', '-q', transport, `oci:${copy}:t`]);
      return refusal ?? unpacker.unpack({ ...image, transport: `oci:${copy}:t` });
    },
  };
}

function overrides(platform: string): readonly string[] {
  const [os, architecture, variant] = platform.split('/');
  const given = [`--override-os=${os}`, `--override-arch=${architecture}`];
  return variant === undefined ? given : [...given, `--override-variant=${variant}`];
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
    unpack({ transport, platform }) {
      const chosen = platform === undefined ? [] : [`--platform=${platform}`];
      const refusal = run('podman', [...global, 'pull', '-q', ...chosen, transport]);
      if (refusal !== null) return refusal;
      const image =
        output('podman', [...global, 'images', '-q', '--no-trunc']).split('\n')[0] ?? '';
      const { status, stdout, stderr } = result('podman', [...global, 'image', 'mount', image]);
      const files = status === 0 ? filesIn(stdout.trim()) : lastLine(stderr);
      run('podman', [...global, 'image', 'umount', image]);
      run('podman', [...global, 'rmi', '-f', image]);
      return files;
    },
    close: () => void run('podman', [...global, 'system', 'reset', '-f']),
  };
}

/** null: it went well. */
function run(command: string, args: readonly string[]): string | null {
  const { status, stderr } = result(command, args);
  return status === 0 ? null : lastLine(stderr) || `${command} ends with ${status}`;
}

function output(command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = result(command, args);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

function result(command: string, args: readonly string[]) {
  const { error, ...ended } = spawnSync(command, args, { encoding: 'utf8' });
  if (error) throw new Error(`${command} cannot be run: ${error.message}`);
  return ended;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
}
