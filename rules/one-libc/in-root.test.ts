import { library, program } from '../../test/root/loader/processes.ts';
import { libcDescription } from '../../test/support/elf/libc-description.ts';
import { elf } from '../../test/support/roots/root-builder.ts';
import {
  app,
  glibc,
  glibcLibc,
  musl,
  muslLibc,
  testInRoot,
} from '../../test/support/verdicts/rule-in-root.ts';

testInRoot('one-libc', [
  {
    name: 'a missing library is a finding of one rule',
    things: { ...musl, [app]: program('musl', { needed: ['libx.so', muslLibc] }) },
    outcome: 'not-applicable',
    says: /some of its libraries are missing/,
  },
  {
    name: 'a missing loader is a finding of one rule',
    things: { [app]: program('musl', { needed: [muslLibc] }) },
    outcome: 'not-applicable',
    says: /it does not start here/,
  },
  {
    name: 'a second libc comes along',
    things: {
      ...glibc,
      '/lib/libc.so.6': glibcLibc,
      '/lib/libc.musl-x86_64.so.1': elf(libcDescription({ soname: muslLibc }, ['_dl_debug_addr'])),
      [app]: program('glibc', { needed: ['libc.so.6', muslLibc] }),
    },
    outcome: 'fail',
    severity: 'high',
    says: /loads a second libc, \/lib\/libc\.musl-x86_64\.so\.1 \(musl\)/,
  },
  {
    name: 'a library of the other libc',
    things: {
      ...musl,
      '/lib/libx.so': library('libx.so', { needed: ['libc.so.6'] }),
      [app]: program('musl', { needed: ['libx.so', muslLibc] }),
    },
    outcome: 'fail',
    says: /loads \/lib\/libx\.so, which is built for glibc/,
  },
]);
