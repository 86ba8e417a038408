import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EM } from '../../src/elf/constants.ts';
import { loaderTexts } from '../../src/facts/link-tables/loader-texts.ts';
import { buildElf } from '../support/elf/elf-builder.ts';

const list = '/lib/arm-linux-gnueabihf/\0/usr/lib/arm-linux-gnueabihf/\0/lib/\0/usr/lib/\0';
const debian = ['/lib/arm-linux-gnueabihf', '/usr/lib/arm-linux-gnueabihf', '/lib', '/usr/lib'];

/** A loader of glibc that has a text among its constants, as linkers place them directly behind the code. */
const loaderWith = (text: string) =>
  buildElf({
    machine: EM.ARM,
    bits: 32,
    soname: 'ld-linux-armhf.so.3',
    entry: 0x1000,
    symbols: [{ name: '_rtld_global', defined: true }],
    code: Buffer.from(text, 'latin1'),
  }).elf;

const cases: readonly { name: string; text: string; want: readonly string[] }[] = [
  { name: 'behind NUL', text: `\0${list}`, want: debian },
  { name: 'directly behind code', text: `\x98\xe5\xff\xff${list}`, want: debian },
  {
    name: 'behind code that looks like text, and once more behind NUL, as since glibc 2.33',
    text: `\xe5.so${list}\x19\0\0\0${list}`,
    want: debian,
  },
  {
    name: 'as much of it as is certain behind code that looks like text',
    text: `\xe5 so${list}`,
    want: debian.slice(1),
  },
  { name: 'no message that ends with a folder', text: '\0not in /usr/lib/\0', want: [] },
];

describe('the folders that a loader of glibc searches are read from its constants', () => {
  for (const { name, text, want } of cases)
    it(name, () => assert.deepEqual(loaderTexts(loaderWith(text))?.systemDirectories, want));
});
