import type { Workshop } from '../starting/workshop.ts';
import { entryOf } from './hosts.ts';
import type { OpeningCase, OpeningFate } from './opening-case.ts';

type Host = OpeningCase['host'];
type Libc = OpeningCase['libc'];

const places: Readonly<Record<Host, string>> = {
  'python3.11': '/usr/lib/python3/dist-packages/fast.abi3.so',
  node: '/app/node_modules/fast/fast.node',
  nginx: '/usr/lib/nginx/modules/ngx_fast.so',
  login: '/lib/security/pam_fast.so',
};

/** What the host itself gives to its plugin. */
const given: Readonly<Record<Host, string>> = {
  'python3.11': 'PyModule_Create2',
  node: 'napi_create_object',
  nginx: 'ngx_log_error',
  login: 'getpid',
};

interface Plugin {
  readonly body: string;
  readonly before?: string;
  readonly flags?: readonly string[];
  /** Libraries that it needs: where each is installed; null: nowhere. */
  readonly needs?: Readonly<Record<string, string | null>>;
}

const answer = 'int answer(void) { return 42; }';

function install(workshop: Workshop, libc: Libc, host: Host, plugin: Plugin): void {
  const needed = Object.entries(plugin.needs ?? {}).map(([name, place]) => {
    const file = workshop.library(libc, name, { source: answer });
    if (place !== null) workshop.install(file, place);
    return file;
  });
  const source = entryOf(host, plugin.body, plugin.before);
  const made = { source, with: needed, flags: plugin.flags ?? [] };
  workshop.install(workshop.library(libc, 'plugin.so', made), places[host]);
}

function opening(
  libc: Libc,
  host: Host,
  ends: OpeningFate,
  name: string,
  plugin: Plugin,
  hostFlags?: OpeningCase['hostFlags'],
): OpeningCase {
  const path = places[host];
  const make = (workshop: Workshop) => install(workshop, libc, host, plugin);
  const base = { name: `${host} on ${libc}: ${name}`, libc, host, ends, path, make };
  return hostFlags === undefined ? base : { ...base, hostFlags };
}

const callsAnswer = { before: 'int answer(void);', body: 'return answer();' };
const callsLost = { before: 'int lost(void);', body: 'return lost();', flags: ['-Wl,-z,lazy'] };
const readsLost = { before: 'extern int lost;', body: 'return lost;', flags: ['-Wl,-z,lazy'] };

/** The same on both libcs. */
function onEach(libc: Libc): readonly OpeningCase[] {
  const nowhere = { ...callsAnswer, needs: { 'libx.so': null } };
  const withLibrary = {
    ...callsAnswer,
    needs: { 'libx.so': '/opt/lib/libx.so' },
    flags: ['-Wl,--enable-new-dtags,-rpath,/opt/lib'],
  };
  return [
    ...(['python3.11', 'node', 'nginx', 'login'] as const).flatMap((host) => [
      opening(libc, host, 'loads', 'its names come from the host', {
        before: `int ${given[host]}(void);`,
        body: `return ${given[host]}() ? 42 : 1;`,
      }),
      opening(libc, host, 'cannot be loaded', 'a library is nowhere', nowhere),
      opening(libc, host, 'loads', 'a library in its own run path', withLibrary),
      opening(libc, host, 'loads', 'a weak name of no one', {
        before: 'int lost(void) __attribute__((weak));',
        body: 'return lost ? lost() : 42;',
      }),
    ]),
    ...(['python3.11', 'nginx', 'login'] as const).flatMap((host) => [
      opening(libc, host, 'cannot be loaded', 'a function of no one, bound at once', callsLost),
      opening(libc, host, 'cannot be loaded', 'a variable of no one, bound at once', readsLost),
    ]),
    opening(
      libc,
      'node',
      'dies at the first call',
      'a function of no one, bound lazily',
      callsLost,
    ),
    opening(libc, 'node', 'cannot be loaded', 'a function of no one and -z now', {
      ...callsLost,
      flags: ['-Wl,-z,now'],
    }),
    opening(
      libc,
      'python3.11',
      'loads',
      'a library that the host has loaded and that is in no search path',
      { ...callsAnswer, needs: { 'libx.so': '/opt/lib/libx.so' } },
      (workshop) => needsToo(workshop, libc),
    ),
    opening(
      libc,
      'node',
      'loads',
      'the DT_RPATH of the host counts for its plugin',
      { ...callsAnswer, needs: { 'libx.so': '/opt/lib/libx.so' } },
      () => ['-Wl,--disable-new-dtags,-rpath,/opt/lib'],
    ),
  ];
}

/** DT_RUNPATH of the host, which glibc does not follow for the plugin. */
function needsToo(workshop: Workshop, libc: Libc): readonly string[] {
  const library = workshop.library(libc, 'libx.so', { source: answer });
  return ['-Wl,--no-as-needed', library, '-Wl,--enable-new-dtags,-rpath,/opt/lib'];
}

/** Where the two libcs differ. */
const apart: readonly OpeningCase[] = [
  opening('glibc', 'node', 'cannot be loaded', 'a variable of no one, opened lazily', readsLost),
  opening(
    'musl',
    'node',
    'dies at the first call',
    'a variable of no one, opened lazily',
    readsLost,
  ),
  opening('glibc', 'node', 'cannot be loaded', 'a function that is called without the PLT', {
    ...callsLost,
    flags: ['-fno-plt', '-Wl,-z,lazy'],
  }),
  opening('musl', 'node', 'dies at the first call', 'a function that is called without the PLT', {
    ...callsLost,
    flags: ['-fno-plt', '-Wl,-z,lazy'],
  }),
  opening(
    'musl',
    'node',
    'loads',
    'the DT_RUNPATH of the host counts',
    {
      ...callsAnswer,
      needs: { 'libx.so': '/opt/lib/libx.so' },
    },
    () => ['-Wl,--enable-new-dtags,-rpath,/opt/lib'],
  ),
];

export const openingCases: readonly OpeningCase[] = [
  ...onEach('musl'),
  ...onEach('glibc'),
  ...apart,
];
