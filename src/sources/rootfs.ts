import type { Problem } from '../base/problem.ts';
import { reportingBehind } from './bytes/report-behind.ts';
import { holdUnpromised, walkUnpromised } from './bytes/stored-layer.ts';
import { walkDirectory } from './directory/directory-walk.ts';
import { expectFile, notTar, refuseChoice } from './input/expect-input.ts';
import type { Input } from './input/input.ts';
import { digestsOfPackages } from './packages/digests-of-packages.ts';
import { rootTarget } from './root/root-target.ts';
import type { Source, SourceOptions, Target } from './source.ts';

type Report = (problem: Problem) => void;

const scheme = 'rootfs';

export default {
  scheme,
  summary:
    "a tar of a root file system: `docker export`, Alpine's minirootfs; with this scheme a directory or tar is a root whatever it contains",
  recognised: 'a tar with `etc/`, `usr/`, `bin/` ... at its top, or without anything of an image',
  opens: 'roots',
  endings: ['tar', 'tgz', 'gz', 'xz', 'zst'],
  async claims(input) {
    if (input.kind !== 'file') return 'no';
    const held = await input.holds();
    if (held === 'root-filesystem') return 'certain';
    return held === 'other' ? 'likely' : 'no';
  },
  async open(given, options) {
    const target = await openTree(given, options, scheme);
    // Without a scheme, its content shows whether it is a root.
    return [options.isNamed === true ? { ...target, isRoot: true } : target];
  },
} satisfies Source;

/** A directory or a tar, whatever is in it. Throws UsageError. */
export async function openTree(
  given: Input,
  options: SourceOptions,
  asked: string,
): Promise<Target> {
  const { limits } = options;
  if (given.kind === 'directory') {
    refuseChoice(given, options, asked);
    const { name, path } = given;
    const walk = (report: Report) => walkDirectory(path, limits, report);
    return rootTarget(name, 'dir', null, walk, { digests: () => digestsOfPackages(path) });
  }
  const input = expectFile(given, asked);
  refuseChoice(input, options, asked);
  const { name, file } = input;
  if ((await input.holds()) === 'no-archive') throw notTar(input);
  const walk = (report: Report) => walkUnpromised(file, reportingBehind(limits, report));
  return rootTarget(name, scheme, file.size, walk, {
    hold: () => holdUnpromised(file),
  });
}
