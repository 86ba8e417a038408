import type { StartingCase } from './starting-case.ts';
import type { Workshop } from './workshop.ts';

/** A program and the library that it needs, put to `path`. */
function withLibrary(path: string, flags: readonly string[] = [], program = '/program') {
  return (workshop: Workshop) => {
    const library = workshop.library('musl', 'libx.so');
    workshop.install(library, path);
    workshop.install(workshop.program('musl', { with: [library], flags }), program);
  };
}

const pathFile = (text: string, path: string) => (workshop: Workshop) => {
  withLibrary(path)(workshop);
  workshop.write('/etc/ld-musl-x86_64.path', text);
};

const runPath = (path: string) => `-Wl,--enable-new-dtags,-rpath,${path}`;
const oldRunPath = (path: string) => `-Wl,--disable-new-dtags,-rpath,${path}`;

/** Program (RUNPATH) -> liba -> libb. */
function chain(programFlags: readonly string[], flagsOfA: readonly string[], placeOfB: string) {
  return (workshop: Workshop) => {
    const b = workshop.library('musl', 'libb.so', { source: 'int inner(void) { return 42; }' });
    const source = 'int inner(void); int answer(void) { return inner(); }';
    const a = workshop.library('musl', 'liba.so', { source, with: [b], flags: flagsOfA });
    workshop.install(b, placeOfB);
    workshop.install(a, '/opt/lib/liba.so');
    workshop.install(workshop.program('musl', { with: [a], flags: programFlags }), '/program');
  };
}

/** Where musl looks for libraries. */
export const muslSearchCases: readonly StartingCase[] = [
  {
    name: 'a program that needs nothing but musl',
    base: 'musl',
    ends: 'starts',
    make: (workshop) => workshop.install(workshop.program('musl'), '/program'),
  },
  { name: 'a library in /lib', base: 'musl', ends: 'starts', make: withLibrary('/lib/libx.so') },
  {
    name: 'a library in /usr/local/lib',
    base: 'musl',
    ends: 'starts',
    make: withLibrary('/usr/local/lib/libx.so'),
  },
  {
    name: 'a library in /lib64, where musl does not look',
    base: 'musl',
    ends: 'dies at start',
    make: withLibrary('/lib64/libx.so'),
  },
  {
    name: 'a library that is nowhere',
    base: 'musl',
    ends: 'dies at start',
    make: (workshop) => {
      const library = workshop.library('musl', 'libx.so');
      workshop.install(workshop.program('musl', { with: [library] }), '/program');
    },
  },
  {
    name: 'a path file with lines',
    base: 'musl',
    ends: 'starts',
    make: pathFile('/nowhere\n/opt/lib\n', '/opt/lib/libx.so'),
  },
  {
    name: 'a path file with colons',
    base: 'musl',
    ends: 'starts',
    make: pathFile('/nowhere::/opt/lib:/lib', '/opt/lib/libx.so'),
  },
  {
    name: 'a path file replaces the default',
    base: 'musl',
    ends: 'dies at start',
    make: pathFile('/opt/lib\n', '/usr/lib/libx.so'),
  },
  {
    name: 'an empty path file leaves no directory',
    base: 'musl',
    ends: 'dies at start',
    make: pathFile('', '/lib/libx.so'),
  },
  {
    name: 'a path file behind two links',
    base: 'musl',
    ends: 'starts',
    make: (workshop) => {
      withLibrary('/opt/lib/libx.so')(workshop);
      workshop.write('/usr/share/musl/path', '/nowhere:/opt/lib\n');
      workshop.link('/etc/musl', '/usr/share/musl');
      workshop.link('/etc/ld-musl-x86_64.path', 'musl/path');
    },
  },
  {
    name: 'a path file that is a folder leaves no directory',
    base: 'musl',
    ends: 'dies at start',
    make: (workshop) => {
      withLibrary('/lib/libx.so')(workshop);
      workshop.write('/etc/ld-musl-x86_64.path/file', '/lib');
    },
  },
  {
    name: 'a path file that is a loop of links leaves no directory',
    base: 'musl',
    ends: 'dies at start',
    make: (workshop) => {
      withLibrary('/lib/libx.so')(workshop);
      workshop.link('/etc/ld-musl-x86_64.path', 'ld-musl-x86_64.path');
    },
  },
  {
    name: 'a path file behind a link that leads nowhere is none',
    base: 'musl',
    ends: 'starts',
    make: (workshop) => {
      withLibrary('/lib/libx.so')(workshop);
      workshop.link('/etc/ld-musl-x86_64.path', 'nowhere');
    },
  },
  {
    name: 'DT_RPATH',
    base: 'musl',
    ends: 'starts',
    make: withLibrary('/opt/lib/libx.so', [oldRunPath('/opt/lib')]),
  },
  {
    name: '$ORIGIN in DT_RUNPATH',
    base: 'musl',
    ends: 'starts',
    program: '/opt/app/bin/program',
    make: withLibrary('/opt/app/lib/libx.so', [runPath('$ORIGIN/../lib')], '/opt/app/bin/program'),
  },
  {
    name: `\${ORIGIN} alone in the root's own directory`,
    base: 'musl',
    ends: 'starts',
    program: '/opt/program',
    make: withLibrary('/opt/libx.so', [runPath(`\${ORIGIN}`)], '/opt/program'),
  },
  {
    name: 'a token that musl does not know voids the whole run path',
    base: 'musl',
    ends: 'dies at start',
    program: '/opt/program',
    make: withLibrary('/opt/libx.so', [runPath('/opt:/opt/$LIB')], '/opt/program'),
  },
  {
    name: 'empty elements are passed over',
    base: 'musl',
    ends: 'starts',
    make: withLibrary('/opt/lib/libx.so', [runPath('::/opt/lib:')]),
  },
  {
    name: 'DT_RUNPATH is inherited along the chain',
    base: 'musl',
    ends: 'starts',
    make: chain([runPath('/opt/lib')], [], '/opt/lib/libb.so'),
  },
  {
    name: "a library's run path does not serve its program",
    base: 'musl',
    ends: 'dies at start',
    make: chain([], [runPath('/opt/lib')], '/opt/lib/libb.so'),
  },
  {
    name: '$ORIGIN of a setuid program is void',
    base: 'musl',
    ends: 'dies at start',
    program: '/opt/program',
    needsRoot: true,
    make: (workshop) => {
      const library = workshop.library('musl', 'libx.so');
      workshop.install(library, '/opt/libx.so');
      const program = workshop.program('musl', { with: [library], flags: [runPath('$ORIGIN')] });
      workshop.install(program, '/opt/program', 0o4755);
    },
  },
  {
    name: "$ORIGIN of a setuid program's library counts",
    base: 'musl',
    ends: 'starts',
    needsRoot: true,
    make: (workshop) => {
      const b = workshop.library('musl', 'libb.so', { source: 'int inner(void) { return 42; }' });
      const a = workshop.library('musl', 'liba.so', {
        source: 'int inner(void); int answer(void) { return inner(); }',
        with: [b],
        flags: [runPath('$ORIGIN/more')],
      });
      workshop.install(a, '/lib/liba.so');
      workshop.install(b, '/lib/more/libb.so');
      workshop.install(workshop.program('musl', { with: [a] }), '/program', 0o4755);
    },
  },
  {
    name: 'a nested farm of links: $ORIGIN is the directory of the link',
    base: 'musl',
    ends: 'starts',
    make: (workshop) => {
      const b = workshop.library('musl', 'libb.so.1', { source: 'int inner(void) { return 42; }' });
      const a = workshop.library('musl', 'liba.so.1', {
        source: 'int inner(void); int answer(void) { return inner(); }',
        with: [b],
        flags: [runPath('$ORIGIN/deps')],
      });
      workshop.install(a, '/store/a/1.0/liba.so.1.0');
      workshop.install(b, '/store/b/2.0/libb.so.1.2');
      workshop.link('/farm/lib', '../profile/current');
      workshop.link('/profile/current', 'generation-3');
      workshop.link('/profile/generation-3/liba.so.1', '../../store/a/1.0/liba.so.1.0');
      workshop.link('/profile/generation-3/deps', '/profile/deps-3');
      workshop.link('/profile/deps-3/libb.so.1', '/store/b/2.0/libb.so.1.2');
      const program = workshop.program('musl', { with: [a], flags: [runPath('/farm/lib')] });
      workshop.install(program, '/program');
    },
  },
  {
    name: "a farm of links: the directory of the link's target does not count",
    base: 'musl',
    ends: 'dies at start',
    make: (workshop) => {
      const b = workshop.library('musl', 'libb.so', { source: 'int inner(void) { return 42; }' });
      const source = 'int inner(void); int answer(void) { return inner(); }';
      const flags = [runPath('$ORIGIN')];
      const a = workshop.library('musl', 'liba.so', { source, with: [b], flags });
      workshop.install(a, '/store/liba.so');
      workshop.install(b, '/store/libb.so');
      workshop.link('/lib/liba.so', '/store/liba.so');
      workshop.install(workshop.program('musl', { with: [a] }), '/program');
    },
  },
];
