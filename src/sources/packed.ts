import { basename } from 'node:path';
import { DamagedInput } from '../base/errors.ts';
import type { Limits } from '../base/limits.ts';
import { defaultLimits } from '../base/limits.ts';
import type { Problem } from '../base/problem.ts';
import { reportingBehind } from './bytes/report-behind.ts';
import { expectFile, notThis, refuseChoice } from './input/expect-input.ts';
import type { FileInput } from './input/input.ts';
import { isElfInside, unpackedElf } from './nested/unpacked-elf.ts';
import { packageTarget } from './packages/package-target.ts';
import type { Source } from './source.ts';

const scheme = 'packed';

/** A kernel module as distributions keep them (`.ko.gz`, `.ko.xz`, `.ko.zst`), or any other ELF file that is compressed. */
export default {
  scheme,
  summary: 'a compressed ELF file, such as a kernel module (`.ko.gz`, `.ko.xz`, `.ko.zst`)',
  recognised: 'compressed, and begins with `\\x7fELF` inside',
  opens: 'programs',
  async claims(input) {
    return input.kind === 'file' && (await holdsElf(input, defaultLimits)) ? 'certain' : 'no';
  },
  async open(given, options) {
    const input = expectFile(given, scheme);
    refuseChoice(input, options, scheme);
    if (!(await holdsElf(input, options.limits)))
      throw notThis(input, 'an ELF file that is compressed');
    const { name, file } = input;
    const path = basename(name).replace(/\.(?:gz|xz|zst|bz2|lzma|lz4|lzo|lz)$/, '');
    const entries = (report: (problem: Problem) => void) =>
      unpackedElf(path, file, reportingBehind(options.limits, report));
    return [await packageTarget(input, scheme, async () => null, entries)];
  },
} satisfies Source;

async function holdsElf({ format, file }: FileInput, limits: Limits): Promise<boolean> {
  if (format !== 'compressed') return false;
  try {
    return await isElfInside(file, limits);
  } catch (error) {
    if (error instanceof DamagedInput) return false;
    throw error;
  }
}
