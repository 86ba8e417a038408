import type { EntryWalk } from '../../archive/entry.ts';
import type { Limits } from '../../base/limits.ts';
import { reportingBehind } from '../bytes/report-behind.ts';
import { walkUnpromised } from '../bytes/stored-layer.ts';
import { expectFile, notThis, refuseChoice } from '../input/expect-input.ts';
import type { FileInput } from '../input/input.ts';
import { packageHolding } from '../input/kind-by-names.ts';
import type { InTar, Source } from '../source.ts';
import { type Identity, packageTarget } from './package-target.ts';

interface TarPackage {
  readonly scheme: string;
  /** With an article, as the end of "it is not ...". */
  readonly summary: string;
  readonly recognised: string;
  readonly endings?: readonly string[];
  readonly inTar: InTar;
  /** What the package says it is called; null when it does not say. */
  readonly identify: (input: FileInput, limits: Limits) => Promise<Identity | null>;
  /** Of what its names decide; absent: all of that is one. */
  readonly isOne?: (input: FileInput) => Promise<boolean>;
  /** The files that it installs; absent where these are all of its entries. */
  readonly entries?: (input: FileInput, limits: Limits) => EntryWalk;
}

/** Recognised by the names in the tar. */
export function tarPackage({ identify, entries, isOne, ...declared }: TarPackage): Source {
  const { scheme, summary } = declared;
  return {
    ...declared,
    opens: 'packages',
    async claims(input) {
      if (input.kind !== 'file') return 'no';
      const isNamedSo = (await input.holds()) === packageHolding(scheme);
      return isNamedSo && ((await isOne?.(input)) ?? true) ? 'certain' : 'no';
    },
    async open(given, options) {
      const input = expectFile(given, scheme);
      refuseChoice(input, options, scheme);
      if ((await input.holds()) === 'no-archive')
        throw notThis(input, `${summary}: there is no tar in it`);
      const { limits } = options;
      const walk = entries ?? (({ file }, noticing) => walkUnpromised(file, noticing));
      const name = () => identify(input, limits);
      return [
        await packageTarget(input, scheme, name, (report) =>
          walk(input, reportingBehind(limits, report)),
        ),
      ];
    },
  };
}
