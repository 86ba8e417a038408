import { EM } from '../../src/elf/constants.ts';
import { configOf } from '../../test/root/exposure/config-of.ts';
import { library, program } from '../../test/root/loader/processes.ts';
import { elf } from '../../test/support/roots/root-builder.ts';
import {
  app,
  glibc,
  glibcLibc,
  musl,
  muslLibc,
  testInRoot,
} from '../../test/support/verdicts/rule-in-root.ts';

testInRoot('loadable', [
  {
    name: 'all is there',
    things: { ...musl, [app]: program('musl', { needed: [muslLibc], calls: ['write'] }) },
    outcome: 'pass',
    says: /finds all it needs: 0 libraries/,
  },
  {
    name: 'the loader is missing',
    things: { ...musl, [app]: program('glibc', { needed: ['libc.so.6'] }) },
    outcome: 'fail',
    says: /its loader \/lib64\/ld-linux-x86-64\.so\.2 is missing/,
  },
  {
    name: 'the program is for another machine',
    things: {
      ...musl,
      [app]: elf({ interpreter: '/lib/ld-musl-aarch64.so.1', machine: EM.AARCH64 }),
    },
    outcome: 'fail',
    says: /is for aarch64, and the root has no loader for that machine/,
  },
  {
    name: 'no one has permission to execute it',
    things: { [app]: program('glibc', {}, { mode: 0o644 }) },
    outcome: 'not-applicable',
    says: /no one has permission to execute it/,
  },
  {
    name: 'a version is missing',
    things: {
      ...glibc,
      '/lib/libc.so.6': glibcLibc,
      [app]: program('glibc', { needed: ['libc.so.6'], imports: ['write@GLIBC_2.99'] }),
    },
    outcome: 'fail',
    says: /libc\.so\.6 here has no version GLIBC_2\.99, which \/bin\/app needs/,
  },
  {
    name: 'a function is missing when it is called',
    things: {
      ...glibc,
      '/lib/libc.so.6': glibcLibc,
      [app]: program('glibc', { needed: ['libc.so.6'], calls: ['read'] }),
    },
    outcome: 'fail',
    severity: 'medium',
    says: /it starts, and dies at the first call: nothing defines read/,
  },
  {
    name: 'its loader is a program of the libc, which needs a loader itself',
    things: {
      ...musl,
      '/opt/ld': program(
        'musl',
        { needed: ['libc.so'], calls: ['__libc_start_main'] },
        { mode: 0o755 },
      ),
      [app]: elf({ interpreter: '/opt/ld', needed: ['libc.so'] }, { mode: 0o755 }),
    },
    outcome: 'fail',
    says: /its loader \/opt\/ld is a program that needs a loader itself/,
  },
  {
    name: 'its loader is a program that may do without',
    things: {
      ...musl,
      '/opt/ld': program('musl', { calls: ['write'] }, { mode: 0o755 }),
      [app]: elf({ interpreter: '/opt/ld', needed: ['libc.so'] }, { mode: 0o755 }),
    },
    outcome: 'unknown',
    says: /search rules of its loader \/opt\/ld are not known/,
  },
  {
    name: "Android's loader is not modelled",
    things: {
      '/system/bin/linker64': elf({ soname: 'ld-android.so', entry: 0x1000 }),
      [app]: elf({ interpreter: '/system/bin/linker64', needed: ['libc.so'] }, { mode: 0o755 }),
    },
    outcome: 'unknown',
    says: /search rules of its loader \/system\/bin\/linker64 are not known/,
  },
  {
    name: 'a hard link of a program with $ORIGIN lies where its libraries are not',
    things: {
      ...musl,
      '/opt/lib/libx.so': library('libx.so'),
      '/opt/bin/app': program('musl', { needed: ['libx.so', muslLibc], runpath: '$ORIGIN/../lib' }),
      '/srv/app': { type: 'hardlink', linkTarget: '/opt/bin/app' },
    },
    path: '/opt/bin/app',
    outcome: 'fail',
    severity: 'medium',
    says: /libx\.so, needed by \/srv\/app, is in \/opt\/lib, where its loader does not look/,
  },
  {
    name: 'one library lies where a wrapper may lead to it, and another one nowhere',
    things: {
      ...musl,
      '/opt/lib/libx.so': library('libx.so'),
      [app]: program('musl', { needed: ['liby.so', 'libx.so', muslLibc] }),
    },
    outcome: 'fail',
    severity: 'high',
    says: /it will not start: liby\.so, needed by \/bin\/app, is not found/,
  },
  {
    name: 'a library for another machine does not help a wrapper',
    things: {
      ...musl,
      '/opt/lib/libx.so': elf({ soname: 'libx.so', machine: EM.AARCH64 }),
      [app]: program('musl', { needed: ['libx.so', muslLibc] }),
    },
    outcome: 'fail',
    severity: 'high',
    says: /libx\.so, needed by \/bin\/app, is not found/,
  },
  {
    name: 'LD_PRELOAD of the image can stop every program',
    things: {
      ...musl,
      '/opt/pre.so': library('pre.so', { imports: ['gnu_get_libc_version'] }),
      [app]: program('musl', { needed: [muslLibc], calls: ['write'] }),
    },
    config: configOf({ env: ['LD_PRELOAD=/opt/pre.so'] }),
    outcome: 'fail',
    says: /nothing defines gnu_get_libc_version, needed by \/opt\/pre\.so/,
  },
  {
    name: 'the user of the image may not read a library',
    things: {
      ...musl,
      '/lib/libx.so': library('libx.so', {}, { mode: 0o600 }),
      [app]: program('musl', { needed: ['libx.so', muslLibc] }),
    },
    config: configOf({ user: '1000' }),
    outcome: 'fail',
    says: /libx\.so, needed by \/bin\/app, is not found \(user 1000 may not read \/lib\/libx\.so\)/,
  },
  {
    name: 'a relative run path counts from the working directory of the image',
    things: {
      ...musl,
      '/srv/lib/libx.so': library('libx.so'),
      [app]: program('musl', { needed: ['libx.so', muslLibc], runpath: 'lib' }),
    },
    config: configOf({ workingDirectory: '/srv' }),
    outcome: 'pass',
    says: /finds all it needs: 1 library/,
  },
  {
    name: 'LD_LIBRARY_PATH of the image counts',
    things: {
      ...musl,
      '/opt/lib/libx.so': library('libx.so'),
      [app]: program('musl', { needed: ['libx.so', muslLibc] }),
    },
    config: configOf({ env: ['LD_LIBRARY_PATH=/opt/lib'] }),
    outcome: 'pass',
    says: /1 library/,
  },
  {
    name: 'a plugin is judged with its host',
    things: { ...musl, [app]: library('plugin.so', { imports: ['PyLong_Type'] }) },
    outcome: 'not-applicable',
    says: /judged with the programs that load it/,
  },
]);
