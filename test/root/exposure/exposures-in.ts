import type { ImageConfig } from '../../../src/base/image-config.ts';
import { findBinaries } from '../../../src/root/binaries.ts';
import { createExposure } from '../../../src/root/exposure/exposure.ts';
import {
  buildRoot,
  elf,
  linkTo,
  type Thing,
  type Things,
  text,
} from '../../support/roots/root-builder.ts';

export const program = (runpath: string, more: Thing = {}) => elf({ runpath }, more);
export const script = (line: string) => text(`#!${line}\n`, { mode: 0o755 });
export const image: Things = {
  '/bin/busybox': program('busybox'),
  '/bin/sh': linkTo('busybox'),
  '/usr/bin/env': linkTo('../../bin/busybox'),
  '/usr/local/bin/python3': program('python'),
  '/srv/app': program('app'),
  '/srv/start': script('/bin/sh -e'),
  '/srv/start.py': script('/usr/bin/env -S python3 -u'),
  '/srv/start.with': script('/usr/bin/env -S -u HOME A=1 python3 -u'),
  '/opt/bin/tool': program('tool', { mode: 0o4755 }),
  '/etc/passwd': text('root:x:0:0::/:/bin/sh\nweb:x:101:101::/:/bin/sh\n'),
};

export function exposuresIn(things: Things, config: ImageConfig | null) {
  const root = buildRoot(things);
  const exposureOf = createExposure(root, config);
  return new Map(
    findBinaries(root, () => false).map((binary) => [binary.entry.path, exposureOf(binary)]),
  );
}
