import { fileSystemSource } from './root/file-system-target.ts';
import type { Source } from './source.ts';

export default fileSystemSource({
  scheme: 'ext4',
  summary: 'an image of ext2, ext3 or ext4',
  recognised: '`ef53` at byte 1080, with a valid block size and revision',
  expected: 'an image of ext2, ext3 or ext4: there is no ef53 at byte 1080',
}) satisfies Source;
