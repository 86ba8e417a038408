import { fileSystemSource } from './root/file-system-target.ts';
import type { Source } from './source.ts';

export default fileSystemSource({
  scheme: 'squashfs',
  summary: "a squashfs 4.0: Alpine's modloop, OpenWrt, snaps",
  recognised: 'it begins with `hsqs`',
  expected: 'a squashfs of little-endian order: it does not begin with hsqs',
}) satisfies Source;
