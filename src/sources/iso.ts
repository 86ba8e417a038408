import { fileSystemSource } from './root/file-system-target.ts';
import type { Source } from './source.ts';

export default fileSystemSource({
  scheme: 'iso',
  summary: 'an ISO 9660 image, with Rock Ridge or Joliet names',
  recognised: '`CD001` at byte 32769',
  endings: ['iso'],
  expected: 'an ISO 9660 image: there is no CD001 at byte 32769',
}) satisfies Source;
