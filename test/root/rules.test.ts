import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DF_1, DT, EM, ET, PF, PT } from '../../src/elf/constants.ts';
import type { JudgedVerdict } from '../../src/report.ts';
import { findBinaries } from '../../src/root/binaries.ts';
import { findRootFacts } from '../../src/root/root-facts.ts';
import { rootTarget } from '../../src/sources/root-target.ts';
import type { ImageConfig } from '../../src/sources/source.ts';
import { libcDescription } from '../support/libc-description.ts';
import { atPageEnd } from '../support/relro-elf.ts';
import { buildRoot, directory, elf, linkTo, type Things, text } from '../support/root-builder.ts';
import { factsIn, verdictIn } from '../support/verdict-in-root.ts';
import { configOf } from './exposure/config-of.ts';
import {
  glibcLoader,
  glibcPath,
  library,
  muslLoader,
  muslPath,
  program,
} from './loader/processes.ts';

/** Verdicts that need a root filesystem around the file. */
interface RootCase {
  readonly rule: string;
  readonly name: string;
  readonly things: Things;
  readonly path?: string;
  readonly config?: ImageConfig;
  readonly outcome: JudgedVerdict['outcome'];
  readonly severity?: JudgedVerdict['severity'];
  readonly says: RegExp;
}

const app = '/bin/app';
const musl = { [muslPath]: muslLoader(['write']) };
const glibc = { [glibcPath]: glibcLoader(['/lib', '/usr/lib']) };
const muslLibc = 'libc.musl-x86_64.so.1';
const glibcLibc = library('libc.so.6', { exports: ['write@GLIBC_2.2.5'] });
const gcompat = {
  ...musl,
  [glibcPath]: elf({ type: ET.EXEC, isDynamic: false }),
  '/lib/libgcompat.so.0': library('libgcompat.so.0', { exports: ['__printf_chk'] }),
};

const constructors = [DT.INIT_ARRAY, 0x1000] as const;

const cases: readonly RootCase[] = [
  {
    rule: 'loadable',
    name: 'all is there',
    things: { ...musl, [app]: program('musl', { needed: [muslLibc], calls: ['write'] }) },
    outcome: 'pass',
    says: /finds all it needs: 0 libraries/,
  },
  {
    rule: 'loadable',
    name: 'the loader is missing',
    things: { ...musl, [app]: program('glibc', { needed: ['libc.so.6'] }) },
    outcome: 'fail',
    says: /its loader \/lib64\/ld-linux-x86-64\.so\.2 is missing/,
  },
  {
    rule: 'loadable',
    name: 'the program is for another machine',
    things: {
      ...musl,
      [app]: elf({ interpreter: '/lib/ld-musl-aarch64.so.1', machine: EM.AARCH64 }),
    },
    outcome: 'fail',
    says: /is for aarch64, and the root has no loader for that machine/,
  },
  {
    rule: 'loadable',
    name: 'nobody may execute it',
    things: { [app]: program('glibc', {}, { mode: 0o644 }) },
    outcome: 'not-applicable',
    says: /nobody may execute it/,
  },
  {
    rule: 'loadable',
    name: 'a version is missing',
    things: {
      ...glibc,
      '/lib/libc.so.6': glibcLibc,
      [app]: program('glibc', { needed: ['libc.so.6'], imports: ['write@GLIBC_2.99'] }),
    },
    outcome: 'fail',
    says: /libc\.so\.6 here has no version GLIBC_2\.99, which \/bin\/app needs/,
  },
  {
    rule: 'loadable',
    name: 'a function is missing when it is called',
    things: {
      ...glibc,
      '/lib/libc.so.6': glibcLibc,
      [app]: program('glibc', { needed: ['libc.so.6'], calls: ['read'] }),
    },
    outcome: 'fail',
    severity: 'medium',
    says: /it starts, and dies at the first call: nothing defines read/,
  },
  {
    rule: 'loadable',
    name: "Android's loader is not modelled",
    things: {
      '/system/bin/linker64': elf({ soname: 'ld-android.so', entry: 0x1000 }),
      [app]: elf({ interpreter: '/system/bin/linker64', needed: ['libc.so'] }, { mode: 0o755 }),
    },
    outcome: 'unknown',
    says: /search rules of its loader \/system\/bin\/linker64 are not known/,
  },
  {
    rule: 'loadable',
    name: 'a hard link of a program with $ORIGIN lies where its libraries are not',
    things: {
      ...musl,
      '/opt/lib/libx.so': library('libx.so'),
      '/opt/bin/app': program('musl', { needed: ['libx.so', muslLibc], runpath: '$ORIGIN/../lib' }),
      '/srv/app': { type: 'hardlink', linkTarget: '/opt/bin/app' },
    },
    path: '/opt/bin/app',
    outcome: 'fail',
    severity: 'medium',
    says: /libx\.so, needed by \/srv\/app, is in \/opt\/lib, where its loader does not look/,
  },
  {
    rule: 'loadable',
    name: 'one library lies where a wrapper may lead to it, and another one nowhere',
    things: {
      ...musl,
      '/opt/lib/libx.so': library('libx.so'),
      [app]: program('musl', { needed: ['liby.so', 'libx.so', muslLibc] }),
    },
    outcome: 'fail',
    severity: 'high',
    says: /it will not start: liby\.so, needed by \/bin\/app, is not found/,
  },
  {
    rule: 'loadable',
    name: 'a library for another machine is of no use to a wrapper',
    things: {
      ...musl,
      '/opt/lib/libx.so': elf({ soname: 'libx.so', machine: EM.AARCH64 }),
      [app]: program('musl', { needed: ['libx.so', muslLibc] }),
    },
    outcome: 'fail',
    severity: 'high',
    says: /libx\.so, needed by \/bin\/app, is not found/,
  },
  {
    rule: 'safe-run-path',
    name: 'musl passes over a run path with a word that it does not know, relative or not',
    things: {
      ...musl,
      [app]: program('musl', { needed: [muslLibc], runpath: '/tmp:$LIB/app' }),
    },
    outcome: 'pass',
    says: /musl passes over the whole run path for "\$LIB\/app"/,
  },
  {
    rule: 'safe-run-path',
    name: "a loader of glibc under musl's name takes every element",
    things: {
      [muslPath]: glibcLoader(['/lib']),
      '/lib/libc.so.6': glibcLibc,
      [app]: program('musl', { needed: ['libc.so.6'], runpath: '/tmp/evil:/x/$LIB' }),
    },
    outcome: 'fail',
    says: /\/tmp\/evil is in the run path/,
  },
  {
    rule: 'safe-run-path',
    name: 'a library that looks like one of musl is read by the glibc of its process',
    things: {
      ...glibc,
      '/lib/libc.so.6': glibcLibc,
      [app]: library('libx.so', { needed: [muslLibc], runpath: '/tmp/evil:/x/$LIB' }),
    },
    outcome: 'fail',
    says: /\/tmp\/evil is in the run path/,
  },
  {
    rule: 'safe-run-path',
    name: 'glibc takes the same path from the working directory',
    things: {
      ...glibc,
      '/lib/libc.so.6': glibcLibc,
      [app]: program('glibc', { needed: ['libc.so.6'], runpath: '$LIB/app' }),
    },
    outcome: 'fail',
    says: /the directory from which the program is started/,
  },
  {
    rule: 'one-libc',
    name: 'a missing library is a finding of one rule',
    things: { ...musl, [app]: program('musl', { needed: ['libx.so', muslLibc] }) },
    outcome: 'not-applicable',
    says: /some of its libraries are missing/,
  },
  {
    rule: 'one-libc',
    name: 'a missing loader is a finding of one rule',
    things: { [app]: program('musl', { needed: [muslLibc] }) },
    outcome: 'not-applicable',
    says: /it does not start here/,
  },
  {
    rule: 'loadable',
    name: 'LD_PRELOAD of the image can stop every program',
    things: {
      ...musl,
      '/opt/pre.so': library('pre.so', { imports: ['gnu_get_libc_version'] }),
      [app]: program('musl', { needed: [muslLibc], calls: ['write'] }),
    },
    config: configOf({ env: ['LD_PRELOAD=/opt/pre.so'] }),
    outcome: 'fail',
    says: /nothing defines gnu_get_libc_version, needed by \/opt\/pre\.so/,
  },
  {
    rule: 'loadable',
    name: 'the user of the image may not read a library',
    things: {
      ...musl,
      '/lib/libx.so': library('libx.so', {}, { mode: 0o600 }),
      [app]: program('musl', { needed: ['libx.so', muslLibc] }),
    },
    config: configOf({ user: '1000' }),
    outcome: 'fail',
    says: /libx\.so, needed by \/bin\/app, is not found \(user 1000 may not read \/lib\/libx\.so\)/,
  },
  {
    rule: 'loadable',
    name: 'a relative run path counts from the working directory of the image',
    things: {
      ...musl,
      '/srv/lib/libx.so': library('libx.so'),
      [app]: program('musl', { needed: ['libx.so', muslLibc], runpath: 'lib' }),
    },
    config: configOf({ workingDirectory: '/srv' }),
    outcome: 'pass',
    says: /finds all it needs: 1 library/,
  },
  {
    rule: 'loadable',
    name: 'LD_LIBRARY_PATH of the image counts',
    things: {
      ...musl,
      '/opt/lib/libx.so': library('libx.so'),
      [app]: program('musl', { needed: ['libx.so', muslLibc] }),
    },
    config: configOf({ env: ['LD_LIBRARY_PATH=/opt/lib'] }),
    outcome: 'pass',
    says: /1 library/,
  },
  {
    rule: 'loadable',
    name: 'a plugin is judged with its host',
    things: { ...musl, [app]: library('plugin.so', { imports: ['PyLong_Type'] }) },
    outcome: 'not-applicable',
    says: /judged with the programs that load it/,
  },
  {
    rule: 'musl-linkage',
    name: 'a glibc program in a musl root',
    things: { ...musl, [app]: program('glibc', { needed: ['libc.so.6'] }) },
    outcome: 'fail',
    says: /is missing, the libc here is musl \(\/lib\/ld-musl-x86_64\.so\.1\)/,
  },
  {
    rule: 'musl-linkage',
    name: 'a musl program in a glibc root',
    things: { ...glibc, [app]: program('musl', { needed: [muslLibc] }) },
    outcome: 'fail',
    says: /the libc here is glibc/,
  },
  {
    rule: 'musl-linkage',
    name: 'libc6-compat: a link to musl, and a symbol that musl lacks',
    things: {
      ...musl,
      [glibcPath]: linkTo('../lib/ld-musl-x86_64.so.1'),
      [app]: program('glibc', { needed: ['libc.so.6'], calls: ['__printf_chk'] }),
    },
    outcome: 'fail',
    says: /\(musl\) does not define __printf_chk/,
  },
  {
    rule: 'musl-linkage',
    name: 'gcompat has the symbol',
    things: {
      ...gcompat,
      [app]: program('glibc', { needed: ['libc.so.6'], calls: ['__printf_chk'] }),
    },
    outcome: 'pass',
    says: /with gcompat has all that it asks for/,
  },
  {
    rule: 'musl-linkage',
    name: 'gcompat lacks the symbol',
    things: {
      ...gcompat,
      [app]: program('glibc', { needed: ['libc.so.6'], calls: ['__printf_chk', '__read_chk'] }),
    },
    outcome: 'fail',
    says: /with gcompat does not define __read_chk/,
  },
  {
    rule: 'musl-linkage',
    name: "another machine's libc, which can be run to tell its version",
    things: {
      ...musl,
      [app]: elf(
        libcDescription(
          {
            soname: 'libc.so.6',
            interpreter: '/lib/ld-linux-aarch64.so.1',
            machine: EM.AARCH64,
          },
          ['gnu_get_libc_version'],
        ),
      ),
    },
    outcome: 'not-applicable',
    says: /this file is glibc itself/,
  },
  {
    rule: 'one-libc',
    name: 'a second libc comes along',
    things: {
      ...glibc,
      '/lib/libc.so.6': glibcLibc,
      '/lib/libc.musl-x86_64.so.1': elf(libcDescription({ soname: muslLibc }, ['_dl_debug_addr'])),
      [app]: program('glibc', { needed: ['libc.so.6', muslLibc] }),
    },
    outcome: 'fail',
    severity: 'high',
    says: /loads a second libc, \/lib\/libc\.musl-x86_64\.so\.1 \(musl\)/,
  },
  {
    rule: 'one-libc',
    name: 'a library of the other libc',
    things: {
      ...musl,
      '/lib/libx.so': library('libx.so', { needed: ['libc.so.6'] }),
      [app]: program('musl', { needed: ['libx.so', muslLibc] }),
    },
    outcome: 'fail',
    says: /loads \/lib\/libx\.so, which is built for glibc/,
  },
  {
    rule: 'not-writable',
    name: 'a directory above it is open',
    things: { '/bin': directory(0o777), [app]: program('musl') },
    outcome: 'fail',
    severity: 'high',
    says: /everybody can replace it, through \/bin/,
  },
  {
    rule: 'not-writable',
    name: 'it belongs to root',
    things: { [app]: program('musl') },
    outcome: 'pass',
    says: /root alone/,
  },
  {
    rule: 'privileged-hardening',
    name: 'setuid, at a fixed address',
    things: {
      ...musl,
      [app]: elf(
        { type: ET.EXEC, interpreter: muslPath, dynamic: [constructors] },
        { mode: 0o4755 },
      ),
    },
    outcome: 'fail',
    severity: 'critical',
    says: /it is setuid root, and lacks a changing load address \(PIE\), full RELRO/,
  },
  {
    rule: 'privileged-hardening',
    name: 'file capabilities, and every mitigation',
    things: {
      ...musl,
      [app]: elf(
        atPageEnd({
          interpreter: muslPath,
          dynamic: [[DT.FLAGS_1, DF_1.NOW | DF_1.PIE]],
          relroWords: 8,
          relocations: [{ type: 7, at: { word: 0 }, plt: true }],
          segments: [{ type: PT.GNU_STACK, flags: PF.R | PF.W }],
        }),
        { capability: Buffer.from('0100000200200000000000000000000000000000', 'hex') },
      ),
    },
    outcome: 'pass',
    says: /it is cap_net_raw, and has every basic mitigation/,
  },
  {
    rule: 'privileged-hardening',
    name: 'nothing that RELRO could protect',
    things: { ...musl, [app]: elf({ interpreter: muslPath }, { mode: 0o4755 }) },
    outcome: 'pass',
    says: /has every basic mitigation/,
  },
  {
    rule: 'privileged-hardening',
    name: 'no privileges',
    things: { [app]: program('musl') },
    outcome: 'not-applicable',
    says: /no privileges/,
  },
  {
    rule: 'pie',
    name: 'weighs more in a setuid program',
    things: { [app]: elf({ type: ET.EXEC, interpreter: muslPath }, { mode: 0o4755 }) },
    outcome: 'fail',
    severity: 'critical',
    says: /./,
  },
  {
    rule: 'relro',
    name: 'weighs as it stands where nothing is exposed',
    things: { [app]: elf({ type: ET.EXEC, interpreter: muslPath, dynamic: [constructors] }) },
    outcome: 'fail',
    severity: 'low',
    says: /./,
  },
  {
    rule: 'relro',
    name: 'weighs more in the program of ENTRYPOINT',
    things: { [app]: elf({ type: ET.EXEC, interpreter: muslPath, dynamic: [constructors] }) },
    config: configOf({ entrypoint: [app] }),
    outcome: 'fail',
    severity: 'medium',
    says: /./,
  },
];

for (const { rule, name, things, path = app, config = null, ...want } of cases) {
  describe(rule, () => {
    it(name, () => {
      const { outcome, message, severity, evidence } = verdictIn(things, path, config, rule);
      assert.equal(outcome, want.outcome, message);
      assert.match(message, want.says);
      if (want.severity !== undefined) assert.equal(severity, want.severity);
      if (outcome === 'fail') assert.notDeepEqual(evidence, []);
    });
  });
}

describe('root facts', () => {
  it('tell who needs a library', () => {
    const things = {
      ...musl,
      '/lib/libx.so': library('libx.so'),
      '/bin/a': program('musl', { needed: ['libx.so', muslLibc] }),
      '/bin/b': program('musl', { needed: ['libx.so', muslLibc] }),
    };
    const { neededBy } = factsIn(things, '/lib/libx.so', null);
    const want = { programs: 2, first: ['/bin/a', '/bin/b'] };
    assert.deepEqual(neededBy, { known: true, value: want });
  });

  it('tell the package', () => {
    const things = {
      '/lib/apk/db/installed': text('P:app\nV:1\nA:x86_64\nF:bin\nR:app\n'),
      [app]: program('musl'),
    };
    const { package: owner } = factsIn(things, app, null);
    assert.equal(owner.known && owner.value?.name, 'app');
  });

  it('a directory without any place of a system is no root that a program could start in', () => {
    const [facts] = findRootFacts(
      rootTarget('folder', 'dir', null, async function* () {}),
      buildRoot({ '/package/app': program('glibc') }),
      findBinaries(buildRoot({ '/package/app': program('glibc') }), () => false),
    );
    assert.deepEqual(facts?.linkage, { known: true, value: { where: 'bare-file' } });
  });
});
