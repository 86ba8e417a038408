import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ET } from '../../../src/elf/constants.ts';
import type { Start } from '../../../src/root/start/start.ts';
import {
  directory,
  elf,
  linkTo,
  type Thing,
  type Things,
  text,
} from '../../support/roots/root-builder.ts';
import {
  glibcLoader,
  glibcPath,
  library,
  muslLoader,
  muslPath,
  program,
} from '../loader/processes.ts';
import { followImage, type GivenImage } from './follow-image.ts';

interface Case {
  readonly name: string;
  readonly things?: Things;
  readonly cmd: readonly string[];
  readonly env?: readonly string[];
  readonly user?: string;
  readonly want: RegExp;
}

const app = elf({ type: ET.EXEC, isDynamic: false, entry: 0x400080 });
const dynamic = program('musl', { entry: 0x80 });
const script = (content: string) => text(content, { mode: 0o755 });
const hardLink = (linkTarget: string) => ({ type: 'hardlink', linkTarget }) as const;
/** As Alpine has it. */
const alpine: Things = {
  [muslPath]: muslLoader(),
  '/bin/busybox': dynamic,
  '/bin/sh': linkTo('busybox'),
  '/usr/bin/env': linkTo('/bin/busybox'),
  '/app': app,
};
/** What a build with these applets holds: its banner, and the table between other constants. */
function constantsOf(names: readonly string[], before = '\x02\0'): Buffer {
  const table = `${before}${names.join('\0')}\0\0rest`;
  return Buffer.from(`BusyBox v1.36.1 (2024)\0: applet not found\n\0${table}`, 'latin1');
}

function holding(...table: Parameters<typeof constantsOf>): Thing {
  return program('musl', { entry: 0x80, code: constantsOf(...table) });
}

const someApplets =
  '[ [[ ash awk cat chmod cp crond cut date dd df du echo env grep ls mv nc rm sh wget'.split(' ');
const withTable: Things = { ...alpine, '/bin/busybox': holding(someApplets) };
const dash: Things = { '/bin/dash': app, '/bin/sh': linkTo('dash'), '/app': app };
const bash: Things = { '/bin/bash': app, '/app': app };

const busybox: readonly Case[] = [
  {
    name: 'under a name that is not of an applet it may do nothing',
    things: { ...alpine, '/bin/bash': linkTo('sh'), '/run': script('#!/bin/bash\n') },
    cmd: ['/run'],
    want: /^undecided: \/bin\/bash is BusyBox, and bash is not the name of an applet/,
  },
  {
    name: 'with a word that is not of an applet it may do nothing',
    cmd: ['/bin/busybox', 'nowhere'],
    want: /^undecided: .* nowhere is not the name of an applet/,
  },
  {
    name: 'of Alpine it may lack an applet that others have, and has no link for it',
    cmd: ['/bin/busybox', 'httpd', '-f'],
    want: /^undecided: .* not every build has the applet httpd, and no link in the image says/,
  },
  {
    name: 'has an applet that it has a link for',
    things: { ...alpine, '/usr/sbin/httpd': linkTo('/bin/busybox') },
    cmd: ['/bin/busybox', 'httpd', '-f'],
    want: /^starts: \/bin\/busybox$/,
  },
  {
    name: 'of Alpine it has what Alpine builds, without a link',
    cmd: ['/bin/busybox', 'crond', '-f'],
    want: /^starts: \/bin\/busybox$/,
  },
  {
    name: 'of others it may lack what Alpine builds',
    things: { '/bin/busybox': app },
    cmd: ['/bin/busybox', 'crond', '-f'],
    want: /^undecided: .* the applet crond/,
  },
  {
    name: 'of Debian it has what Debian builds, without a link',
    things: { '/bin/busybox': app },
    cmd: ['/bin/busybox', 'httpd', '-f'],
    want: /^starts: \/bin\/busybox$/,
  },
  {
    name: 'is asked by a path for the applet at its end',
    cmd: ['/bin/busybox', '/usr/sbin/httpd'],
    want: /^undecided: .* the applet httpd/,
  },
  {
    name: 'a link to an applet that its table lacks ends the start',
    things: { ...withTable, '/bin/foo': linkTo('/bin/busybox') },
    cmd: ['foo'],
    want: /^fails: foo: applet not found$/,
  },
  {
    name: 'a link to an applet that other builds have does not make this one have it',
    things: { ...withTable, '/usr/sbin/httpd': linkTo('/bin/busybox') },
    cmd: ['/usr/sbin/httpd', '-f'],
    want: /^fails: httpd: applet not found$/,
  },
  {
    name: 'a hard link is not an applet either',
    things: { ...withTable, '/bin/foo': hardLink('/bin/busybox') },
    cmd: ['/bin/sh', '-c', 'exec foo'],
    want: /^fails: foo: applet not found$/,
  },
  {
    name: 'a script whose interpreter is a link to no applet ends with it',
    things: { ...withTable, '/bin/bash': linkTo('sh'), '/run': script('#!/bin/bash\n') },
    cmd: ['/run'],
    want: /^fails: bash: applet not found$/,
  },
  {
    name: 'a word that is in no table ends the start',
    things: withTable,
    cmd: ['/bin/busybox', 'nowhere'],
    want: /^fails: nowhere: applet not found$/,
  },
  {
    name: 'its table says that it has an applet, without a link',
    things: { ...alpine, '/bin/busybox': holding([...someApplets, 'zz_own']) },
    cmd: ['/bin/busybox', 'zz_own'],
    want: /^starts: \/bin\/busybox$/,
  },
  {
    name: 'under any name of its file it is known by its table',
    things: { ...alpine, '/opt/tool': holding(someApplets) },
    cmd: ['/opt/tool'],
    want: /^fails: tool: applet not found$/,
  },
  {
    name: 'the first name of its table may lie behind bytes that are not a string',
    things: { ...alpine, '/bin/busybox': holding(someApplets, '\x80\x03') },
    cmd: ['/bin/busybox', '[', '1', ']'],
    want: /^starts: \/bin\/busybox$/,
  },
  {
    name: 'a sorted list of other names is not its table',
    things: {
      ...alpine,
      '/bin/busybox': holding(
        'abcdefghijklmnopqrstuvwxyz'.split('').map((letter) => `GLIBC_${letter}`),
      ),
    },
    cmd: ['/bin/busybox', 'nowhere'],
    want: /^undecided: .* nowhere is not the name of an applet/,
  },
  {
    name: 'a table that is not in order is not read',
    things: { ...alpine, '/bin/busybox': holding([...someApplets].reverse()) },
    cmd: ['/bin/busybox', 'nowhere'],
    want: /^undecided: .* nowhere is not the name of an applet/,
  },
  {
    name: 'its shell looks in PATH for what its table lacks',
    things: {
      '/bin/busybox': elf({
        type: ET.EXEC,
        isDynamic: false,
        entry: 0x400080,
        code: constantsOf(someApplets),
      }),
      '/bin/sh': linkTo('busybox'),
    },
    cmd: ['/bin/sh', '-c', 'hostname'],
    want: /^fails: \/bin\/sh: hostname: not found$/,
  },
  { name: 'alone it starts', cmd: ['/bin/busybox'], want: /^starts: \/bin\/busybox$/ },
  {
    name: 'its first word is the applet',
    cmd: ['/bin/busybox', 'sh', '-c', 'nothing'],
    want: /^fails: \/bin\/busybox: nothing: not found$/,
  },
  {
    name: 'is known by another hard link of its file',
    things: {
      ...alpine,
      '/usr/bin/env': hardLink('/bin/busybox'),
      '/run': script('#!/usr/bin/env -S sh -e\n'),
    },
    cmd: ['/run'],
    want: /^fails: env: unrecognized option: S$/,
  },
  {
    name: 'dynamic for musl it has no applets inside its shell',
    cmd: ['/bin/sh', '-c', 'wget -q'],
    want: /^fails: \/bin\/sh: wget: not found$/,
  },
  {
    name: 'static it may have',
    things: { '/bin/busybox': app, '/bin/sh': linkTo('busybox') },
    cmd: ['/bin/sh', '-c', 'ls /'],
    want: /^undecided: .* runs ls itself$/,
  },
  {
    name: 'a copy that is called sh may have',
    things: { '/bin/sh': app },
    cmd: ['/bin/sh', '-c', 'hostname'],
    want: /^undecided: .* runs hostname itself$/,
  },
  {
    name: 'what is not an applet is in no build',
    things: { '/bin/busybox': app, '/bin/sh': linkTo('busybox') },
    cmd: ['/bin/sh', '-c', 'node'],
    want: /^fails: \/bin\/sh: node: not found$/,
  },
];

const shells: readonly Case[] = [
  {
    name: 'a login shell reads a profile that may set PATH',
    cmd: ['/bin/sh', '-lc', 'nothing'],
    want: /^starts: \/bin\/sh; what \/bin\/sh does as a shell with -lc is not judged$/,
  },
  {
    name: 'an interactive shell reads a file first',
    things: bash,
    cmd: ['/bin/bash', '-ic', 'nothing'],
    want: /^starts: \/bin\/bash; .* with -ic is not judged$/,
  },
  {
    name: 'with -n nothing is executed',
    cmd: ['/bin/sh', '-nc', '/nothing'],
    want: /^starts: \/bin\/sh; /,
  },
  {
    name: 'BASH_ENV comes before the text of bash',
    things: bash,
    cmd: ['/bin/bash', '-c', 'nothing'],
    env: ['BASH_ENV=/root/.bashrc'],
    want: /^starts: \/bin\/bash; .* after it reads the file of BASH_ENV/,
  },
  {
    name: 'also where env sets it',
    things: { ...alpine, ...bash },
    cmd: ['/usr/bin/env', 'BASH_ENV=/x', '/bin/bash', '-c', 'nothing'],
    want: /^starts: \/bin\/bash; /,
  },
  {
    name: 'sh takes no notice of BASH_ENV',
    things: dash,
    cmd: ['/bin/sh', '-c', 'nothing'],
    env: ['BASH_ENV=/root/.bashrc'],
    want: /^fails: \/bin\/sh: nothing: not found$/,
  },
  {
    name: 'a function of the environment may be the command',
    things: bash,
    cmd: ['/bin/bash', '-c', 'nothing'],
    env: ['BASH_FUNC_nothing%%=() { :; }'],
    want: /^starts: \/bin\/bash; /,
  },
  {
    name: 'zsh reads zshenv always',
    things: { '/bin/zsh': app },
    cmd: ['/bin/zsh', '-c', 'nothing'],
    want: /^starts: \/bin\/zsh; /,
  },
  {
    name: 'ksh reads the file of ENV',
    things: { '/bin/mksh': app },
    cmd: ['/bin/mksh', '-c', 'nothing'],
    env: ['ENV=/etc/mkshrc'],
    want: /^starts: \/bin\/mksh; /,
  },
  {
    name: 'a program is not a text for a shell',
    cmd: ['/bin/sh', '/app'],
    want: /^undecided: .* a program and not a text$/,
  },
  {
    name: 'dash may not know pipefail',
    things: dash,
    cmd: ['/bin/sh', '-o', 'pipefail', '-c', '/app'],
    want: /^undecided: .* -o pipefail/,
  },
  {
    name: 'bash knows pipefail',
    things: { ...bash, '/bin/sh': linkTo('bash') },
    cmd: ['/bin/sh', '-eo', 'pipefail', '-c', '/app'],
    want: /^starts: \/app$/,
  },
];

const names: readonly Case[] = [
  {
    name: 'a program of the image may be called sh',
    things: { '/sh': app },
    cmd: ['/sh', '-c'],
    want: /^starts: \/sh; what \/sh starts then is not judged$/,
  },
  {
    name: 'a program of the image may be called env',
    things: { '/env': app },
    cmd: ['/env', 'nothing'],
    want: /^starts: \/env; /,
  },
  {
    name: 'sh may be a link to a program that is not a shell',
    things: { '/usr/bin/python3': app, '/bin/sh': linkTo('/usr/bin/python3') },
    cmd: ['/bin/sh', '-c', '/nothing'],
    want: /^starts: \/bin\/sh; /,
  },
  {
    name: 'BusyBox is BusyBox in any folder',
    things: { ...alpine, '/busybox/busybox': dynamic, '/busybox/sh': linkTo('busybox') },
    cmd: ['/busybox/sh', '-c', '/nothing'],
    want: /^fails: \/busybox\/sh: \/nothing: not found$/,
  },
  {
    name: 'tini lies anywhere',
    things: { '/tini': app },
    cmd: ['/tini', '--', '/nothing'],
    want: /^fails: \/tini: \/nothing: No such file or directory$/,
  },
];

const ofGlibc: Things = {
  [glibcPath]: glibcLoader(['/lib']),
  '/sbin/tini': program('glibc', { entry: 0x80 }),
};
const users: Things = { ...alpine, '/usr/local/bin/gosu': app };
const nice: Things = { ...alpine, '/usr/bin/nice': app, '/usr/bin/timeout': app };
const starters: readonly Case[] = [
  {
    name: "a libc's loader starts what it is given",
    things: { [muslPath]: started(muslLoader()) },
    cmd: [muslPath, '/nothing'],
    want: /^starts: \/lib\/ld-musl-x86_64\.so\.1; what .* starts then is not judged$/,
  },
  {
    name: 'nice and what is missing',
    things: nice,
    cmd: ['nice', '-n', '5', '/nothing'],
    want: /^fails: \/usr\/bin\/nice: \/nothing: No such file or directory$/,
  },
  {
    name: 'nice and a program',
    things: nice,
    cmd: ['nice', '-10', '/app'],
    want: /^starts: \/app$/,
  },
  {
    name: 'timeout and what is missing',
    things: nice,
    cmd: ['timeout', '-s', 'KILL', '5', '/nothing'],
    want: /^fails: \/usr\/bin\/timeout: \/nothing: /,
  },
  {
    name: 'timeout without a program',
    things: nice,
    cmd: ['timeout', '5'],
    want: /^starts: \/usr\/bin\/timeout; /,
  },
  {
    name: 'env with two words in one option',
    things: { ...alpine, '/run': script('#!/usr/bin/env -i sh\n') },
    cmd: ['/run'],
    want: /^fails: \/usr\/bin\/env: invalid option -- ' '$/,
  },
  {
    name: 'env that takes PATH away',
    cmd: ['/usr/bin/env', '-u', 'PATH', 'app'],
    want: /^undecided: PATH is not set/,
  },
  {
    name: 'a library that the user of gosu may not open',
    things: {
      ...users,
      '/app': program('musl', { entry: 0x80, needed: ['libx.so'] }),
      '/lib/libx.so': library('libx.so', {}, { mode: 0o700 }),
    },
    cmd: ['gosu', '1234', '/app'],
    want: /^fails: Error loading shared library libx\.so/,
  },
  {
    name: 'a library that the user of gosu may open',
    things: {
      ...users,
      '/app': program('musl', { entry: 0x80, needed: ['libx.so'] }),
      '/lib/libx.so': library('libx.so'),
    },
    cmd: ['gosu', '1234', '/app'],
    want: /^starts: \/app$/,
  },
  {
    name: 'a library in a folder that is closed to the user of gosu',
    things: {
      ...users,
      '/app': program('musl', { entry: 0x80, needed: ['libx.so'] }),
      '/opt': directory(0o700),
      '/opt/libx.so': library('libx.so'),
    },
    cmd: ['gosu', '1234', '/app'],
    env: ['LD_LIBRARY_PATH=/opt'],
    want: /^fails: Error loading shared library libx\.so/,
  },
  {
    name: 'a program that sets its user, which gosu makes a privileged one',
    things: {
      ...users,
      '/app': program('musl', { entry: 0x80, needed: ['libx.so'] }, { mode: 0o4755 }),
      '/opt/libx.so': library('libx.so'),
    },
    cmd: ['gosu', '1234', '/app'],
    env: ['LD_LIBRARY_PATH=/opt'],
    want: /^fails: Error loading shared library libx\.so/,
  },
  {
    name: 'a program that sets its user, by root itself',
    things: {
      ...users,
      '/app': program('musl', { entry: 0x80, needed: ['libx.so'] }, { mode: 0o4755 }),
      '/opt/libx.so': library('libx.so'),
    },
    cmd: ['/app'],
    env: ['LD_LIBRARY_PATH=/opt'],
    want: /^starts: \/app$/,
  },
  {
    name: 'gosu that is not started by root, even for the user that it is',
    things: users,
    cmd: ['gosu', '1234', '/app'],
    user: '1234',
    want: /^fails: \/usr\/local\/bin\/gosu: failed switching to "1234": operation not permitted$/,
  },
  {
    name: 'gosu that has rights of its own',
    things: { ...users, '/usr/local/bin/gosu': { ...app, mode: 0o4755 } },
    cmd: ['gosu', '1234', '/app'],
    user: '1234',
    want: /^undecided: .* rights of its own/,
  },
  {
    name: 'gosu and a user that there is not',
    things: users,
    cmd: ['gosu', 'web', '/app'],
    user: '1234',
    want: /^fails: unable to find user web/,
  },
  {
    name: 'a text without #! that musl is to execute',
    things: { ...alpine, '/sbin/tini': dynamic, '/run': script('echo\n') },
    cmd: ['tini', '/run'],
    want: /^fails: \/sbin\/tini: \/run: Exec format error$/,
  },
  {
    name: 'a text without #! that glibc is to execute goes to /bin/sh',
    things: { ...ofGlibc, '/bin/sh': app, '/run': script('echo\n') },
    cmd: ['tini', '/run'],
    want: /^starts: \/bin\/sh; what \/run does then is not judged$/,
  },
  {
    name: 'an empty file too',
    things: { ...ofGlibc, '/bin/sh': app, '/run': script('') },
    cmd: ['tini', '/run'],
    want: /^starts: \/bin\/sh; /,
  },
  {
    name: 'and where there is no /bin/sh it does not start',
    things: { ...ofGlibc, '/run': script('echo\n') },
    cmd: ['tini', '/run'],
    want: /^fails: \/sbin\/tini: \/run: No such file or directory$/,
  },
  {
    name: 'a text without #!, where nothing shows the C library',
    things: { '/sbin/tini': app, '/run': script('echo\n') },
    cmd: ['tini', '/run'],
    want: /^(undecided: .* C library of its starter|fails: .*: Exec format error$)/,
  },
  {
    name: 'a starter whose options are many',
    things: { '/usr/bin/setpriv': app },
    cmd: ['setpriv', '--reuid=1', '/nothing'],
    want: /^starts: \/usr\/bin\/setpriv; what \/usr\/bin\/setpriv starts then is not judged$/,
  },
];

/** With an entry point where its code is. */
function started({ bytes = Buffer.alloc(0), ...more }: Thing): Thing {
  const changed = Buffer.from(bytes);
  changed.writeBigUInt64LE(0x80n, 24);
  return { ...more, bytes: changed };
}

const fromOrigin = program('musl', { entry: 0x80, needed: ['libx.so'], runpath: '$ORIGIN/../lib' });
const twoNames: Things = {
  [muslPath]: muslLoader(),
  '/opt/v1/bin/app': fromOrigin,
  '/opt/v2/bin/app': hardLink('/opt/v1/bin/app'),
  '/usr/bin/app': linkTo('/opt/v2/bin/app'),
};
const withLibrary = (version: string): Things => ({
  ...twoNames,
  [`/opt/${version}/lib/libx.so`]: library('libx.so'),
});
const missesIt = /^fails: Error loading shared library libx\.so/;

const hardLinks: readonly Case[] = [
  {
    name: 'the first name, with the library next to it',
    things: withLibrary('v1'),
    cmd: ['/opt/v1/bin/app'],
    want: /^starts: /,
  },
  {
    name: 'the second, with the library next to the first',
    things: withLibrary('v1'),
    cmd: ['/opt/v2/bin/app'],
    want: missesIt,
  },
  {
    name: 'the second, with the library next to it',
    things: withLibrary('v2'),
    cmd: ['/opt/v2/bin/app'],
    want: /^starts: /,
  },
  {
    name: 'the first, with the library next to the second',
    things: withLibrary('v2'),
    cmd: ['/opt/v1/bin/app'],
    want: missesIt,
  },
  {
    name: 'a link to the second, with the library next to that',
    things: withLibrary('v2'),
    cmd: ['/usr/bin/app'],
    want: /^starts: /,
  },
];

const tables = {
  '$ORIGIN counts from the hard link that is started': hardLinks,
  'BusyBox is what its names and words say': busybox,
  'a shell may read something first': shells,
  'a name alone does not make a start fail': names,
  'what a starter starts is followed, or said not to be judged': starters,
};

for (const [title, cases] of Object.entries(tables)) {
  describe(title, () => {
    for (const { name, things = alpine, cmd, env = [], user = '', want } of cases) {
      it(name, () => {
        const config = { cmd: [...cmd], env: [...env], user };
        assert.match(sentenceOf(followImage({ things, config } satisfies GivenImage).start), want);
      });
    }
  });
}

function sentenceOf(start: Start): string {
  switch (start.state) {
    case 'starts':
      return `starts: ${start.program}${start.beyond === null ? '' : `; ${start.beyond}`}`;
    case 'fails':
      return `fails: ${start.prints}`;
    case 'undecided':
      return `undecided: ${start.because}`;
    default:
      return start.state;
  }
}
