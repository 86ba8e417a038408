import { fileSystemSource } from './file-system-target.ts';
import type { Source } from './source.ts';

export default fileSystemSource(
  'iso',
  'an ISO 9660 image, with Rock Ridge or Joliet names',
  'an ISO 9660 image: there is no CD001 at byte 32769',
) satisfies Source;
