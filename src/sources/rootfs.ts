import { UsageError } from '../errors.ts';
import type { Problem } from '../problem.ts';
import { expectFile, refuseChoice } from './claim.ts';
import { rootTarget } from './root-target.ts';
import type { Source } from './source.ts';
import { holdUnpromised, walkUnpromised } from './stored-layer.ts';
import { tellingBehind } from './told-behind.ts';

const scheme = 'rootfs';

export default {
  scheme,
  summary:
    'a tar of a root filesystem, raw or compressed by gzip, zstd or xz (docker export, minirootfs)',
  async claims(input) {
    if (input.kind !== 'file') return 'no';
    const held = await input.holds();
    if (held === 'root-filesystem') return 'certain';
    return held === 'other' ? 'likely' : 'no';
  },
  async open(given, options) {
    const input = expectFile(given, scheme);
    refuseChoice(input, options, scheme);
    const { name, file } = input;
    if ((await input.holds()) === 'no-archive')
      throw new UsageError(`${name} is not a tar, nor one compressed by gzip, zstd or xz`);
    const walk = (report: (problem: Problem) => void) =>
      walkUnpromised(file, tellingBehind(options.limits, report));
    return [rootTarget(name, scheme, file.size, walk, { hold: () => holdUnpromised(file) })];
  },
} satisfies Source;
