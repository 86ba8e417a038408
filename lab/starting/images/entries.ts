import type { ImageSettings } from './image-case.ts';
import type { Lab } from './lab.ts';
import { plainKind, recipeOf } from './program-kinds.ts';
import { libcFor } from './root-libc.ts';

/** A command line of an image, and the files that it leads to. */
export interface Entry {
  readonly name: string;
  readonly image: ImageSettings;
  /** Whether the root must have a shell, as those of distributions do. */
  readonly needsShell?: true;
  apply(lab: Lab): void;
}

/** A static program: what is wrong here concerns no loader. */
export function installStatic(lab: Lab, path: string, mode = 0o755): void {
  const { machine } = lab.base;
  const libc = libcFor(lab.base);
  const kind = { ...plainKind, mode: 'static' as const };
  lab.install(
    lab.compile(recipeOf({ kind, machine, libc, calls: [], with: [], flags: [] })),
    path,
    mode,
  );
}

const start = (...entrypoint: string[]): ImageSettings => ({ entrypoint });

/** The program is at /opt/app, unless a case puts it elsewhere. */
const at =
  (path: string, after: (lab: Lab) => void = () => {}) =>
  (lab: Lab) => {
    installStatic(lab, path);
    after(lab);
  };

export const entries: readonly [Entry, ...Entry[]] = [
  { name: 'a path', image: start('/opt/app'), apply: at('/opt/app') },
  { name: 'a path that is missing', image: start('/opt/nothing'), apply: at('/opt/app') },
  { name: 'CMD alone', image: { cmd: ['/opt/app'] }, apply: at('/opt/app') },
  {
    name: 'CMD behind ENTRYPOINT',
    image: { entrypoint: ['/opt/app'], cmd: ['/opt/nothing'] },
    apply: at('/opt/app'),
  },
  { name: 'a word of PATH', image: start('app'), apply: at('/usr/bin/app') },
  { name: 'a word that PATH does not have', image: start('app'), apply: at('/opt/app') },
  {
    name: 'a word of a PATH of its own',
    image: { ...start('app'), env: ['PATH=/opt'] },
    apply: at('/opt/app'),
  },
  {
    name: 'a word of the system directories with a PATH of its own',
    image: { ...start('app'), env: ['PATH=/opt'] },
    apply: at('/usr/bin/app'),
  },
  {
    name: 'a word of a PATH that is given twice',
    image: { ...start('app'), env: ['PATH=/opt', 'PATH=/srv'] },
    apply: at('/srv/app'),
  },
  {
    name: 'a word behind one that nobody may execute',
    image: start('app'),
    apply: at('/usr/bin/app', (lab) => lab.write('/usr/local/bin/app', 'text\n', 0o644)),
  },
  {
    name: 'a word behind a directory of its name',
    image: start('app'),
    apply: at('/usr/bin/app', (lab) => lab.directory('/usr/local/bin/app')),
  },
  {
    name: 'a word behind a dangling link of its name',
    image: start('app'),
    apply: at('/usr/bin/app', (lab) => lab.symlink('/usr/local/bin/app', '/nowhere')),
  },
  {
    name: 'a word behind a program of another machine',
    image: start('app'),
    apply: at('/usr/bin/app', (lab) => {
      const bytes = lab.read('/usr/bin/app');
      bytes[18] = 8;
      lab.write('/usr/local/bin/app', bytes, 0o755);
    }),
  },
  {
    name: 'a word behind an empty file',
    image: start('app'),
    apply: at('/usr/bin/app', (lab) => lab.write('/usr/local/bin/app', '', 0o755)),
  },
  {
    name: 'a relative path from the working directory',
    image: { ...start('./app'), workingDir: '/srv' },
    apply: at('/srv/app'),
  },
  {
    name: 'a relative path from another working directory',
    image: { ...start('./app'), workingDir: '/opt' },
    apply: at('/srv/app'),
  },
  {
    name: 'a path with .. from the working directory',
    image: { ...start('../opt/app'), workingDir: '/srv' },
    apply: at('/opt/app'),
  },
  {
    name: 'a relative path without a working directory',
    image: start('opt/app'),
    apply: at('/opt/app'),
  },
  { name: 'a directory', image: start('/opt/app'), apply: (lab) => lab.directory('/opt/app') },
  {
    name: 'a path with a slash at its end',
    image: start('/opt/app/'),
    apply: at('/opt/app'),
  },
  {
    name: 'a path through a file',
    image: start('/opt/app/program'),
    apply: at('/opt/app'),
  },
  {
    name: 'a path with . and .. and //',
    image: start('/opt/./more/..//app'),
    apply: at('/opt/app', (lab) => lab.directory('/opt/more')),
  },
  {
    name: 'a path with .. behind what is missing',
    image: start('/opt/more/../app'),
    apply: at('/opt/app'),
  },
  {
    name: 'a link',
    image: start('/start'),
    apply: at('/opt/app', (lab) => lab.symlink('/start', 'opt/app')),
  },
  {
    name: 'a link that leaves the root',
    image: start('/start'),
    apply: at('/opt/app', (lab) => lab.symlink('/start', '../../../opt/app')),
  },
  {
    name: 'a dangling link',
    image: start('/start'),
    apply: (lab) => lab.symlink('/start', '/opt/nothing'),
  },
  {
    name: 'a loop of links',
    image: start('/start'),
    apply: (lab) => lab.symlink('/start', 'start'),
  },
  {
    name: 'a path through a linked directory',
    image: start('/way/app'),
    apply: at('/opt/app', (lab) => lab.symlink('/way', 'opt')),
  },
  {
    name: '41 links to the file',
    image: start('/link0'),
    apply: at('/opt/app', (lab) => {
      for (let link = 0; link < 41; link += 1) {
        lab.symlink(`/link${link}`, link === 40 ? '/opt/app' : `link${link + 1}`);
      }
    }),
  },
  {
    name: '40 links to the file',
    image: start('/link1'),
    apply: at('/opt/app', (lab) => {
      for (let link = 1; link < 41; link += 1) {
        lab.symlink(`/link${link}`, link === 40 ? '/opt/app' : `link${link + 1}`);
      }
    }),
  },
  {
    name: 'an empty file',
    image: start('/opt/app'),
    apply: (lab) => lab.write('/opt/app', '', 0o755),
  },
  {
    name: 'a text without an interpreter',
    image: start('/opt/app'),
    needsShell: true,
    apply: (lab) => lab.write('/opt/app', 'echo started; exit 42\n', 0o755),
  },
  { name: 'no command at all', image: {}, apply: at('/opt/app') },
  { name: 'an empty word', image: start(''), apply: at('/opt/app') },
  {
    name: 'a name that is not UTF-8',
    image: start('/opt/\u00e4pp'),
    apply: at('/opt/\u00e4pp'),
  },
  {
    name: 'a shell text',
    image: start('/bin/sh', '-c', 'echo started; exit 42'),
    needsShell: true,
    apply: () => {},
  },
  {
    name: 'a shell text in a root without a shell',
    image: start('/bin/sh', '-c', '/opt/app'),
    apply: at('/opt/app', (lab) => lab.remove('/bin/sh')),
  },
  {
    name: 'a shell text that starts a program',
    image: start('/bin/sh', '-c', 'exec /opt/app'),
    needsShell: true,
    apply: at('/opt/app'),
  },
  {
    name: 'a shell text that starts what is missing',
    image: start('/bin/sh', '-c', 'exec /opt/nothing'),
    needsShell: true,
    apply: at('/opt/app'),
  },
  {
    name: 'a shell text that starts what nobody may execute',
    image: start('/bin/sh', '-c', '/opt/app'),
    needsShell: true,
    apply: (lab) => installStatic(lab, '/opt/app', 0o644),
  },
  {
    name: 'a shell that reads a script',
    image: start('/bin/sh', '/opt/run.sh'),
    needsShell: true,
    apply: (lab) => lab.write('/opt/run.sh', 'echo started; exit 42\n'),
  },
  {
    name: 'a shell that reads a script which is missing',
    image: start('/bin/sh', '/opt/run.sh'),
    needsShell: true,
    apply: () => {},
  },
  {
    name: 'a shell by its word',
    image: { cmd: ['sh', '-c', 'echo started; exit 42'] },
    needsShell: true,
    apply: () => {},
  },
  {
    name: 'env that starts a program',
    image: start('env', 'NAME=value', '/opt/app'),
    needsShell: true,
    apply: at('/opt/app'),
  },
];
