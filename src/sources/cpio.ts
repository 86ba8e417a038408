import { cpioEntries } from '../archive/cpio/cpio.ts';
import { expectFile, notThis, refuseChoice } from './input/expect-input.ts';
import { rootTarget } from './root/root-target.ts';
import type { Source } from './source.ts';

const scheme = 'cpio';

/** An initramfs is a whole root: the kernel starts `/init` in it with nothing else mounted. */
export default {
  scheme,
  summary: 'a cpio (newc or crc), or several of them as in an initramfs, each compressed or not',
  recognised: 'it begins with `070701` or `070702`, compressed or not',
  opens: 'roots',
  endings: ['cpio'],
  async claims(input) {
    if (input.kind !== 'file') return 'no';
    return input.format === scheme || (await input.holds()) === scheme ? 'certain' : 'no';
  },
  async open(given, options) {
    const input = expectFile(given, scheme);
    refuseChoice(input, options, scheme);
    if (input.format !== scheme && (await input.holds()) !== scheme)
      throw notThis(input, 'a cpio of the newc, crc or odc format, nor a compressed one');
    const { name, file } = input;
    const entries = () => cpioEntries(file.stream(0, file.size), options.limits);
    return [rootTarget(name, scheme, file.size, entries)];
  },
} satisfies Source;
