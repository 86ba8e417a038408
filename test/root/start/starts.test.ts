import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EM, ET } from '../../../src/elf/constants.ts';
import type { Start } from '../../../src/root/start/start.ts';
import { buildElf } from '../../support/elf/elf-builder.ts';
import { directory, elf, linkTo, type Things, text } from '../../support/roots/root-builder.ts';
import { muslLoader, muslPath, program } from '../loader/processes.ts';
import { followImage, type GivenImage } from './follow-image.ts';

interface Case extends Partial<GivenImage> {
  readonly name: string;
  /** What it prints, for one that fails; otherwise what it says, or by which program it starts. */
  readonly want: { readonly [State in 'starts' | 'fails' | 'undecided' | 'onlyOn']?: RegExp };
}

const executable = { mode: 0o755 };
const still = { type: ET.EXEC, isDynamic: false, entry: 0x400080 };
const app = elf(still);
/** Its last page is gone. */
const cutProgram = {
  ...app,
  bytes: buildElf({ ...still, entry: 0x402000, code: Buffer.alloc(9000, 1) }).buffer.subarray(
    0,
    200,
  ),
};
const shell: Things = { '/bin/busybox': app, '/bin/sh': linkTo('busybox') };
const script = (content: string, more = {}) => text(content, { ...executable, ...more });
const passwd = text('root:x:0:0:root:/root:/bin/sh\nann:x:1000:100:ann:/home/ann:/bin/sh\n');
const group = text('root:x:0:\nusers:x:100:\nvideo:x:44:bob,ann\n');
const accounts: Things = { '/etc/passwd': passwd, '/etc/group': group };

/** With entries of tag, permissions and id in addition to those that each list has. */
function accessList(...more: readonly (readonly [number, number, number])[]): Buffer {
  const own = [1, 7, -1] as const;
  const list = [own, ...more, [4, 0, -1], [0x10, 7, -1], [0x20, 0, -1]] as const;
  const bytes = Buffer.alloc(4 + 8 * list.length);
  bytes.writeUInt32LE(2);
  for (const [index, [tag, permissions, id]] of list.entries()) {
    bytes.writeUInt16LE(tag, 4 + 8 * index);
    bytes.writeUInt16LE(permissions, 6 + 8 * index);
    bytes.writeInt32LE(id, 8 + 8 * index);
  }
  return bytes;
}

const byRuntime: readonly Case[] = [
  { name: 'a path', config: { entrypoint: ['/app'] }, want: { starts: /^\/app$/ } },
  { name: 'CMD alone', config: { cmd: ['/app', 'x'] }, want: { starts: /^\/app$/ } },
  {
    name: 'ENTRYPOINT before CMD',
    config: { entrypoint: ['/app'], cmd: ['/nowhere'] },
    want: { starts: /^\/app$/ },
  },
  {
    name: 'a file that is not there',
    config: { cmd: ['/opt/app'] },
    want: { fails: /^exec \/opt\/app: no such file or directory$/ },
  },
  {
    name: 'an empty word',
    config: { entrypoint: [''], cmd: ['/app'] },
    want: { fails: /executable file not found/ },
  },
  {
    name: 'a directory',
    config: { cmd: ['/etc'] },
    want: { fails: /^exec \/etc: is a directory$/ },
  },
  {
    name: 'a slash behind a file',
    config: { cmd: ['/app/'] },
    want: { fails: /^exec \/app\/: not a directory$/ },
  },
  {
    name: 'a file that no one may execute',
    things: { '/app': elf(still, { mode: 0o644 }) },
    config: { cmd: ['/app'] },
    want: { fails: /^exec \/app: permission denied$/ },
  },
  {
    name: 'a file that somebody else may execute, by root',
    things: { '/app': elf(still, { mode: 0o010 }) },
    config: { cmd: ['/app'] },
    want: { starts: /app/ },
  },
  {
    name: 'a file that root alone may execute, by a user',
    things: { '/app': elf(still, { mode: 0o700 }) },
    config: { cmd: ['/app'], user: '1000' },
    want: { fails: /permission denied/ },
  },
  {
    name: 'a file of the group that USER names',
    things: { ...accounts, '/app': elf(still, { mode: 0o710, gid: 44 }) },
    config: { cmd: ['/app'], user: 'ann' },
    want: { starts: /app/ },
  },
  {
    name: 'a group that USER names takes the others away',
    things: { ...accounts, '/app': elf(still, { mode: 0o710, gid: 44 }) },
    config: { cmd: ['/app'], user: 'ann:users' },
    want: { fails: /permission denied/ },
  },
  {
    name: 'the owner is not asked as one of the group',
    things: { '/app': elf(still, { mode: 0o075, uid: 1000, gid: 0 }) },
    config: { cmd: ['/app'], user: '1000:0' },
    want: { fails: /permission denied/ },
  },
  {
    name: 'a folder that is closed to the user',
    things: { '/opt': directory(0o700), '/opt/app': app },
    config: { cmd: ['/opt/app'], user: '1000' },
    want: { fails: /^exec \/opt\/app: permission denied$/ },
  },
  {
    name: 'an access list that lets the user in',
    things: { '/app': elf(still, { mode: 0o750, accessList: accessList([2, 5, 1000]) }) },
    config: { cmd: ['/app'], user: '1000' },
    want: { starts: /app/ },
  },
  {
    name: 'an access list that keeps the user out of what others may do',
    things: { '/app': elf(still, { mode: 0o775, accessList: accessList([2, 0, 1000]) }) },
    config: { cmd: ['/app'], user: '1000' },
    want: { fails: /permission denied/ },
  },
  {
    name: 'an access list of a folder on the way',
    things: { '/opt': directory(0o750, { accessList: accessList([2, 5, 1000]) }), '/opt/app': app },
    config: { cmd: ['/opt/app'], user: '1000' },
    want: { starts: /app/ },
  },
  {
    name: 'a program of a declared volume that the image lacks',
    config: { cmd: ['/work/run'], volumes: ['/work/'] },
    want: { undecided: /mounted at the volume \/work/ },
  },
  {
    name: 'a program next to a declared volume',
    config: { cmd: ['/workshop/run'], volumes: ['/work', '/'] },
    want: { fails: /no such file/ },
  },
  {
    name: 'a program of a volume that the image has, and that is for another machine',
    things: { '/work/run': elf({ ...still, machine: EM.AARCH64 }), '/app': app },
    config: { cmd: ['/work/run'], volumes: ['/work'] },
    want: { fails: /exec format error/ },
  },
  {
    name: 'a folder that is closed, by root',
    things: { '/opt': directory(0o700), '/opt/app': app },
    config: { cmd: ['/opt/app'] },
    want: { starts: /app/ },
  },
  {
    name: 'a folder that is closed behind a link',
    things: { '/opt': directory(0o700), '/opt/app': app, '/link': linkTo('/opt/app') },
    config: { cmd: ['/link'], user: '1000' },
    want: { fails: /permission denied/ },
  },
  {
    name: 'a user that the image does not know',
    config: { cmd: ['/app'], user: 'nobody' },
    want: { fails: /^unable to find user nobody: no matching entries in passwd file$/ },
  },
  {
    name: 'a group that the image does not know',
    things: { ...accounts, '/app': app },
    config: { cmd: ['/app'], user: 'ann:games' },
    want: { fails: /^unable to find group games: no matching entries in group file$/ },
  },
  {
    name: 'a number that it does not know',
    config: { cmd: ['/app'], user: '77:88' },
    want: { starts: /app/ },
  },
  {
    name: 'a number that is too large',
    config: { cmd: ['/app'], user: '4294967295' },
    want: { fails: /must be in range/ },
  },
  {
    name: 'a link',
    things: { '/app': app, '/x': linkTo('app') },
    config: { cmd: ['/x'] },
    want: { starts: /^\/x$/ },
  },
  {
    name: 'a link to nothing',
    things: { '/x': linkTo('/opt/gone') },
    config: { cmd: ['/x'] },
    want: { fails: /^exec \/x: no such file or directory$/ },
  },
  {
    name: 'links that lead to each other',
    things: { '/x': linkTo('/y'), '/y': linkTo('/x') },
    config: { cmd: ['/x'] },
    want: { fails: /too many levels of symbolic links$/ },
  },
  {
    name: 'a link never leaves the root',
    things: { '/app': app, '/x': linkTo('../../../../app') },
    config: { cmd: ['/x'] },
    want: { starts: /^\/x$/ },
  },
  {
    name: 'a name that is too long',
    config: { cmd: [`/${'a'.repeat(256)}`] },
    want: { fails: /file name too long$/ },
  },
  {
    name: 'what runtimes mount over',
    config: { cmd: ['/proc/self/exe'] },
    want: { undecided: /runtimes mount/ },
  },
];

const byPath: readonly Case[] = [
  {
    name: 'the usual PATH',
    things: { '/usr/bin/app': app },
    want: { starts: /^\/usr\/bin\/app$/ },
  },
  {
    name: 'PATH of the image, the last of two',
    things: { '/opt/app': app },
    config: { env: ['PATH=/bin', 'PATH=/opt'] },
    want: { starts: /^\/opt\/app$/ },
  },
  {
    name: 'no folder of PATH',
    config: { env: ['PATH=/bin'] },
    want: { fails: /^exec app: executable file not found in \$PATH$/ },
  },
  {
    name: 'an empty PATH',
    things: { '/srv/app': app },
    config: { env: ['PATH='], workingDirectory: '/srv' },
    want: { fails: /not found in \$PATH/ },
  },
  {
    name: 'an empty PATH, which is the root directory for crun',
    config: { env: ['PATH='], workingDirectory: '/srv' },
    want: { undecided: /root directory for some runtimes/ },
  },
  {
    name: 'an empty part of PATH, which is the root directory for crun',
    config: { env: ['PATH=/bin:'], workingDirectory: '/srv' },
    want: { undecided: /root directory for some runtimes/ },
  },
  {
    name: 'a link through what runtimes mount',
    things: { '/bin/app': linkTo('/proc/self/cwd/app'), '/srv/app': app },
    config: { cmd: ['/bin/app'], workingDirectory: '/srv' },
    want: { undecided: /mount at \/proc/ },
  },
  {
    name: 'a relative folder of PATH',
    things: { '/opt/app': app },
    config: { env: ['PATH=opt'] },
    want: { undecided: /relative part of PATH/ },
  },
  {
    name: 'a relative folder that does not hold it',
    things: { '/opt/app': app },
    config: { env: ['PATH=opt'], workingDirectory: '/srv' },
    want: { fails: /not found in \$PATH/ },
  },
  {
    name: 'an empty part of PATH leads to what is never started',
    things: { '/srv/app': app },
    config: { env: ['PATH=/bin:'], workingDirectory: '/srv' },
    want: { fails: /not found in \$PATH/ },
  },
  {
    name: 'an empty part of PATH before a folder that holds it',
    things: { '/srv/app': app, '/bin/app': app },
    config: { env: ['PATH=:/bin'], workingDirectory: '/srv' },
    want: { undecided: /relative part of PATH/ },
  },
  {
    name: 'a file that no one may execute is passed over',
    things: { '/bin/app': text('x'), '/usr/bin/app': app },
    want: { starts: /^\/usr\/bin\/app$/ },
  },
  {
    name: 'a folder that only root may enter',
    things: { '/first': directory(0o700), '/first/app': app, '/opt/app': app },
    config: { env: ['PATH=/first:/opt'], user: '1000' },
    want: { undecided: /look as root/ },
  },
  {
    name: 'more folders than any person writes',
    config: { env: [`PATH=${'/a:'.repeat(500_000)}`] },
    want: { undecided: /more than 1000 folders/ },
  },
].map((each) => ({ ...each, config: { cmd: ['app'], ...('config' in each ? each.config : {}) } }));

const byDirectory: readonly Case[] = [
  { name: 'a name with a slash', config: { cmd: ['./app'] }, want: { starts: /^\/app$/ } },
  {
    name: 'from WorkingDir',
    things: { '/srv/app': app },
    config: { cmd: ['./app'], workingDirectory: '/srv' },
    want: { starts: /^\/srv\/app$/ },
  },
  {
    name: 'not from the root',
    config: { cmd: ['./app'], workingDirectory: '/srv' },
    want: { fails: /^exec \.\/app: no such file or directory$/ },
  },
  {
    name: 'up from a WorkingDir that the runtime makes',
    config: { cmd: ['../../app'], workingDirectory: '/new/folder' },
    want: { starts: /^\/app$/ },
  },
  {
    name: 'through a link in the place of WorkingDir',
    things: { '/opt/app': app, '/srv': linkTo('/opt') },
    config: { cmd: ['./app'], workingDirectory: '/srv' },
    want: { starts: /^\/opt\/app$/ },
  },
  {
    name: 'a WorkingDir that is a file',
    config: { cmd: ['/app'], workingDirectory: '/app' },
    want: { fails: /^chdir to cwd \("\/app"\) set in config.json failed: not a directory$/ },
  },
  {
    name: 'a WorkingDir below a file',
    config: { cmd: ['/app'], workingDirectory: '/app/x' },
    want: { fails: /not a directory$/ },
  },
  {
    name: 'a WorkingDir that is a link to nothing',
    things: { '/app': app, '/srv': linkTo('/gone') },
    config: { cmd: ['/app'], workingDirectory: '/srv' },
    want: { undecided: /cannot make a directory/ },
  },
  {
    name: 'a WorkingDir that is relative',
    config: { cmd: ['/app'], workingDirectory: 'srv' },
    want: { undecided: /absolute path/ },
  },
  {
    name: 'a WorkingDir that is closed to the user',
    things: { '/app': app, '/srv': directory(0o700) },
    config: { cmd: ['/app'], workingDirectory: '/srv', user: '1000' },
    want: { starts: /app/ },
  },
];

const byKernel: readonly Case[] = [
  {
    name: 'a static program of another machine',
    things: { '/app': elf({ ...still, machine: EM.AARCH64 }), '/other': app },
    want: { fails: /^exec \/app: exec format error$/ },
  },
  {
    name: 'an image of another machine',
    platform: 'linux/arm64',
    want: { fails: /^exec \/app: exec format error$/ },
  },
  {
    name: 'i386 on amd64',
    things: { '/app': elf({ ...still, bits: 32, machine: EM.I386 }) },
    want: { starts: /app/ },
  },
  {
    name: 'arm on arm64',
    things: { '/app': elf({ ...still, bits: 32, machine: EM.ARM }) },
    platform: 'linux/arm64',
    want: { onlyOn: /^processors and kernels with 32-bit programs$/ },
  },
  {
    name: 'arm on arm64 of another variant',
    things: { '/app': elf({ ...still, bits: 32, machine: EM.ARM }) },
    platform: 'linux/arm64/v8',
    want: { onlyOn: /^processors and kernels with 32-bit programs$/ },
  },
  {
    name: 'arm on a variant of arm',
    things: { '/app': elf({ ...still, bits: 32, machine: EM.ARM }) },
    platform: 'linux/arm/v7',
    want: { starts: /app/ },
  },
  {
    name: 'aarch64 on arm',
    things: { '/app': elf({ ...still, machine: EM.AARCH64 }) },
    platform: 'linux/arm/v7',
    want: { onlyOn: /^a 64-bit kernel$/ },
  },
  {
    name: 'x86-64 on 386',
    platform: 'linux/386',
    want: { onlyOn: /^a 64-bit kernel$/ },
  },
  {
    name: 'x86-64 on 386, whose loader is missing on every kernel',
    things: { '/app': program('musl', { entry: 0x80 }) },
    platform: 'linux/386',
    want: { fails: /^exec \/app: no such file or directory$/ },
  },
  {
    name: 'x86-64 on 386, started by a shell that every kernel starts',
    things: {
      '/bin/dash': elf({ ...still, bits: 32, machine: EM.I386 }),
      '/bin/sh': linkTo('dash'),
      '/app': app,
    },
    config: { cmd: ['/bin/sh', '-c', 'exec /app'] },
    platform: 'linux/386',
    want: { onlyOn: /^a 64-bit kernel$/ },
  },
  {
    name: 'x86-64 on 386, no program of which is for 386, without a command',
    config: {},
    platform: 'linux/386',
    want: { onlyOn: /^a 64-bit kernel$/ },
  },
  {
    name: 'x86-64 behind PATH, where what stands first is not a program, leaves nothing behind',
    things: {
      '/bin/app': elf({ ...still, machine: EM.AARCH64 }, { mode: 0o644 }),
      '/usr/bin/app': app,
    },
    config: { cmd: ['app'] },
    want: { starts: /^\/usr\/bin\/app$/ },
  },
  {
    name: 'x32 on amd64',
    things: { '/app': elf({ ...still, bits: 32 }) },
    want: { onlyOn: /^kernels with programs of x32$/ },
  },
  {
    name: 'i386 on 386',
    things: { '/app': elf({ ...still, bits: 32, machine: EM.I386 }) },
    platform: 'linux/386',
    want: { starts: /app/ },
  },
  {
    name: 'i386 on arm64',
    things: { '/app': elf({ ...still, bits: 32, machine: EM.I386 }) },
    platform: 'linux/arm64',
    want: { fails: /exec format error/ },
  },
  {
    name: 'the other byte order',
    things: {
      '/app': elf({ ...still, machine: EM.PPC64, byteOrder: 'big' }),
      '/x': elf({ ...still, machine: EM.PPC64 }),
    },
    platform: 'linux/ppc64le',
    want: { fails: /exec format error/ },
  },
  { name: 'a platform that is not known', platform: 'linux/unknown', want: { starts: /app/ } },
  {
    name: 'an empty file',
    things: { '/app': script('') },
    want: { fails: /^exec \/app: exec format error$/ },
  },
  {
    name: 'a text without #!',
    things: { ...shell, '/app': script('exec /bin/sh\n') },
    want: { fails: /^exec \/app: exec format error$/ },
  },
  {
    name: 'an object file',
    things: { '/app': elf({ type: ET.REL }) },
    want: { fails: /^exec \/app: exec format error$/ },
  },
  {
    name: 'a script',
    things: { ...shell, '/app': script('#!/bin/sh\n') },
    want: { starts: /^\/bin\/sh$/ },
  },
  {
    name: 'a script without its interpreter',
    things: { '/app': script('#!/bin/bash\n') },
    want: { fails: /^exec \/app: no such file or directory$/ },
  },
  {
    name: 'a script whose lines end as on Windows',
    things: { ...shell, '/app': script('#!/bin/sh\r\necho\r\n') },
    want: { fails: /^exec \/app: no such file or directory$/ },
  },
  {
    name: 'a script whose interpreter no one may execute',
    things: { '/bin/sh': elf(still, { mode: 0o644 }), '/app': script('#!/bin/sh\n') },
    want: { fails: /^exec \/app: permission denied$/ },
  },
  {
    name: 'a script whose interpreter is for another machine',
    things: {
      '/bin/sh': elf({ ...still, machine: EM.AARCH64 }),
      '/x': app,
      '/app': script('#!/bin/sh\n'),
    },
    want: { fails: /^exec \/app: exec format error$/ },
  },
  {
    name: 'an interpreter from the working directory',
    things: { '/srv/sh': app, '/app': script('#!sh\n') },
    config: { cmd: ['/app'], workingDirectory: '/srv' },
    want: { starts: /^sh$/ },
  },
  { name: 'five scripts', things: scripts(5), want: { starts: /^\/real$/ } },
  { name: 'six scripts', things: scripts(6), want: { fails: /too many levels of symbolic links/ } },
  {
    name: 'a script that is its own interpreter',
    things: { '/app': script('#!/app\n') },
    want: { fails: /too many levels of symbolic links/ },
  },
  {
    name: 'an entry point in no memory',
    things: { '/app': elf({ ...still, entry: 0 }) },
    want: { fails: /^\/app: segmentation fault$/ },
  },
  {
    name: 'an entry point in data',
    things: { '/app': elf({ ...still, loadFlags: [4, 6] }) },
    want: { fails: /^\/app: segmentation fault$/ },
  },
  {
    name: 'an entry point in data, where any memory may be executed',
    things: { '/app': elf({ ...still, bits: 32, machine: EM.I386, loadFlags: [4, 6] }) },
    want: { starts: /app/ },
  },
  {
    name: 'a loader that is missing',
    things: { '/app': program('glibc', { needed: ['libc.so.6'] }) },
    want: { fails: /^exec \/app: no such file or directory$/ },
  },
  {
    name: 'a loader that is not an ELF file',
    things: { '/app': program('musl'), [muslPath]: script('x'.repeat(64)) },
    want: { fails: /accessing a corrupted shared library$/ },
  },
  {
    name: 'a loader without a name, which is the working directory',
    things: { '/app': elf({ interpreter: '\0', type: ET.DYN, entry: 0x80 }) },
    want: { fails: /^exec \/app: permission denied$/ },
  },
  {
    name: 'a loader that is shorter than an ELF header',
    things: { '/app': program('musl'), [muslPath]: script('x') },
    want: { fails: /input\/output error$/ },
  },
  {
    name: 'a program that is cut',
    things: { '/app': cutProgram },
    want: { fails: /^\/app: segmentation fault$/ },
  },
  {
    name: 'a loader that the user may not execute',
    things: { '/app': program('musl'), [muslPath]: { ...muslLoader(), mode: 0o700 } },
    config: { cmd: ['/app'], user: '1000' },
    want: { fails: /^exec \/app: permission denied$/ },
  },
  {
    name: 'a relative loader from the root',
    things: {
      '/app': elf({ entry: 0x80, interpreter: 'lib/ld-musl-x86_64.so.1' }),
      [muslPath]: muslLoader(),
    },
    want: { starts: /app/ },
  },
  {
    name: 'a relative loader from elsewhere',
    things: {
      '/app': elf({ entry: 0x80, interpreter: 'lib/ld-musl-x86_64.so.1' }),
      [muslPath]: muslLoader(),
    },
    config: { cmd: ['/app'], workingDirectory: '/srv' },
    want: { fails: /^exec \/app: no such file or directory$/ },
  },
];

function scripts(count: number): Things {
  const nested = Array.from({ length: count - 1 }, (_, index) => [
    `/s${index + 1}`,
    script(index === count - 2 ? '#!/real\n' : `#!/s${index + 2}\n`),
  ]);
  return { '/real': app, '/app': script('#!/s1\n'), ...Object.fromEntries(nested) };
}

const musl = { [muslPath]: muslLoader(['write']) };

const byLoader: readonly Case[] = [
  {
    name: 'all is there',
    things: {
      ...musl,
      '/app': program('musl', {
        entry: 0x80,
        needed: ['libc.musl-x86_64.so.1'],
        calls: ['write'],
      }),
    },
    want: { starts: /app/ },
  },
  {
    name: 'a library is missing',
    things: { ...musl, '/app': program('musl', { entry: 0x80, needed: ['libz.so.1'] }) },
    want: {
      fails:
        /^Error loading shared library libz\.so\.1: No such file or directory \(needed by \/app\)$/,
    },
  },
  {
    name: 'a symbol is missing',
    things: { ...musl, '/app': program('musl', { entry: 0x80, imports: ['nowhere'] }) },
    want: { fails: /^Error relocating \/app: nowhere: symbol not found$/ },
  },
  {
    name: 'all is there for x86-64 in an image for 386',
    things: { ...musl, '/app': program('musl', { entry: 0x80 }) },
    platform: 'linux/386',
    want: { onlyOn: /^a 64-bit kernel$/ },
  },
  {
    name: 'a library is missing for x86-64 in an image for 386',
    things: { ...musl, '/app': program('musl', { entry: 0x80, needed: ['libz.so.1'] }) },
    platform: 'linux/386',
    want: { fails: /^Error loading shared library libz\.so\.1/ },
  },
  {
    name: 'a symbol is missing for x86-64 in an image for 386',
    things: { ...musl, '/app': program('musl', { entry: 0x80, imports: ['nowhere'] }) },
    platform: 'linux/386',
    want: { fails: /^Error relocating \/app: nowhere: symbol not found$/ },
  },
];

const sh = (...words: string[]) => ({ cmd: ['/bin/sh', ...words] });
const starters: Things = { ...shell, '/sbin/tini': app, '/usr/bin/env': linkTo('/bin/busybox') };
const gnu: Things = { ...shell, ...musl, '/usr/bin/env': program('musl', { entry: 0x80 }) };

const byStarter: readonly Case[] = [
  { name: 'a shell alone', config: sh(), want: { starts: /^\/bin\/sh$/ } },
  { name: 'one command of a shell', config: sh('-c', '/app'), want: { starts: /^\/app$/ } },
  { name: 'exec', config: sh('-c', 'exec /app --port 80'), want: { starts: /^\/app$/ } },
  {
    name: 'exec with words that the shell expands',
    config: sh('-c', `exec /app "$@" \${OPTIONS} *`),
    want: { starts: /^\/app$/ },
  },
  {
    name: 'exec of what is missing',
    config: sh('-c', 'exec /opt/nothing'),
    want: { fails: /^\/bin\/sh: \/opt\/nothing: not found$/ },
  },
  {
    name: 'a command that is not in PATH',
    config: sh('-c', 'nothing -x'),
    want: { fails: /^\/bin\/sh: nothing: not found$/ },
  },
  { name: 'a built-in command', config: sh('-c', 'echo x'), want: { starts: /^\/bin\/sh$/ } },
  {
    name: 'more than one command',
    config: sh('-c', '/nothing || /app'),
    want: { starts: /^\/bin\/sh$/ },
  },
  {
    name: 'a PATH that the text sets',
    config: sh('-c', 'PATH=/opt nothing'),
    want: { starts: /^\/bin\/sh$/ },
  },
  { name: 'a command that is expanded', config: sh('-c', '$APP'), want: { starts: /^\/bin\/sh$/ } },
  {
    name: 'a command that no one may execute',
    things: { '/app': elf(still, { mode: 0o644 }) },
    config: sh('-c', '/app'),
    want: { fails: /^\/bin\/sh: \/app: Permission denied$/ },
  },
  {
    name: 'a text that a shell reads itself',
    things: { '/app': script('echo x\n') },
    config: sh('-c', '/app'),
    want: { starts: /^\/app$/ },
  },
  {
    name: 'a script',
    things: { '/run.sh': text('echo') },
    config: sh('/run.sh'),
    want: { starts: /^\/bin\/sh$/ },
  },
  {
    name: 'a script that is missing',
    config: sh('/run.sh'),
    want: { fails: /cannot open \/run\.sh: No such file or directory$/ },
  },
  {
    name: 'a script that the user may not read',
    things: { '/run.sh': script('#!/bin/sh\n', { mode: 0o711 }) },
    config: { cmd: ['/run.sh'], user: '1000' },
    want: { fails: /cannot open \/run\.sh: Permission denied$/ },
  },
  {
    name: 'a script for another interpreter, that the user may not read',
    things: { '/bin/python3': app, '/app': script('#!/bin/python3\n', { mode: 0o711 }) },
    config: { cmd: ['/app'], user: '1000' },
    want: { undecided: /has to read \/app/ },
  },
  {
    name: 'two options in a first line',
    things: { '/app': script('#!/bin/sh -e -u\n') },
    want: { fails: /illegal option - $/ },
  },
  {
    name: 'an option that ends as on Windows',
    things: { '/app': script('#!/bin/sh -e\r\n') },
    want: { fails: /illegal option -\\r$/ },
  },
  {
    name: 'an option in a first line',
    things: { '/app': script('#!/bin/sh -eu\n') },
    want: { starts: /^\/bin\/sh$/ },
  },
  {
    name: 'pipefail of BusyBox',
    config: sh('-eo', 'pipefail', '-c', '/nothing'),
    want: { fails: /not found/ },
  },
  {
    name: 'tini',
    config: { cmd: ['/sbin/tini', '-g', '--', '/app'] },
    want: { starts: /^\/app$/ },
  },
  {
    name: 'tini and what is missing',
    config: { cmd: ['/sbin/tini', '--', '/opt/app'] },
    want: { fails: /^\/sbin\/tini: \/opt\/app: No such file or directory$/ },
  },
  {
    name: 'tini and CMD by PATH',
    config: { entrypoint: ['/sbin/tini'], cmd: ['app'], env: ['PATH=/bin:/'] },
    want: { starts: /^\/app$/ },
  },
  {
    name: 'tini with an option that is not known',
    config: { cmd: ['/sbin/tini', '-Q', '/opt/app'] },
    want: { starts: /^\/sbin\/tini$/ },
  },
  {
    name: 'tini and a text without #!',
    // mov eax, 60; syscall; ret: it may have brought a C library.
    things: {
      '/app': script('x'),
      '/sbin/tini': elf({ ...still, code: Buffer.from('b83c0000000f05c3', 'hex') }),
    },
    config: { cmd: ['/sbin/tini', '/app'] },
    want: { undecided: /C library of its starter decides/ },
  },
  {
    name: 'env in a first line',
    things: { '/app': script('#!/usr/bin/env sh\n') },
    want: { starts: /^\/bin\/sh$/ },
  },
  {
    name: 'env of what is missing',
    things: { '/app': script('#!/usr/bin/env fish\n') },
    want: { fails: /^\/usr\/bin\/env: fish: No such file or directory$/ },
  },
  {
    name: 'env with CR',
    things: { '/app': script('#!/usr/bin/env sh\r\n') },
    want: { fails: /No such file or directory$/ },
  },
  {
    name: 'env with two words in one',
    things: { '/app': script('#!/usr/bin/env sh -e\n') },
    want: { fails: /env: sh -e: No such file or directory$/ },
  },
  {
    name: 'env with a PATH that lacks it',
    things: {
      ...musl,
      '/bin/busybox': program('musl', { entry: 0x80 }),
      '/app': script('#!/usr/bin/env sh\n'),
    },
    config: { cmd: ['/app'], env: ['PATH=/srv'] },
    want: { fails: /No such file or directory$/ },
  },
  {
    name: 'env that sets PATH',
    config: { cmd: ['/usr/bin/env', 'PATH=/', 'app'] },
    want: { starts: /^\/app$/ },
  },
  {
    name: 'env that sets what loaders read, and what is missing',
    config: { cmd: ['/usr/bin/env', 'LD_PRELOAD=x', '/nothing'] },
    want: { fails: /\/nothing: No such file or directory$/ },
  },
  {
    name: 'env that sets what is not modelled',
    config: { cmd: ['/usr/bin/env', 'LD_AUDIT=x', '/nothing'] },
    want: { starts: /env$/ },
  },
  {
    name: 'env -S of BusyBox',
    things: { '/app': script('#!/usr/bin/env -S sh -e\n') },
    want: { fails: /unrecognized option: S$/ },
  },
  {
    name: 'env -S of others',
    things: { ...gnu, '/app': script('#!/usr/bin/env -S sh -e\n') },
    want: { starts: /^\/bin\/sh$/ },
  },
  {
    name: 'su-exec and a file that its user may not execute',
    things: { ...accounts, '/sbin/su-exec': app, '/app': elf(still, { mode: 0o700 }) },
    config: { cmd: ['su-exec', 'ann', '/app'] },
    want: { fails: /su-exec: \/app: Permission denied$/ },
  },
  {
    name: 'gosu and an unknown user',
    things: { ...accounts, '/sbin/gosu': app },
    config: { cmd: ['gosu', 'bob', '/app'] },
    want: { fails: /unable to find user bob/ },
  },
  {
    name: 'a starter that starts itself',
    config: { cmd: [...Array.from({ length: 40 }, () => '/sbin/tini'), '/app'] },
    want: { undecided: /start one another/ },
  },
].map((each) => ({
  ...each,
  things: { ...starters, '/app': app, ...('things' in each ? each.things : {}) },
}));

type Ended = Extract<Start, { readonly links: unknown }>;

function endOf(start: Ended): { readonly as: keyof Case['want']; readonly says: string } {
  switch (start.state) {
    case 'starts':
      return { as: 'starts', says: start.program };
    case 'undecided':
      return { as: 'undecided', says: start.because };
    case 'fails':
      return start.onlyOn === undefined
        ? { as: 'fails', says: start.prints }
        : { as: 'onlyOn', says: start.onlyOn };
  }
}

const tables = { byRuntime, byPath, byDirectory, byKernel, byLoader, byStarter };

for (const [title, cases] of Object.entries<readonly Case[]>(tables)) {
  describe(`a start, ${title.replace('by', 'by ').toLowerCase()}`, () => {
    for (const {
      name,
      want,
      things = { '/app': app, '/etc': directory(0o755) },
      config = { cmd: ['/app'] },
      ...rest
    } of cases) {
      it(name, () => {
        const { start } = followImage({ things, config, ...rest });
        const seen = JSON.stringify(start);
        assert.ok(
          start.state === 'starts' || start.state === 'fails' || start.state === 'undecided',
          seen,
        );
        const { as, says } = endOf(start);
        const wanted = want[as];
        assert.ok(wanted, seen);
        assert.match(says, wanted, seen);
        assert.ok(start.links.length > 0, seen);
      });
    }
  });
}
