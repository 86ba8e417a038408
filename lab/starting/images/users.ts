import type { Entry } from './entries.ts';
import { installStatic } from './entries.ts';
import type { ImageSettings } from './image-case.ts';
import type { Lab } from './lab.ts';

function by(
  user: string,
  name: string,
  apply: (lab: Lab) => void,
  image: ImageSettings = {},
): Entry {
  const apart = image.entrypoint ?? ['/opt/app'];
  return { name, image: { ...image, user, entrypoint: apart }, apply };
}

const put =
  (mode: number, uid = 0, gid = 0) =>
  (lab: Lab) => {
    installStatic(lab, '/opt/app', mode);
    lab.chown('/opt/app', uid, gid);
    lab.chmod('/opt/app', mode);
  };

const inFolder =
  (mode: number, uid = 0, gid = 0) =>
  (lab: Lab) => {
    installStatic(lab, '/opt/app');
    lab.chown('/opt', uid, gid);
    lab.chmod('/opt', mode);
  };

const passwd = (lab: Lab) =>
  lab.write(
    '/etc/passwd',
    'root:x:0:0::/:/bin/sh\nworker:x:1000:2000::/:/bin/sh\n4000:x:1000:1000::/:\nbroken\n',
  );
const group = (lab: Lab) => lab.write('/etc/group', 'root:x:0:\nteam:x:3000:worker\n');

const withAccounts = (apply: (lab: Lab) => void) => (lab: Lab) => {
  passwd(lab);
  group(lab);
  apply(lab);
};

/** Who may execute what: mode bits, owners and folders, by USER. */
export const userEntries: readonly [Entry, ...Entry[]] = [
  by('', 'root, mode 0700', put(0o700)),
  by('', 'root, mode 0100', put(0o100)),
  by('', 'root, mode 0001', put(0o001)),
  by('', 'root, mode 0000', put(0)),
  by('', 'root, mode 0644', put(0o644)),
  by('', "root, another's mode 0100", put(0o100, 1000)),
  by('', 'root, in a folder of mode 0000', inFolder(0)),
  by('1000', 'user 1000, mode 0755', put(0o755)),
  by('1000', 'user 1000, mode 0700', put(0o700)),
  by('1000', 'user 1000, mode 0711', put(0o711)),
  by('1000', 'user 1000, mode 0001', put(0o001)),
  by('1000', 'user 1000, mode 0744', put(0o744)),
  by('1000', 'user 1000, own file of mode 0500', put(0o500, 1000)),
  by('1000', 'user 1000, own file of mode 0055', put(0o055, 1000)),
  by('1000', 'user 1000 of group 0, mode 0750', put(0o750)),
  by('1000:1000', 'user 1000 of group 1000, mode 0750', put(0o750)),
  by('1000:1000', 'user 1000 of group 1000, mode 0705 of its group', put(0o705, 0, 1000)),
  by('1000:50', 'user 1000 of group 50, mode 0750 of that group', put(0o750, 0, 50)),
  by('1000', 'user 1000, in a folder of mode 0700', inFolder(0o700)),
  by('1000', 'user 1000, in a folder of mode 0711', inFolder(0o711)),
  by('1000', 'user 1000, in a folder of mode 0644', inFolder(0o644)),
  by('1000', 'user 1000, in its own folder of mode 0077', inFolder(0o077, 1000)),
  by(
    '1000',
    'user 1000, a link into a folder of mode 0700',
    (lab) => {
      inFolder(0o700)(lab);
      lab.symlink('/start', 'opt/app');
    },
    { entrypoint: ['/start'] },
  ),
  by('1000', 'user 1000, a link from a folder of mode 0700', (lab) => {
    installStatic(lab, '/srv/app');
    lab.symlink('/opt/app', '/srv/app');
    lab.chmod('/opt', 0o700);
  }),
  by(
    '1000',
    'user 1000, a hard link from a folder of mode 0700',
    (lab) => {
      installStatic(lab, '/opt/app');
      lab.hardLink('/start', '/opt/app');
      lab.chmod('/opt', 0o700);
    },
    { entrypoint: ['/start'] },
  ),
  by(
    '1000',
    'user 1000, a word behind one that it may not execute',
    (lab) => {
      installStatic(lab, '/usr/bin/app');
      lab.write('/usr/local/bin/app', '', 0o700);
    },
    { entrypoint: ['app'] },
  ),
  by(
    '1000',
    'user 1000, a word behind a folder of mode 0700',
    (lab) => {
      installStatic(lab, '/usr/bin/app');
      lab.write('/usr/local/bin/app', '', 0o755);
      lab.chmod('/usr/local/bin', 0o700);
    },
    { entrypoint: ['app'] },
  ),
  by('worker', 'a user by name, whose group may', withAccounts(put(0o750, 0, 2000))),
  by('worker', 'a user by name, whose group may not', withAccounts(put(0o750, 0, 1000))),
  by(
    '1000',
    'a user by number that has an entry, whose group may',
    withAccounts(put(0o750, 0, 2000)),
  ),
  by('worker:team', 'a user with a group by name', withAccounts(put(0o750, 0, 3000))),
  by('worker:root', 'a user with the group root', withAccounts(put(0o750))),
  by('ghost', 'a user that is not in /etc/passwd', withAccounts(put(0o755))),
  by('ghost', 'a user in a root without accounts', put(0o755)),
  by('1000:ghosts', 'a group that is not in /etc/group', withAccounts(put(0o755))),
  by('worker', 'a user by name, with accounts behind links', (lab) => {
    withAccounts(put(0o750, 0, 2000))(lab);
    lab.write('/opt/accounts', lab.read('/etc/passwd'));
    lab.symlink('/etc/passwd', '../opt/accounts');
  }),
  by('worker', 'a user by name, with accounts by a hard link', (lab) => {
    withAccounts(put(0o750, 0, 2000))(lab);
    lab.write('/opt/accounts', lab.read('/etc/passwd'));
    lab.hardLink('/etc/passwd', '/opt/accounts');
  }),
  by('0:0', 'root by number', put(0o700)),
  by('root', 'root by name', withAccounts(put(0o700))),
  by('1000', 'setuid', put(0o4755)),
  by('1000', 'setuid of mode 4700', put(0o4700)),
];
