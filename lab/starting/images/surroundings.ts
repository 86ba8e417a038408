import type { Random } from '../../../fuzz/random.ts';
import type { ImageSettings } from './image-case.ts';
import type { Lab } from './lab.ts';
import { libcFor } from './root-libc.ts';

/** Where a program lies, by what name and by which user it is started, and what its environment holds. */
export interface Surroundings {
  /** Empty, or begins with a comma. */
  readonly name: string;
  readonly image: ImageSettings;
  readonly env: readonly string[];
  /** The name that is started, links resolved. */
  readonly program: string;
  install(lab: Lab, program: string): void;
}

const home = '/opt/app/program';

interface Part {
  readonly name: string;
  readonly image?: ImageSettings;
  readonly env?: readonly string[];
  readonly program?: string;
  apply?(lab: Lab): void;
}

const ordinary: Part = { name: '' };

const users: readonly [Part, ...Part[]] = [
  ordinary,
  { name: ', by user 1000', image: { user: '1000' } },
  { name: ', by user 1000:1000', image: { user: '1000:1000' } },
];

const directories: readonly [Part, ...Part[]] = [
  ordinary,
  { name: ', in /srv', image: { workingDir: '/srv' } },
  { name: ', in /opt', image: { workingDir: '/opt' } },
];

const names: readonly [Part, ...Part[]] = [
  {
    name: ', started through a link',
    image: { entrypoint: ['/usr/bin/app'] },
    apply: (lab) => lab.symlink('/usr/bin/app', home),
  },
  {
    name: ', started by its second name',
    image: { entrypoint: ['/usr/bin/app'] },
    program: '/usr/bin/app',
    apply: (lab) => lab.hardLink('/usr/bin/app', home),
  },
  {
    name: ', started by a word of PATH',
    image: { entrypoint: ['app'] },
    apply: (lab) => lab.symlink('/usr/bin/app', home),
  },
];

const modes: readonly [Part, ...Part[]] = [
  { name: ', mode 0700', apply: (lab) => lab.chmod(home, 0o700) },
  { name: ', mode 0711', apply: (lab) => lab.chmod(home, 0o711) },
  { name: ', mode 0644', apply: (lab) => lab.chmod(home, 0o644) },
  { name: ', setuid', apply: (lab) => lab.chmod(home, 0o4755) },
  { name: ', setgid', apply: (lab) => lab.chmod(home, 0o2755) },
  { name: ', in a folder of mode 0700', apply: (lab) => lab.chmod('/opt/app', 0o700) },
  { name: ', in a folder of mode 0711', apply: (lab) => lab.chmod('/opt/app', 0o711) },
];

const preload = (name: string, value: string, apply?: (lab: Lab) => void): Part => ({
  name: `, with LD_PRELOAD of ${name}`,
  env: [`LD_PRELOAD=${value}`],
  ...(apply === undefined ? {} : { apply }),
});

function addLibrary(source: string, path = '/usr/lib/libpre.so') {
  return (lab: Lab) => {
    const { machine } = lab.base;
    const libc = libcFor(lab.base);
    lab.install(lab.compile({ machine, libc, mode: 'lib', name: 'libpre.so', source }), path);
  };
}

const harmless = 'int harmless(void) { return 0; }';

const environments: readonly [Part, ...Part[]] = [
  preload('a library that is missing', '/usr/lib/libpre.so'),
  preload('a name that is missing', 'libpre.so'),
  preload('a library', '/usr/lib/libpre.so', addLibrary(harmless)),
  preload('a name', 'libpre.so', addLibrary(harmless)),
  preload('two libraries', '/nowhere.so:/usr/lib/libpre.so', addLibrary(harmless)),
  preload(
    'a library that needs a function nobody has',
    '/usr/lib/libpre.so',
    addLibrary('int nobody(void); int more(void) { return nobody(); }'),
  ),
  preload(
    'a library that points to a function nobody has',
    '/usr/lib/libpre.so',
    addLibrary('int nobody(void); int (*at)(void) = nobody;'),
  ),
  preload('a text', '/usr/lib/libpre.so', (lab) => lab.write('/usr/lib/libpre.so', 'text\n')),
  preload(
    'a library that has the function too',
    '/usr/lib/libpre.so',
    addLibrary('int a(void) { return 42; }'),
  ),
  { name: ', with LD_BIND_NOW', env: ['LD_BIND_NOW=1'] },
  { name: ', with LD_LIBRARY_PATH of /nowhere', env: ['LD_LIBRARY_PATH=/nowhere'] },
];

/** Most programs are started as most are: by root, by their path, from `/`. */
export function pickSurroundings(random: Random): Surroundings {
  return surroundingsOf([
    random.oneIn(3) ? random.pick(users) : ordinary,
    random.oneIn(4) ? random.pick(directories) : ordinary,
    random.oneIn(8) ? random.pick(names) : ordinary,
    random.oneIn(10) ? random.pick(modes) : ordinary,
    random.oneIn(7) ? random.pick(environments) : ordinary,
  ]);
}

function surroundingsOf(parts: readonly Part[]): Surroundings {
  const start: ImageSettings = { entrypoint: [home] };
  return {
    name: parts.map(({ name }) => name).join(''),
    image: Object.assign({}, start, ...parts.map((part) => part.image)),
    env: parts.flatMap(({ env = [] }) => env),
    program: parts.find(({ program }) => program !== undefined)?.program ?? home,
    install(lab, program) {
      lab.install(program, home);
      for (const part of parts) part.apply?.(lab);
    },
  };
}

/** Each part alone, the ordinary first; modes by root and by another user. */
export const allSurroundings: readonly [Surroundings, ...Surroundings[]] = [
  surroundingsOf([ordinary]),
  ...[...users.slice(1), ...directories.slice(1), ...names, ...modes, ...environments].map((part) =>
    surroundingsOf([part]),
  ),
  ...modes.map((mode) =>
    surroundingsOf([{ name: ', by user 1000', image: { user: '1000' } }, mode]),
  ),
];
