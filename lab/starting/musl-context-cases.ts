import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { StartingCase } from './starting-case.ts';
import type { Workshop } from './workshop.ts';

const needsMore = 'int nowhere(void); int answer(void) { return nowhere(); }';

/** A program that needs libx.so, which lies at `path`. */
function needsX(workshop: Workshop, path: string, flags: readonly string[] = [], mode = 0o755) {
  const library = workshop.library('musl', 'libx.so');
  workshop.install(library, path, mode);
  workshop.install(workshop.program('musl', { with: [library], flags }), '/program');
}

/** A program that calls `answer`, which none of its needs has: it was linked with a stand-in for a part of libc. */
function calling(workshop: Workshop, flags: readonly string[] = []): string {
  const library = workshop.library('musl', 'libdl.so');
  return workshop.program('musl', { with: [library], flags });
}

const relativeRunPath = ['-Wl,-rpath,lib'];

function directory(workshop: Workshop, path: string, mode: number) {
  mkdirSync(join(workshop.root, path), { recursive: true });
  chmodSync(join(workshop.root, path), mode);
}

const another = { user: '1000:1000' };

/** What surrounds the start of a program under musl: the environment, the working directory and the user. */
export const muslContextCases: readonly StartingCase[] = [
  {
    name: 'LD_LIBRARY_PATH leads to the library',
    base: 'musl',
    ends: 'starts',
    context: { environment: ['LD_LIBRARY_PATH=/nowhere:/srv/lib'] },
    make: (workshop) => needsX(workshop, '/srv/lib/libx.so'),
  },
  {
    name: 'LD_LIBRARY_PATH that is relative counts from the working directory',
    base: 'musl',
    ends: 'starts',
    context: { environment: ['LD_LIBRARY_PATH=lib'], workingDirectory: '/srv' },
    make: (workshop) => needsX(workshop, '/srv/lib/libx.so'),
  },
  {
    name: 'LD_LIBRARY_PATH that is relative misses the library from another working directory',
    base: 'musl',
    ends: 'dies at start',
    context: { environment: ['LD_LIBRARY_PATH=.:lib'], workingDirectory: '/opt' },
    make: (workshop) => needsX(workshop, '/srv/lib/libx.so'),
  },
  {
    name: 'a relative run path counts from the working directory',
    base: 'musl',
    ends: 'starts',
    context: { workingDirectory: '/srv' },
    make: (workshop) => needsX(workshop, '/srv/lib/libx.so', relativeRunPath),
  },
  {
    name: 'a relative run path misses the library from the top',
    base: 'musl',
    ends: 'dies at start',
    context: {},
    make: (workshop) => needsX(workshop, '/srv/lib/libx.so', relativeRunPath),
  },
  {
    name: 'a relative directory before the right one holds what is not a library',
    base: 'musl',
    ends: 'dies at start',
    context: { environment: ['LD_LIBRARY_PATH=.'], workingDirectory: '/srv' },
    make: (workshop) => {
      needsX(workshop, '/lib/libx.so');
      workshop.write('/srv/libx.so', 'text');
    },
  },
  {
    name: 'LD_PRELOAD brings the symbol that nothing else has',
    base: 'musl',
    ends: 'starts',
    context: { environment: ['LD_PRELOAD=/srv/libx.so'] },
    make: (workshop) => {
      workshop.install(calling(workshop), '/program');
      workshop.install(workshop.library('musl', 'libx.so'), '/srv/libx.so');
    },
  },
  {
    name: 'LD_PRELOAD without a slash is searched for, after a name that is nowhere',
    base: 'musl',
    ends: 'starts',
    context: { environment: ['LD_PRELOAD=libnowhere.so\tlibx.so'] },
    make: (workshop) => {
      workshop.install(calling(workshop), '/program');
      workshop.install(workshop.library('musl', 'libx.so'), '/usr/local/lib/libx.so');
    },
  },
  {
    name: "LD_PRELOAD is not searched for in the program's run path",
    base: 'musl',
    ends: 'dies at start',
    context: { environment: ['LD_PRELOAD=libx.so'] },
    make: (workshop) => {
      workshop.install(calling(workshop, ['-Wl,-rpath,/srv']), '/program');
      workshop.install(workshop.library('musl', 'libx.so'), '/srv/libx.so');
    },
  },
  {
    name: 'LD_PRELOAD of a file that is nowhere is passed over',
    base: 'musl',
    ends: 'starts',
    context: { environment: ['LD_PRELOAD=/srv/libnowhere.so'] },
    make: (workshop) => needsX(workshop, '/lib/libx.so'),
  },
  {
    name: 'LD_PRELOAD of a text is passed over',
    base: 'musl',
    ends: 'starts',
    context: { environment: ['LD_PRELOAD=/srv/text:/srv'] },
    make: (workshop) => {
      needsX(workshop, '/lib/libx.so');
      workshop.write('/srv/text', 'text');
    },
  },
  {
    name: 'LD_PRELOAD that needs a symbol which nothing has',
    base: 'musl',
    ends: 'dies at start',
    context: { environment: ['LD_PRELOAD=/srv/liby.so'] },
    make: (workshop) => {
      needsX(workshop, '/lib/libx.so');
      const library = workshop.library('musl', 'liby.so', { source: needsMore });
      workshop.install(library, '/srv/liby.so');
    },
  },
  {
    name: 'LD_PRELOAD that needs a library which is nowhere',
    base: 'musl',
    ends: 'dies at start',
    context: { environment: ['LD_PRELOAD=/srv/liby.so'] },
    make: (workshop) => {
      needsX(workshop, '/lib/libx.so');
      const missing = workshop.library('musl', 'libz.so', { source: 'int z(void) { return 0; }' });
      const library = workshop.library('musl', 'liby.so', { with: [missing] });
      workshop.install(library, '/srv/liby.so');
    },
  },
  {
    name: 'LD_PRELOAD does not reach a setuid program',
    base: 'musl',
    ends: 'dies at start',
    needsRoot: true,
    context: { environment: ['LD_PRELOAD=/srv/libx.so'], ...another },
    make: (workshop) => {
      workshop.install(calling(workshop), '/program', 0o4755);
      workshop.install(workshop.library('musl', 'libx.so'), '/srv/libx.so');
    },
  },
  {
    name: 'a setuid program that its owner starts is a program as any other',
    base: 'musl',
    ends: 'starts',
    needsRoot: true,
    context: { environment: ['LD_PRELOAD=/srv/libx.so'] },
    make: (workshop) => {
      workshop.install(calling(workshop), '/program', 0o4755);
      workshop.install(workshop.library('musl', 'libx.so'), '/srv/libx.so');
    },
  },
  {
    name: 'a library that the user may not read is passed over',
    base: 'musl',
    ends: 'dies at start',
    context: another,
    make: (workshop) => needsX(workshop, '/lib/libx.so', [], 0o600),
  },
  {
    name: 'a library that only root may read, started by root',
    base: 'musl',
    ends: 'starts',
    needsRoot: true,
    context: {},
    make: (workshop) => needsX(workshop, '/lib/libx.so', [], 0o600),
  },
  {
    name: 'a library that the user may not read, and the same in a later directory',
    base: 'musl',
    ends: 'starts',
    context: another,
    make: (workshop) => {
      needsX(workshop, '/usr/lib/libx.so');
      workshop.install(workshop.library('musl', 'libx.so'), '/lib/libx.so', 0o600);
    },
  },
  {
    name: 'a library in a folder that the user may not pass',
    base: 'musl',
    ends: 'dies at start',
    context: another,
    make: (workshop) => {
      needsX(workshop, '/srv/closed/lib/libx.so', ['-Wl,-rpath,/srv/closed/lib']);
      directory(workshop, '/srv/closed', 0o700);
    },
  },
  {
    name: 'a link through a folder that the user may not pass',
    base: 'musl',
    ends: 'dies at start',
    context: another,
    make: (workshop) => {
      needsX(workshop, '/srv/closed/libx.so');
      workshop.link('/usr/lib/libx.so', '../../srv/closed/libx.so');
      directory(workshop, '/srv/closed', 0o700);
    },
  },
  {
    name: 'a library that the user may read though not list its folder',
    base: 'musl',
    ends: 'starts',
    context: another,
    make: (workshop) => {
      needsX(workshop, '/srv/dark/libx.so', ['-Wl,-rpath,/srv/dark']);
      directory(workshop, '/srv/dark', 0o711);
    },
  },
  {
    name: 'a library that is not executable',
    base: 'musl',
    ends: 'starts',
    context: another,
    make: (workshop) => needsX(workshop, '/lib/libx.so', [], 0o444),
  },
  {
    name: 'LD_PRELOAD of a library that the user may not read is passed over',
    base: 'musl',
    ends: 'starts',
    context: { environment: ['LD_PRELOAD=/srv/liby.so'], ...another },
    make: (workshop) => {
      needsX(workshop, '/lib/libx.so');
      const library = workshop.library('musl', 'liby.so', { source: needsMore });
      workshop.install(library, '/srv/liby.so', 0o600);
    },
  },
  {
    name: 'a loop of links earlier in the search path ends the search',
    base: 'musl',
    ends: 'dies at start',
    make: (workshop) => {
      needsX(workshop, '/usr/lib/libx.so');
      workshop.link('/lib/libx.so', 'libx.so');
    },
  },
  {
    name: 'a path file that the user may not read leaves no directory',
    base: 'musl',
    ends: 'dies at start',
    context: another,
    make: (workshop) => {
      needsX(workshop, '/lib/libx.so');
      workshop.write('/etc/ld-musl-x86_64.path', '/lib');
      chmodSync(join(workshop.root, '/etc/ld-musl-x86_64.path'), 0o600);
    },
  },
  {
    name: 'a link that leads nowhere earlier in the search path is passed over',
    base: 'musl',
    ends: 'starts',
    make: (workshop) => {
      needsX(workshop, '/usr/lib/libx.so');
      workshop.link('/lib/libx.so', 'nowhere.so');
    },
  },
];
