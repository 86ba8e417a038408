import { fileSystemSource } from './root/file-system-target.ts';
import type { Source } from './source.ts';

export default fileSystemSource({
  scheme: 'fat',
  summary: 'an image of FAT12, FAT16 or FAT32',
  recognised: 'it begins with a boot sector with sizes of FAT',
  expected: 'an image of FAT: it begins with no boot sector',
}) satisfies Source;
