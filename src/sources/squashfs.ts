import { fileSystemSource } from './file-system-target.ts';
import type { Source } from './source.ts';

export default fileSystemSource(
  'squashfs',
  'a squashfs 4.0 (modloop, OpenWrt, snaps)',
  'a squashfs of little-endian order: it does not begin with hsqs',
) satisfies Source;
