import { fileSystemSource } from './file-system-target.ts';
import type { Source } from './source.ts';

export default fileSystemSource(
  'ext4',
  'an image of ext2, ext3 or ext4',
  'an image of ext2, ext3 or ext4: there is no ef53 at byte 1080',
) satisfies Source;
