import { execFileSync } from 'node:child_process';
import type { Random } from '../../../fuzz/random.ts';
import type { Lab } from './lab.ts';
import type { LabRoot } from './lab-roots.ts';

/** How a library is found, or is not: where it lies and what is to lead to it. */
export interface SearchWay {
  readonly name: string;
  /** The folder that gets the library. */
  readonly folder: string;
  /** Linker words for the object that needs it. */
  readonly flags: readonly string[];
  readonly env: readonly string[];
  /** DT_SONAME of the library, where it is not the name of its file. */
  readonly soname: ((file: string) => string) | null;
  /** Done to the root behind the installation. */
  prepare(lab: Lab, file: string): void;
}

const nothing: Omit<SearchWay, 'name' | 'folder'> = {
  flags: [],
  env: [],
  soname: null,
  prepare: () => {},
};

const run = (path: string) => [`-Wl,--enable-new-dtags,-rpath,${path}`];
const old = (path: string) => [`-Wl,--disable-new-dtags,-rpath,${path}`];

/** Both libcs look there by themselves. */
export const plainWay: SearchWay = { ...nothing, name: 'in /usr/lib', folder: '/usr/lib' };

/** A token of the loader in its other form. */
const braced = (token: string) => `$\{${token}}`;

const inAnyLibc: readonly SearchWay[] = [
  { ...nothing, name: 'in /lib', folder: '/lib' },
  { ...nothing, name: 'in /usr/local/lib', folder: '/usr/local/lib' },
  { ...nothing, name: 'by RUNPATH', folder: '/opt/lib', flags: run('/opt/lib') },
  { ...nothing, name: 'by RPATH', folder: '/opt/lib', flags: old('/opt/lib') },
  {
    ...nothing,
    name: 'by the second path of RUNPATH',
    folder: '/opt/b',
    flags: run('/opt/a:/opt/b'),
  },
  { ...nothing, name: 'by $ORIGIN', folder: '/opt/app/lib', flags: run('$ORIGIN/lib') },
  {
    ...nothing,
    name: 'by $ORIGIN in braces in RPATH',
    folder: '/opt/app/lib',
    flags: old(`${braced('ORIGIN')}/../app/lib`),
  },
  {
    ...nothing,
    name: 'by $ORIGIN in the middle',
    folder: '/opt/app/lib',
    flags: run('/.$ORIGIN/lib'),
  },
  {
    ...nothing,
    name: 'by $ORIGIN with $LIB',
    folder: '/opt/app/lib',
    flags: run('$ORIGIN/lib:/opt/$LIB'),
  },
  {
    ...nothing,
    name: 'by /opt/lib with $LIB',
    folder: '/opt/lib',
    flags: run('/opt/lib:/opt/$LIB'),
  },
  { ...nothing, name: 'by $LIB', folder: '/opt/lib/x86_64-linux-gnu', flags: run('/opt/$LIB') },
  {
    ...nothing,
    name: 'by $LIB in braces',
    folder: '/opt/lib',
    flags: run(`/opt/${braced('LIB')}`),
  },
  { ...nothing, name: 'by $PLATFORM', folder: '/opt/x86_64', flags: run('/opt/$PLATFORM') },
  { ...nothing, name: 'by $ORIGINAL', folder: '/opt/appAL', flags: run('$ORIGINAL') },
  { ...nothing, name: 'by a lone $', folder: '/opt/lib', flags: run('/opt/$:/opt/lib') },
  { ...nothing, name: 'by a relative RUNPATH', folder: '/srv/lib', flags: run('lib') },
  { ...nothing, name: 'by a RUNPATH of ../lib', folder: '/lib2', flags: run('../lib2') },
  { ...nothing, name: 'by an empty path in RUNPATH', folder: '/srv', flags: run('/nowhere:') },
  { ...nothing, name: 'by a RUNPATH with //', folder: '/opt/lib', flags: run('//opt///lib/') },
  {
    ...nothing,
    name: 'by a RUNPATH that is a link',
    folder: '/opt/lib',
    flags: run('/way'),
    prepare: (lab) => lab.symlink('/way', 'opt/lib'),
  },
  {
    ...nothing,
    name: 'by a link to the file',
    folder: '/opt/lib',
    prepare: (lab, file) => lab.symlink(`/usr/lib/${file}`, `../../opt/lib/${file}`),
  },
  {
    ...nothing,
    name: 'by a hard link',
    folder: '/opt/lib',
    prepare: (lab, file) => lab.hardLink(`/usr/lib/${file}`, `/opt/lib/${file}`),
  },
  {
    ...nothing,
    name: 'behind a loop of links in the path before',
    folder: '/usr/lib',
    flags: run('/opt/lib'),
    prepare: (lab, file) => lab.symlink(`/opt/lib/${file}`, file),
  },
  {
    ...nothing,
    name: 'behind a folder of its name in the path before',
    folder: '/usr/lib',
    flags: run('/opt/lib'),
    prepare: (lab, file) => lab.directory(`/opt/lib/${file}`),
  },
  {
    ...nothing,
    name: 'behind a text of its name in the path before',
    folder: '/usr/lib',
    flags: run('/opt/lib'),
    prepare: (lab, file) => lab.write(`/opt/lib/${file}`, 'INPUT ( nothing )\n'),
  },
  {
    ...nothing,
    name: 'behind an unreadable file of its name in the path before',
    folder: '/usr/lib',
    flags: run('/opt/lib'),
    prepare: (lab, file) => lab.write(`/opt/lib/${file}`, 'INPUT ( nothing )\n', 0o600),
  },
  {
    ...nothing,
    name: 'behind a path that is a file',
    folder: '/usr/lib',
    flags: run('/opt/lib'),
    prepare: (lab) => lab.write('/opt/lib', ''),
  },
  {
    ...nothing,
    name: 'in a folder of mode 0700',
    folder: '/opt/lib',
    flags: run('/opt/lib'),
    prepare: (lab) => lab.chmod('/opt/lib', 0o700),
  },
  {
    ...nothing,
    name: 'in a folder of mode 0711',
    folder: '/opt/lib',
    flags: run('/opt/lib'),
    prepare: (lab) => lab.chmod('/opt/lib', 0o711),
  },
  { ...nothing, name: 'by LD_LIBRARY_PATH', folder: '/opt/lib', env: ['LD_LIBRARY_PATH=/opt/lib'] },
  {
    ...nothing,
    name: 'by LD_LIBRARY_PATH behind a colon',
    folder: '/opt/lib',
    env: ['LD_LIBRARY_PATH=:/opt/lib:'],
  },
  {
    ...nothing,
    name: 'by LD_LIBRARY_PATH behind a semicolon',
    folder: '/opt/lib',
    env: ['LD_LIBRARY_PATH=/opt/a;/opt/lib'],
  },
  {
    ...nothing,
    name: 'by a relative LD_LIBRARY_PATH',
    folder: '/srv/lib',
    env: ['LD_LIBRARY_PATH=lib'],
  },
  {
    ...nothing,
    name: 'by an empty path of LD_LIBRARY_PATH',
    folder: '/srv',
    env: ['LD_LIBRARY_PATH=/nowhere:'],
  },
  { ...nothing, name: 'by LD_LIBRARY_PATH of .', folder: '/srv', env: ['LD_LIBRARY_PATH=.'] },
  {
    ...nothing,
    name: 'by $ORIGIN in LD_LIBRARY_PATH',
    folder: '/opt/app/lib',
    env: ['LD_LIBRARY_PATH=$ORIGIN/lib'],
  },
  {
    ...nothing,
    name: 'by an LD_LIBRARY_PATH that is given twice',
    folder: '/opt/lib',
    env: ['LD_LIBRARY_PATH=/opt/lib', 'LD_LIBRARY_PATH=/nowhere'],
  },
  {
    ...nothing,
    name: 'by LD_PRELOAD',
    folder: '/opt/other',
    env: ['LD_PRELOAD=/opt/other/liba.so'],
  },
  {
    ...nothing,
    name: 'by a need with a slash',
    folder: '/opt/lib',
    soname: (file) => `/opt/lib/${file}`,
  },
  {
    ...nothing,
    name: 'by a relative need',
    folder: '/srv/lib',
    soname: (file) => `lib/${file}`,
  },
  {
    ...nothing,
    name: 'by a need with $ORIGIN',
    folder: '/opt/app/lib',
    soname: (file) => `$ORIGIN/lib/${file}`,
  },
];

function pathFile(name: string, write: (lab: Lab, file: string) => void): SearchWay {
  return {
    ...nothing,
    name: `by a path file ${name}`,
    folder: '/opt/lib',
    prepare: (lab) => write(lab, `/etc/ld-musl-${lab.base.machine}.path`),
  };
}

const inMusl: readonly SearchWay[] = [
  pathFile('', (lab, file) => lab.write(file, '/lib:/opt/lib\n')),
  pathFile('of lines', (lab, file) => lab.write(file, '/lib\n/usr/lib\n/opt/lib')),
  pathFile('with spaces', (lab, file) => lab.write(file, '/lib\n/opt/lib \n')),
  pathFile('with CRLF', (lab, file) => lab.write(file, '/lib\r\n/opt/lib\r\n')),
  pathFile('that is empty', (lab, file) => lab.write(file, '')),
  pathFile('without the folder', (lab, file) => lab.write(file, '/lib:/usr/lib\n')),
  pathFile('with a relative folder', (lab, file) => lab.write(file, '/lib:opt/lib\n')),
  pathFile('with a NUL', (lab, file) => lab.write(file, '/lib:/opt/lib\0:/nowhere\n')),
  pathFile('that is a folder', (lab, file) => lab.directory(file)),
  pathFile('of mode 0600', (lab, file) => lab.write(file, '/lib:/opt/lib\n', 0o600)),
  pathFile('for another machine', (lab) => lab.write('/etc/ld-musl-sparc.path', '/lib:/opt/lib\n')),
  pathFile('behind a relative link', (lab, file) => {
    lab.write('/opt/path', '/lib:/opt/lib\n');
    lab.symlink(file, '../opt/path');
  }),
  pathFile('behind an absolute link', (lab, file) => {
    lab.write('/opt/path', '/lib:/opt/lib\n');
    lab.symlink(file, '/opt/path');
  }),
  pathFile('behind two links', (lab, file) => {
    lab.write('/opt/deep/path', '/lib:/opt/lib\n');
    lab.symlink('/opt/path', 'deep/path');
    lab.symlink(file, '/opt/path');
  }),
  pathFile('behind a dangling link', (lab, file) => lab.symlink(file, '/nowhere')),
  pathFile('behind a loop of links', (lab, file) => lab.symlink(file, file)),
  pathFile('with a hard link', (lab, file) => {
    lab.write('/opt/path', '/lib:/opt/lib\n');
    lab.hardLink(file, '/opt/path');
  }),
];

/** Paths that ldconfig makes known, on a copy of its cache that holds for this root. */
function cached(name: string, change: (lab: Lab, file: string) => void): SearchWay {
  return {
    ...nothing,
    name: `by the cache ${name}`,
    folder: '/usr/local/lib/more',
    prepare(lab, file) {
      lab.write('/etc/ld.so.conf', '/usr/local/lib/more\n');
      execFileSync('/sbin/ldconfig', ['-r', lab.folder], { stdio: 'pipe' });
      change(lab, file);
    },
  };
}

const inGlibc: readonly SearchWay[] = [
  cached('', () => {}),
  cached('that is gone', (lab) => lab.remove('/etc/ld.so.cache')),
  cached('whose file is gone', (lab, file) => lab.remove(`/usr/local/lib/more/${file}`)),
  cached('that is cut', (lab) =>
    lab.write('/etc/ld.so.cache', lab.read('/etc/ld.so.cache').subarray(0, 60)),
  ),
  cached('of mode 0600', (lab) => lab.chmod('/etc/ld.so.cache', 0o600)),
  cached('behind a link', (lab) => {
    lab.write('/opt/cache', lab.read('/etc/ld.so.cache'));
    lab.symlink('/etc/ld.so.cache', '../opt/cache');
  }),
  cached('by a hard link', (lab) => {
    lab.write('/opt/cache', lab.read('/etc/ld.so.cache'));
    lab.hardLink('/etc/ld.so.cache', '/opt/cache');
  }),
  cached('that is a folder', (lab) => {
    lab.remove('/etc/ld.so.cache');
    lab.directory('/etc/ld.so.cache');
  }),
  { ...nothing, name: 'in the multiarch folder', folder: '/lib/x86_64-linux-gnu' },
  { ...nothing, name: 'in the multiarch folder of /usr', folder: '/usr/lib/x86_64-linux-gnu' },
  { ...nothing, name: 'in /usr/lib64', folder: '/usr/lib64' },
  {
    ...nothing,
    name: 'in glibc-hwcaps/x86-64-v2',
    folder: '/opt/lib/glibc-hwcaps/x86-64-v2',
    flags: run('/opt/lib'),
  },
  { ...nothing, name: 'in a folder tls', folder: '/opt/lib/tls', flags: run('/opt/lib') },
  { ...nothing, name: 'in a folder x86_64', folder: '/opt/lib/x86_64', flags: run('/opt/lib') },
  {
    ...nothing,
    name: 'by RUNPATH with -z nodefaultlib',
    folder: '/opt/lib',
    flags: [...run('/opt/lib:/lib/x86_64-linux-gnu'), '-Wl,-z,nodefaultlib'],
  },
  {
    ...nothing,
    name: 'by /etc/ld.so.preload behind a link',
    folder: '/opt/other',
    prepare: (lab) => {
      lab.write('/opt/preload', '/opt/other/liba.so\n');
      lab.symlink('/etc/ld.so.preload', '/opt/preload');
    },
  },
  {
    ...nothing,
    name: 'by /etc/ld.so.preload',
    folder: '/opt/other',
    prepare: (lab) => lab.write('/etc/ld.so.preload', '/opt/other/liba.so\n'),
  },
];

/** Of the ways one for the libc of a root. */
export function pickWay(random: Random, libc: LabRoot['libc']): SearchWay {
  const own = ownWays(libc);
  const chosen = random.oneIn(3) ? random.any(own) : random.any(inAnyLibc);
  if (chosen === undefined) throw new Error('there are no search ways');
  return chosen;
}

export function waysOf(libc: LabRoot['libc']): readonly SearchWay[] {
  return [...inAnyLibc, ...ownWays(libc)];
}

function ownWays(libc: LabRoot['libc']): readonly SearchWay[] {
  return libc === 'musl' ? inMusl : inGlibc;
}
