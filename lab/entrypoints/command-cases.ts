import type { EntrypointCase, EntrypointConfig } from './entrypoint-case.ts';
import type { ImageFiles } from './image-files.ts';
import { type Programs, starter } from './programs.ts';

/** An image with one program that is alone, at /opt/app. */
function command(
  name: string,
  config: EntrypointConfig,
  more?: EntrypointCase['make'],
): EntrypointCase {
  return {
    name,
    bases: ['scratch'],
    config,
    make(files, programs) {
      files.file('/opt/app', programs.static());
      more?.(files, programs);
    },
  };
}

const otherRuntimes = 'other runtimes make what the link leads to';

const path = (...folders: readonly string[]) => [`PATH=${folders.join(':')}`];

const words: readonly EntrypointCase[] = [
  command('no ENTRYPOINT and no CMD', {}),
  command('an empty ENTRYPOINT and an empty CMD', { Entrypoint: [], Cmd: [] }),
  command('an empty word', { Entrypoint: [''] }),
  command('an empty word before a good one', { Entrypoint: [''], Cmd: ['/opt/app'] }),
  command('CMD alone', { Cmd: ['/opt/app'] }),
  command('CMD is what ENTRYPOINT is given', { Entrypoint: ['/opt/app'], Cmd: ['/nowhere'] }),
  command('a program that is not there', { Entrypoint: ['/nowhere'] }),
  command('a program in a folder that is not there', { Entrypoint: ['/nowhere/app'] }),
  command('a directory', { Entrypoint: ['/opt'] }),
  command('a directory with a slash', { Entrypoint: ['/opt/'] }),
  command('a program with a slash behind it', { Entrypoint: ['/opt/app/'] }),
  command('a program as a folder of another', { Entrypoint: ['/opt/app/app'] }),
  command('a program with a point behind it', { Entrypoint: ['/opt/app/.'] }),
  command('a way up past the root', { Entrypoint: ['/../../opt/./app'] }),
  command('a way through a folder that is not there', { Entrypoint: ['/nowhere/../opt/app'] }),
  command('a name that is too long', { Entrypoint: [`/${'a'.repeat(300)}`] }),
  command('a blank in one word', { Entrypoint: ['/opt/app --quiet'] }),
  command('a name with a blank', { Entrypoint: ['/opt/my app'] }, (files, programs) =>
    files.file('/opt/my app', programs.static()),
  ),
  command('a variable in a word', { Entrypoint: ['$APP'], Env: ['APP=/opt/app'] }),
  {
    ...command('a device', { Entrypoint: ['/dev/null'] }),
    undecided: 'what lies there is mounted by the runtime',
  },
];

const searches: readonly EntrypointCase[] = [
  command('a name by PATH', { Cmd: ['app'], Env: path('/opt') }),
  command('a name that is not in PATH', { Cmd: ['app'], Env: path('/bin') }),
  command('a name by the usual PATH', { Cmd: ['app'] }, (files, programs) =>
    files.file('/usr/local/bin/app', programs.static()),
  ),
  command('a name that the usual PATH does not have', { Cmd: ['app'] }),
  command('a PATH whose first folder is not there', {
    Cmd: ['app'],
    Env: path('/nowhere', '/opt'),
  }),
  command(
    'a PATH whose first file cannot be run',
    { Cmd: ['app'], Env: path('/first', '/opt') },
    (files) => files.file('/first/app', 'text', { mode: 0o644 }),
  ),
  command('a PATH whose only file cannot be run', { Cmd: ['app'], Env: path('/first') }, (files) =>
    files.file('/first/app', 'text', { mode: 0o644 }),
  ),
  command(
    'a PATH whose first file is a directory',
    { Cmd: ['app'], Env: path('/first', '/opt') },
    (files) => files.directory('/first/app'),
  ),
  command(
    'a PATH whose first file is not a program',
    { Cmd: ['app'], Env: path('/first', '/opt') },
    (files) => files.file('/first/app', 'text'),
  ),
  command(
    'a PATH whose first file is a link to nothing',
    { Cmd: ['app'], Env: path('/first', '/opt') },
    (files) => files.link('/first/app', 'nowhere'),
  ),
  command('a PATH through a file', { Cmd: ['app'], Env: path('/opt/app', '/opt') }),
  command('an empty PATH', { Cmd: ['app'], Env: ['PATH='] }),
  command('an empty PATH and a file in the working directory', {
    Cmd: ['app'],
    Env: ['PATH='],
    WorkingDir: '/opt',
  }),
  command('a PATH of an empty folder', {
    Cmd: ['app'],
    Env: path('/nowhere', ''),
    WorkingDir: '/opt',
  }),
  command('a relative PATH', { Cmd: ['app'], Env: path('opt') }),
  command('a relative PATH from another folder', {
    Cmd: ['app'],
    Env: path('opt'),
    WorkingDir: '/tmp',
  }),
  command('PATH twice', { Cmd: ['app'], Env: [...path('/nowhere'), ...path('/opt')] }),
  command('PATH twice, the other way round', {
    Cmd: ['app'],
    Env: [...path('/opt'), ...path('/nowhere')],
  }),
  command('a PATH with a slash behind it', { Cmd: ['app'], Env: path('/opt/') }),
  command('a PATH with a tilde', { Cmd: ['app'], Env: path('~/bin', '/opt') }),
  command(
    'a name of a folder that a user cannot enter',
    { Cmd: ['app'], Env: path('/first', '/opt'), User: '1000' },
    (files, programs) => {
      files.directory('/first', { mode: 0o700 });
      files.file('/first/app', programs.static());
    },
  ),
];

const folders: readonly EntrypointCase[] = [
  command('a relative program of the root', { Entrypoint: ['opt/app'] }),
  command('a relative program', { Entrypoint: ['./app'], WorkingDir: '/opt' }),
  command('a relative program of another folder', { Entrypoint: ['./app'], WorkingDir: '/tmp' }),
  command('a name in the working directory alone', { Entrypoint: ['app'], WorkingDir: '/opt' }),
  command('a way up from the working directory', {
    Entrypoint: ['../opt/app'],
    WorkingDir: '/opt',
  }),
  command('a working directory that is not there', {
    Entrypoint: ['/opt/app'],
    WorkingDir: '/new/folder',
  }),
  command('a working directory that is not there, for a user', {
    Entrypoint: ['/opt/app'],
    WorkingDir: '/new/folder',
    User: '1000',
  }),
  command('a way up from a working directory that is not there', {
    Entrypoint: ['../opt/app'],
    WorkingDir: '/new',
  }),
  command('a working directory that is a file', {
    Entrypoint: ['/opt/app'],
    WorkingDir: '/opt/app',
  }),
  command('a working directory below a file', {
    Entrypoint: ['/opt/app'],
    WorkingDir: '/opt/app/folder',
  }),
  command(
    'a working directory that is a link',
    { Entrypoint: ['./app'], WorkingDir: '/link' },
    (files) => files.link('/link', 'opt'),
  ),
  {
    ...command(
      'a working directory that is a link to nothing',
      { Entrypoint: ['/opt/app'], WorkingDir: '/link' },
      (files) => files.link('/link', 'nowhere'),
    ),
    undecided: otherRuntimes,
  },
  {
    ...command(
      'a working directory that is a loop',
      { Entrypoint: ['/opt/app'], WorkingDir: '/link' },
      (files) => files.link('/link', 'link'),
    ),
    undecided: otherRuntimes,
  },
  command('a working directory that is relative', { Entrypoint: ['./app'], WorkingDir: 'opt' }),
  command(
    'a working directory that its user cannot enter',
    { Entrypoint: ['/opt/app'], WorkingDir: '/own', User: '1000' },
    (files) => files.directory('/own', { mode: 0o700 }),
  ),
  command(
    'a working directory of another user, as root',
    { Entrypoint: ['/opt/app'], WorkingDir: '/own' },
    (files) => files.directory('/own', { mode: 0o700, uid: 1000 }),
  ),
];

const links: readonly EntrypointCase[] = [
  command('a link', { Entrypoint: ['/link'] }, (files) => files.link('/link', 'opt/app')),
  command('an absolute link', { Entrypoint: ['/bin/link'] }, (files) =>
    files.link('/bin/link', '/opt/app'),
  ),
  command('a link up past the root', { Entrypoint: ['/link'] }, (files) =>
    files.link('/link', '../../../opt/app'),
  ),
  command('a link to nothing', { Entrypoint: ['/link'] }, (files) =>
    files.link('/link', 'opt/nowhere'),
  ),
  command('a link to itself', { Entrypoint: ['/link'] }, (files) => files.link('/link', 'link')),
  command('a loop of folders', { Entrypoint: ['/one/app'] }, (files) => {
    files.link('/one', 'two');
    files.link('/two', 'one');
  }),
  command('a folder that is a link', { Entrypoint: ['/folder/app'] }, (files) =>
    files.link('/folder', 'opt'),
  ),
  command('forty links', { Entrypoint: ['/l40'] }, (files) => chain(files, 40)),
  command('forty-one links', { Entrypoint: ['/l41'] }, (files) => chain(files, 41)),
  command('a hard link', { Entrypoint: ['/hard'] }, (files) => files.hardLink('/hard', '/opt/app')),
];

function chain(files: ImageFiles, length: number): void {
  for (let at = 1; at <= length; at += 1)
    files.link(`/l${at}`, at === 1 ? 'opt/app' : `l${at - 1}`);
}

const startersOfOthers: readonly EntrypointCase[] = [
  ...['tini', 'dumb-init'].flatMap((name) => [
    command(
      `${name}, and a program`,
      { Entrypoint: [`/sbin/${name}`, '--', '/opt/app'] },
      addStarter(name),
    ),
    command(
      `${name}, and a program that is not there`,
      { Entrypoint: [`/sbin/${name}`, '--', '/nowhere'] },
      addStarter(name),
    ),
    command(
      `${name}, and CMD by PATH`,
      { Entrypoint: [`/sbin/${name}`, '--'], Cmd: ['app'], Env: path('/opt') },
      addStarter(name),
    ),
    command(
      `${name}, and CMD that PATH does not have`,
      { Entrypoint: [`/sbin/${name}`, '--'], Cmd: ['app'], Env: path('/bin') },
      addStarter(name),
    ),
    command(`${name} that is not there`, { Entrypoint: [`/sbin/${name}`, '--', '/opt/app'] }),
  ]),
  command(
    'tini, and a program of 0644',
    { Entrypoint: ['/sbin/tini', '--', '/opt/text'] },
    (files, programs) => {
      addStarter('tini')(files, programs);
      files.file('/opt/text', programs.static(), { mode: 0o644 });
    },
  ),
];

function addStarter(name: string): (files: ImageFiles, programs: Programs) => void {
  return (files, programs) => files.file(`/sbin/${name}`, programs.static({ code: starter }));
}

/** The same for an image that has a shell. */
function shell(
  name: string,
  config: EntrypointConfig,
  more?: EntrypointCase['make'],
): EntrypointCase {
  return { ...command(name, config, more), bases: ['debian', 'alpine-3.20', 'alpine-3.10'] };
}

const shells: readonly EntrypointCase[] = [
  {
    ...shell('the shell form in an image without a shell', { Cmd: ['/bin/sh', '-c', '/opt/app'] }),
    bases: ['scratch'],
  },
  shell('the shell form', { Cmd: ['/bin/sh', '-c', '/opt/app'] }),
  shell('the shell form with exec', { Entrypoint: ['/bin/sh', '-c', 'exec /opt/app'] }),
  shell('the shell form of a program that is not there', { Cmd: ['/bin/sh', '-c', '/nowhere'] }),
  shell('the shell form with exec of a program that is not there', {
    Cmd: ['/bin/sh', '-c', 'exec /nowhere'],
  }),
  shell(
    'the shell form of a program of 0644',
    { Cmd: ['/bin/sh', '-c', '/opt/text'] },
    (files, programs) => files.file('/opt/text', programs.static(), { mode: 0o644 }),
  ),
  shell(
    'the shell form of a text without a first line',
    { Cmd: ['/bin/sh', '-c', '/opt/text'] },
    (files) => files.file('/opt/text', 'echo started\n'),
  ),
  shell('the shell form of a built-in command', { Cmd: ['/bin/sh', '-c', 'echo started'] }),
  shell('sh -c by PATH', { Cmd: ['sh', '-c', 'echo started'] }),
  shell('the shell form of a name that is not in PATH', { Cmd: ['/bin/sh', '-c', 'app'] }),
  shell('the shell form of a name in PATH', {
    Cmd: ['/bin/sh', '-c', 'app'],
    Env: path('/bin', '/opt'),
  }),
  shell('the shell form of one program after another', {
    Cmd: ['/bin/sh', '-c', 'true && /opt/app'],
  }),
  shell('the shell form with another if one fails', {
    Cmd: ['/bin/sh', '-c', '/nowhere || /opt/app'],
  }),
  shell('env with a setting', { Cmd: ['env', 'NAME=1', '/opt/app'] }),
  shell('env and a program that is not there', { Cmd: ['env', '/nowhere'] }),
  shell('nice and a program', { Cmd: ['nice', '-n', '5', '/opt/app'] }),
  shell('a script that starts CMD', { Entrypoint: ['/entry.sh'], Cmd: ['/opt/app'] }, addEntry),
  {
    ...shell(
      'a script that starts CMD that is not there',
      { Entrypoint: ['/entry.sh'], Cmd: ['/nowhere'] },
      addEntry,
    ),
    leftToProgram: true,
  },
  shell(
    'a script that starts CMD by PATH',
    { Entrypoint: ['/entry.sh'], Cmd: ['app'], Env: path('/bin', '/opt') },
    addEntry,
  ),
];

function addEntry(files: ImageFiles): void {
  files.file('/entry.sh', '#!/bin/sh\nset -e\nexec "$@"\n');
}

export const commandCases: readonly EntrypointCase[] = [
  ...words,
  ...searches,
  ...folders,
  ...links,
  ...startersOfOthers,
  ...shells,
];
