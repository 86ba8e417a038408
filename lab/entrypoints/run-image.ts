import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EntrypointConfig } from './entrypoint-case.ts';
import { onlyTag } from './image-maker.ts';

export interface Run {
  readonly started: boolean;
  /** null: a signal ended it, or it had to be stopped. */
  readonly status: number | null;
  /** What runtime, kernel or loader said. */
  readonly said: string;
}

export type RuntimeName = 'crun' | 'runc';

/** What moby and podman give a container's root. A user other than root has none of them. */
const capabilities = [
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
].map((name) => `CAP_${name}`);

/** Unpacks an image and starts it. `folder`: for its own use. */
export function runImage(
  runtime: RuntimeName,
  layout: string,
  config: EntrypointConfig,
  folder: string,
): Run {
  const bundle = join(folder, 'bundle');
  rmSync(bundle, { recursive: true, force: true });
  const unpacked = run('umoci', ['unpack', '--image', `${layout}:${onlyTag}`, bundle]);
  // It looks the user up as Docker does.
  if (unpacked.status !== 0)
    return { started: false, status: unpacked.status, said: unpacked.stderr };
  const place = join(bundle, 'config.json');
  const text = readFileSync(place, 'utf8');
  writeFileSync(place, JSON.stringify(bundleConfig(JSON.parse(text), config)));
  return runBundle(runtime, bundle, `hullcheck-${process.pid}`);
}

/** Where control groups are of an old kind crun wants none at all. */
const withoutGroups =
  'mount -t tmpfs none /sys/fs/cgroup && exec crun --cgroup-manager=disabled run -b "$1" "$2"';

function runBundle(runtime: 'crun' | 'runc', bundle: string, name: string): Run {
  const { status, stdout, stderr } =
    runtime === 'crun'
      ? run('unshare', [
          '-m',
          '--propagation',
          'private',
          'sh',
          '-c',
          withoutGroups,
          'sh',
          bundle,
          name,
        ])
      : run('runc', ['run', '-b', bundle, name]);
  return { started: stdout.startsWith('started\n'), status, said: stderr };
}

function run(command: string, args: readonly string[]) {
  const { error, status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  if (error && !('code' in error && error.code === 'ETIMEDOUT'))
    throw new Error(`${command} cannot be run: ${error.message}`);
  return { status, stdout, stderr: stderr.trim() };
}

/** The parts of a runtime's configuration that are changed. */
interface BundleConfig {
  readonly process: {
    readonly user: { readonly uid: number };
    readonly env: readonly string[];
  };
  readonly linux: object;
}

/** Its user and environment are umoci's; the words are the image's, for umoci starts a shell where there are none. */
function bundleConfig(made: BundleConfig, image: EntrypointConfig): object {
  const held = made.process.user.uid === 0 ? capabilities : [];
  const sets = { bounding: capabilities, effective: held, permitted: held };
  const { rlimits: _, ...process } = made.process as BundleConfig['process'] & {
    rlimits?: unknown;
  };
  return {
    ...made,
    process: {
      ...process,
      args: [...(image.Entrypoint ?? []), ...(image.Cmd ?? [])],
      terminal: false,
      noNewPrivileges: false,
      capabilities: sets,
    },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755'] },
    ],
    linux: { namespaces: ['pid', 'network', 'ipc', 'uts', 'mount'].map((type) => ({ type })) },
  };
}
