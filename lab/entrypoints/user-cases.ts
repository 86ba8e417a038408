import type { EntrypointCase, EntrypointConfig } from './entrypoint-case.ts';
import type { ImageFiles, Owned } from './image-files.ts';
import { asksLibrary, type Programs } from './programs.ts';

const passwd = `root:x:0:0:root:/root:/bin/sh
app:x:1000:1000:app:/:/bin/sh
other:x:1001:1001:other:/:/bin/sh
4000:x:1002:1002:a name of digits:/:/bin/sh
broken:x:abc:1000:broken:/:/bin/sh
`;
const group = 'root:x:0:\napp:x:1000:\nstaff:x:2000:app,other\nwheel:x:3000:\n';

function addNames(files: ImageFiles): void {
  files.file('/etc/passwd', passwd, { mode: 0o644 });
  files.file('/etc/group', group, { mode: 0o644 });
}

/** A program that is alone, started as a user. */
function user(name: string, User: string, owned: Owned, folder: Owned = {}): EntrypointCase {
  return {
    name,
    bases: ['scratch'],
    config: { Entrypoint: ['/opt/app'], User },
    make(files, programs) {
      addNames(files);
      files.directory('/opt', folder);
      files.file('/opt/app', programs.static(), owned);
    },
  };
}

/** The same where no user has a name. */
function nameless(name: string, User: string): EntrypointCase {
  return {
    name,
    bases: ['scratch'],
    config: { Entrypoint: ['/app'], User },
    make: (files, programs) => files.file('/app', programs.static()),
  };
}

const namedUsers: readonly EntrypointCase[] = [
  user('a user by name', 'app', { mode: 0o700, uid: 1000 }),
  user('a user by number', '1000', { mode: 0o700, uid: 1000 }),
  user('a number that nobody has', '7777', {}),
  user('a name that nobody has', 'nobody', {}),
  user('a name in another case', 'App', {}),
  user('a name of digits is a name first', '4000', { mode: 0o700, uid: 1002 }),
  user('a name whose number is none', 'broken', {}),
  user('a user and a group', 'app:wheel', { mode: 0o710, gid: 3000 }),
  user('a user and a group by number', '1000:3000', { mode: 0o710, gid: 3000 }),
  user('a user and a group that is not there', 'app:nowhere', {}),
  user('a user and a group of a number that nobody has', 'app:7777', { mode: 0o710, gid: 7777 }),
  user('an empty user and a group', ':wheel', { mode: 0o710, uid: 1, gid: 3000 }),
  user('a negative number', '-1', {}),
  user('a number that is too large', '4294967296', {}),
  user('root by name', 'root', {}),
  user('root by number', '0', { mode: 0o700, uid: 1000 }),
  user('a program of 0700 of root for another user', 'app', { mode: 0o700 }),
  user('a program of 0711 of root for another user', 'app', { mode: 0o711 }),
  user('a program of 0001 of its user', 'app', { mode: 0o001, uid: 1000 }),
  user('a program of 0070 by the group of its user', 'app', { mode: 0o070, gid: 1000 }),
  user('a program of 0750 by a further group of its user', 'app', { mode: 0o750, gid: 2000 }),
  user('a program of 0750 by a further group of a user by number', '1000', {
    mode: 0o750,
    gid: 2000,
  }),
  user('a program of 0750 by a group that the user gives up', 'app:wheel', {
    mode: 0o750,
    gid: 2000,
  }),
  user('a program of 0750 by the first group, with a group given', 'app:wheel', {
    mode: 0o750,
    gid: 1000,
  }),
  user('a program of 0750 of a group for a number that nobody has', '7777', {
    mode: 0o750,
    gid: 2000,
  }),
  user('a program of 0750 of group root for a number that nobody has', '7777', {
    mode: 0o750,
    gid: 0,
  }),
  user('a folder of 0700 of root for another user', 'app', {}, { mode: 0o700 }),
  user('a folder of 0711 of root for another user', 'app', {}, { mode: 0o711 }),
  user('a folder of 0700 of its user', 'app', {}, { mode: 0o700, uid: 1000 }),
  user('a folder of 0700 of another user, as root', '', {}, { mode: 0o700, uid: 1000 }),
  user('a folder that others may read and not enter', 'app', {}, { mode: 0o744 }),
  user('a program of 0644, as root', '', { mode: 0o644 }),
  user('a program of 0001, as root', '', { mode: 0o001 }),
  user('a program of 0000, as root', '', { mode: 0o000 }),
];

const namelessUsers: readonly EntrypointCase[] = [
  nameless('a number without /etc/passwd', '1000'),
  nameless('a number and a group without /etc/group', '1000:1000'),
  nameless('a name without /etc/passwd', 'app'),
  nameless('root by name without /etc/passwd', 'root'),
  nameless('root and its group by name without /etc/group', '0:root'),
];

function withLibrary(name: string, config: EntrypointConfig, library: Owned): EntrypointCase {
  return {
    name,
    bases: ['musl'],
    config: { Entrypoint: ['/app'], ...config },
    make(files, programs) {
      const made = libraryOf(programs);
      files.file('/app', programs.program('musl-gcc', { code: asksLibrary, with: [made] }));
      files.file('/usr/lib/libanswer.so', made.content, library);
    },
  };
}

const libraryOf = (programs: Programs) => programs.library('musl-gcc', 'libanswer.so');

const libraryUsers: readonly EntrypointCase[] = [
  withLibrary('a library of 0644 for another user', { User: '1000' }, { mode: 0o644 }),
  withLibrary('a library of 0600 of root for another user', { User: '1000' }, { mode: 0o600 }),
  withLibrary('a library of 0600 of root, as root', {}, { mode: 0o600 }),
  withLibrary('a library of 0600 of another user, as root', {}, { mode: 0o600, uid: 1000 }),
  {
    name: 'a loader of 0700 of root for another user',
    bases: ['musl'],
    config: { Entrypoint: ['/app'], User: '1000' },
    make(files, programs) {
      files.file(
        '/app',
        programs.program('musl-gcc', { flags: ['-Wl,--dynamic-linker=/opt/loader'] }),
      );
      files.file('/opt/loader', programs.static(), { mode: 0o700 });
    },
  },
];

export const userCases: readonly EntrypointCase[] = [
  ...namedUsers,
  ...namelessUsers,
  ...libraryUsers,
];
