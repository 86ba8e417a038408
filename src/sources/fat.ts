import { fileSystemSource } from './file-system-target.ts';
import type { Source } from './source.ts';

export default fileSystemSource(
  'fat',
  'an image of FAT12, FAT16 or FAT32',
  'an image of FAT: it begins with no boot sector',
) satisfies Source;
