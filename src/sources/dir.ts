import { expectDirectory, refuseChoice } from './claim.ts';
import { digestsOfPackages } from './digests-of-packages.ts';
import { walkDirectory } from './directory-walk.ts';
import { rootTarget } from './root-target.ts';
import type { Source } from './source.ts';

const scheme = 'dir';

export default {
  scheme,
  summary: 'a directory as the root of a file system',
  async claims(input) {
    return input.kind === 'directory' ? 'likely' : 'no';
  },
  async open(given, options) {
    const input = expectDirectory(given, scheme);
    refuseChoice(input, options, scheme);
    return [
      rootTarget(
        input.name,
        scheme,
        null,
        (report) => walkDirectory(input.path, options.limits, report),
        { digests: () => digestsOfPackages(input.path) },
      ),
    ];
  },
} satisfies Source;
