import { EM } from '../../src/elf/constants.ts';
import { glibcPath, program } from '../../test/root/loader/processes.ts';
import { libcDescription } from '../../test/support/elf/libc-description.ts';
import { elf, linkTo } from '../../test/support/roots/root-builder.ts';
import {
  app,
  gcompat,
  glibc,
  musl,
  muslLibc,
  testInRoot,
} from '../../test/support/verdicts/rule-in-root.ts';

testInRoot('musl-linkage', [
  {
    name: 'a glibc program in a musl root',
    things: { ...musl, [app]: program('glibc', { needed: ['libc.so.6'] }) },
    outcome: 'fail',
    says: /is missing, the libc here is musl \(\/lib\/ld-musl-x86_64\.so\.1\)/,
  },
  {
    name: 'a musl program in a glibc root',
    things: { ...glibc, [app]: program('musl', { needed: [muslLibc] }) },
    outcome: 'fail',
    says: /the libc here is glibc/,
  },
  {
    name: 'libc6-compat: a link to musl, and a symbol that musl lacks',
    things: {
      ...musl,
      [glibcPath]: linkTo('../lib/ld-musl-x86_64.so.1'),
      [app]: program('glibc', { needed: ['libc.so.6'], calls: ['__printf_chk'] }),
    },
    outcome: 'fail',
    says: /\(musl\) does not define __printf_chk/,
  },
  {
    name: 'gcompat has the symbol',
    things: {
      ...gcompat,
      [app]: program('glibc', { needed: ['libc.so.6'], calls: ['__printf_chk'] }),
    },
    outcome: 'pass',
    says: /with gcompat has everything that it requires/,
  },
  {
    name: 'gcompat lacks the symbol',
    things: {
      ...gcompat,
      [app]: program('glibc', { needed: ['libc.so.6'], calls: ['__printf_chk', '__read_chk'] }),
    },
    outcome: 'fail',
    says: /with gcompat does not define __read_chk/,
  },
  {
    name: "another machine's libc, which can be run to print its version",
    things: {
      ...musl,
      [app]: elf(
        libcDescription(
          {
            soname: 'libc.so.6',
            interpreter: '/lib/ld-linux-aarch64.so.1',
            machine: EM.AARCH64,
          },
          ['gnu_get_libc_version'],
        ),
      ),
    },
    outcome: 'not-applicable',
    says: /this file is glibc itself/,
  },
]);
