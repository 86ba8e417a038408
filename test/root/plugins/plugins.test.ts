import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ImageConfig } from '../../../src/base/image-config.ts';
import { DT, EM } from '../../../src/elf/constants.ts';
import type { JudgedVerdict } from '../../../src/report/report.ts';
import { elf, type Thing, type Things } from '../../support/roots/root-builder.ts';
import { verdictIn } from '../../support/verdicts/verdict-in-root.ts';
import { configOf } from '../exposure/config-of.ts';
import {
  glibcLoader,
  glibcPath,
  library,
  muslLoader,
  muslPath,
  program,
} from '../loader/processes.ts';

/** Libraries that a running process opens, in roots with and without that process. */
interface PluginCase {
  readonly name: string;
  readonly things: Things;
  readonly path: string;
  readonly config?: ImageConfig;
  readonly rule?: string;
  readonly outcome: JudgedVerdict['outcome'];
  readonly severity?: JudgedVerdict['severity'];
  readonly says: RegExp;
}

const muslLibc = 'libc.musl-x86_64.so.1';
const musl = { [muslPath]: muslLoader(['write', 'snprintf']) };
const glibc = {
  [glibcPath]: glibcLoader(['/lib', '/usr/lib']),
  '/lib/libc.so.6': library('libc.so.6', {
    exports: ['write@GLIBC_2.2.5', '__snprintf_chk@GLIBC_2.3.4'],
  }),
};

const pythonExports = { exports: ['Py_BytesMain', 'PyModule_Create2'] };
const executable = { mode: 0o755 };
const pythonOnMusl = {
  ...musl,
  '/usr/bin/python3.12': program('musl', { needed: [muslLibc], ...pythonExports }, executable),
  '/usr/lib/python3.12/lib-dynload/_json.cpython-312-x86_64-linux-musl.so': extension('_json'),
};
const pythonOnGlibc = {
  ...glibc,
  '/usr/bin/python3.12': program('glibc', { needed: ['libc.so.6'], ...pythonExports }, executable),
};
const nodeOnMusl = {
  ...musl,
  '/usr/bin/node': program(
    'musl',
    { needed: [muslLibc], exports: ['napi_create_object'] },
    executable,
  ),
};
const nodeOnGlibc = {
  ...glibc,
  '/usr/bin/node': program(
    'glibc',
    { needed: ['libc.so.6'], exports: ['napi_create_object'] },
    executable,
  ),
};

const site = '/usr/lib/python3.12/site-packages';

function extension(name: string, parts: Parameters<typeof library>[1] = {}): Thing {
  const plain = { needed: [muslLibc], imports: ['PyModule_Create2'] };
  return library(`${name}.so`, { ...plain, ...parts, exports: [`PyInit_${name}`] });
}

function addon(parts: Parameters<typeof library>[1] = {}): Thing {
  const plain = { needed: [muslLibc], imports: ['napi_create_object'] };
  return library('addon.node', { ...plain, ...parts, exports: ['napi_register_module_v1'] });
}

/** glibc opens no library that has one, other than its own. */
function withAbiVersion(thing: Thing): Thing {
  const bytes = Buffer.from(thing.bytes ?? []);
  bytes[8] = 1;
  return { ...thing, bytes };
}

const slotOfNoType = { type: 0, at: { word: 2 }, plt: true } as const;
const manylinux = { needed: ['libc.so.6'], imports: ['__snprintf_chk@GLIBC_2.3.4'] };

const cases: readonly PluginCase[] = [
  {
    name: 'an extension whose needs are met by Python and its libc passes',
    things: {
      ...pythonOnMusl,
      [`${site}/fast.cpython-312-x86_64-linux-musl.so`]: extension('fast'),
    },
    path: `${site}/fast.cpython-312-x86_64-linux-musl.so`,
    outcome: 'pass',
    says: /^python3\.12 finds all it needs: 0 libraries/,
  },
  {
    name: 'an extension whose C++ library is nowhere fails',
    things: {
      ...pythonOnMusl,
      [`${site}/fast.abi3.so`]: extension('fast', { needed: ['libstdc++.so.6', muslLibc] }),
    },
    path: `${site}/fast.abi3.so`,
    outcome: 'fail',
    severity: 'high',
    says: /^python3\.12 cannot import it: libstdc\+\+\.so\.6, needed by .*fast\.abi3\.so, is not found/,
  },
  {
    name: 'a name of glibc that musl lacks fails',
    things: { ...pythonOnMusl, [`${site}/fast.abi3.so`]: extension('fast', manylinux) },
    path: `${site}/fast.abi3.so`,
    outcome: 'fail',
    severity: 'high',
    says: /^python3\.12 cannot import it: it is built for glibc, and the libc here is musl: nothing defines __snprintf_chk, needed by /,
  },
  {
    name: 'a function that only calls use fails too, since Python binds at once',
    things: {
      ...pythonOnGlibc,
      [`${site}/fast.abi3.so`]: extension('fast', { needed: ['libc.so.6'], calls: ['lost'] }),
    },
    path: `${site}/fast.abi3.so`,
    outcome: 'fail',
    severity: 'high',
    says: /^python3\.12 cannot import it: nothing defines lost/,
  },
  {
    name: 'a slot of no type does no harm where Python binds at once',
    things: {
      ...pythonOnGlibc,
      [`${site}/fast.abi3.so`]: extension('fast', {
        needed: ['libc.so.6'],
        relocations: [slotOfNoType],
      }),
    },
    path: `${site}/fast.abi3.so`,
    outcome: 'pass',
    says: /python3\.12/,
  },
  {
    name: 'a library of the wheel is found by the run path of the extension',
    things: {
      ...pythonOnMusl,
      [`${site}/fast.libs/libmath-1a2b.so.1`]: library('libmath-1a2b.so.1', { exports: ['sine'] }),
      [`${site}/fast/fast.abi3.so`]: extension('fast', {
        needed: ['libmath-1a2b.so.1'],
        runpath: '$ORIGIN/../fast.libs',
        imports: ['sine', 'PyModule_Create2'],
      }),
    },
    path: `${site}/fast/fast.abi3.so`,
    outcome: 'pass',
    says: /finds all it needs: 1 library/,
  },
  {
    name: 'a library elsewhere in the root may be loaded before: undecided',
    things: {
      ...pythonOnMusl,
      [`${site}/torch/lib/libtorch.so`]: library('libtorch.so'),
      [`${site}/vision/fast.abi3.so`]: extension('fast', { needed: ['libtorch.so'] }),
    },
    path: `${site}/vision/fast.abi3.so`,
    outcome: 'unknown',
    says: /libtorch\.so, needed by .*, is found only if .*\/torch\/lib\/libtorch\.so is loaded before/,
  },
  {
    name: "the graphics driver's library is the container runtime's matter",
    things: {
      ...pythonOnMusl,
      [`${site}/fast.abi3.so`]: extension('fast', { needed: ['libcuda.so.1'] }),
    },
    path: `${site}/fast.abi3.so`,
    outcome: 'unknown',
    says: /libcuda\.so\.1, needed by .*, is the graphics driver's/,
  },
  {
    name: 'a name that another library of the root defines may be there by then: undecided',
    things: {
      ...pythonOnMusl,
      [`${site}/torch/lib/libtorch.so`]: library('libtorch.so', { exports: ['tensor'] }),
      [`${site}/vision/fast.abi3.so`]: extension('fast', { imports: ['tensor'] }),
    },
    path: `${site}/vision/fast.abi3.so`,
    outcome: 'unknown',
    says: /tensor is there only if .*libtorch\.so is loaded before/,
  },
  {
    name: 'Python never looks at a name for another libc',
    things: {
      ...pythonOnMusl,
      [`${site}/fast.cpython-312-x86_64-linux-gnu.so`]: extension('fast'),
    },
    path: `${site}/fast.cpython-312-x86_64-linux-gnu.so`,
    outcome: 'fail',
    severity: 'high',
    says: /cannot import it: it only looks for names that end in \.cpython-312-x86_64-linux-musl\.so, \.abi3\.so/,
  },
  {
    name: 'a name for another libc next to the right one does no harm',
    things: {
      ...pythonOnMusl,
      [`${site}/fast.cpython-312-x86_64-linux-gnu.so`]: extension('fast', manylinux),
      [`${site}/fast.cpython-312-x86_64-linux-musl.so`]: extension('fast'),
    },
    path: `${site}/fast.cpython-312-x86_64-linux-gnu.so`,
    outcome: 'not-applicable',
    says: /^Python loads .*linux-musl\.so instead/,
  },
  {
    name: 'an extension for another Python does not apply',
    things: {
      ...pythonOnMusl,
      [`${site}/fast.cpython-39-x86_64-linux-gnu.so`]: extension('fast', manylinux),
    },
    path: `${site}/fast.cpython-39-x86_64-linux-gnu.so`,
    outcome: 'not-applicable',
    says: /^it is for Python 3\.9, and the root has \/usr\/bin\/python3\.12/,
  },
  {
    name: 'an extension of the standard library whose library is left out weighs less',
    things: {
      ...pythonOnMusl,
      '/usr/lib/python3.12/lib-dynload/_tkinter.cpython-312-x86_64-linux-musl.so': extension(
        '_tkinter',
        { needed: ['libtk8.6.so'] },
      ),
    },
    path: '/usr/lib/python3.12/lib-dynload/_tkinter.cpython-312-x86_64-linux-musl.so',
    outcome: 'fail',
    severity: 'medium',
    says: /cannot import it: libtk8\.6\.so/,
  },
  {
    name: 'without a Python in the root its names are taken as given',
    things: { ...musl, [`${site}/fast.abi3.so`]: extension('fast') },
    path: `${site}/fast.abi3.so`,
    outcome: 'pass',
    says: /^Python finds all it needs/,
  },
  {
    name: 'without a Python in the root a missing library fails, and weighs less',
    things: {
      ...musl,
      [`${site}/fast.abi3.so`]: extension('fast', { needed: ['libstdc++.so.6'] }),
    },
    path: `${site}/fast.abi3.so`,
    outcome: 'fail',
    severity: 'medium',
    says: /^Python cannot import it: libstdc\+\+\.so\.6/,
  },
  {
    name: 'without a Python in the root a name of no one fails',
    things: { ...musl, [`${site}/fast.abi3.so`]: extension('fast', { imports: ['lost'] }) },
    path: `${site}/fast.abi3.so`,
    outcome: 'fail',
    says: /^Python cannot import it: nothing defines lost/,
  },
  {
    name: 'a Python that does not start itself loads nothing',
    things: {
      ...glibc,
      '/usr/bin/python3.12': program('glibc', { needed: ['libgone.so'] }, executable),
      [`${site}/fast.abi3.so`]: extension('fast', { needed: ['libc.so.6'] }),
    },
    path: `${site}/fast.abi3.so`,
    outcome: 'not-applicable',
    says: /\/usr\/bin\/python3\.12, which would open it, does not start here/,
  },
  {
    name: 'an extension that the user of the image may not read fails',
    things: {
      ...pythonOnMusl,
      [`${site}/fast.abi3.so`]: { ...extension('fast'), mode: 0o600 },
    },
    config: configOf({ user: '1000' }),
    path: `${site}/fast.abi3.so`,
    outcome: 'fail',
    severity: 'high',
    says: /^python3\.12 cannot import it: .*fast\.abi3\.so/,
  },
  {
    name: 'an extension that the loader refuses fails',
    things: {
      ...pythonOnGlibc,
      [`${site}/fast.abi3.so`]: withAbiVersion(extension('fast', { needed: ['libc.so.6'] })),
    },
    path: `${site}/fast.abi3.so`,
    outcome: 'fail',
    severity: 'high',
    says: /^python3\.12 cannot import it: .*fast\.abi3\.so/,
  },
  {
    name: 'a library that defines no PyInit of its name is none of Python',
    things: { ...pythonOnMusl, [`${site}/libfast.so`]: extension('fast') },
    path: `${site}/libfast.so`,
    outcome: 'not-applicable',
    says: /is judged with the programs that load it/,
  },
  {
    name: 'an addon for glibc that Node.js of musl cannot load fails',
    things: {
      ...nodeOnMusl,
      '/app/node_modules/fast/fast.node': addon({ ...manylinux, dynamic: [[DT.BIND_NOW, 0]] }),
    },
    path: '/app/node_modules/fast/fast.node',
    outcome: 'fail',
    severity: 'high',
    says: /^node cannot load it: it is built for glibc, and the libc here is musl: nothing defines __snprintf_chk/,
  },
  {
    name: 'musl leaves slots for later where Node.js opens lazily',
    things: { ...nodeOnMusl, '/app/node_modules/fast/fast.node': addon(manylinux) },
    path: '/app/node_modules/fast/fast.node',
    outcome: 'fail',
    severity: 'medium',
    says: /^node loads it, and dies at the first call: it is built for glibc, .*: nothing defines __snprintf_chk/,
  },
  {
    name: 'an addon for glibc next to the one for musl does not apply',
    things: {
      ...nodeOnMusl,
      '/app/node_modules/@x/core-linux-x64-gnu/core.linux-x64-gnu.node': addon(manylinux),
      '/app/node_modules/@x/core-linux-x64-musl/core.linux-x64-musl.node': addon(),
    },
    path: '/app/node_modules/@x/core-linux-x64-gnu/core.linux-x64-gnu.node',
    outcome: 'not-applicable',
    says: /^Node\.js loads .*core\.linux-x64-musl\.node instead/,
  },
  {
    name: 'an addon for glibc does not apply next to one for musl that lacks something too',
    things: {
      ...nodeOnMusl,
      '/app/prebuilds/linux-x64/node.napi.glibc.node': addon(manylinux),
      '/app/prebuilds/linux-x64/node.napi.musl.node': addon({
        needed: ['libstdc++.so.6', muslLibc],
      }),
    },
    path: '/app/prebuilds/linux-x64/node.napi.glibc.node',
    outcome: 'not-applicable',
    says: /^Node\.js takes .*node\.napi\.musl\.node here/,
  },
  {
    name: 'the addon for musl next to it fails',
    things: {
      ...nodeOnMusl,
      '/app/prebuilds/linux-x64/node.napi.glibc.node': addon(manylinux),
      '/app/prebuilds/linux-x64/node.napi.musl.node': addon({
        needed: ['libstdc++.so.6', muslLibc],
      }),
    },
    path: '/app/prebuilds/linux-x64/node.napi.musl.node',
    outcome: 'fail',
    severity: 'high',
    says: /^node cannot load it: libstdc\+\+\.so\.6/,
  },
  {
    name: 'a prebuilt addon does not apply where it was compiled',
    things: {
      ...nodeOnMusl,
      '/app/node_modules/fast/build/Release/fast.node': addon(),
      '/app/node_modules/fast/prebuilds/linux-x64/node.napi.node': addon(manylinux),
    },
    path: '/app/node_modules/fast/prebuilds/linux-x64/node.napi.node',
    outcome: 'not-applicable',
    says: /^Node\.js loads \/app\/node_modules\/fast\/build\/Release\/fast\.node instead/,
  },
  {
    name: 'an addon for another machine does not apply',
    things: {
      ...nodeOnMusl,
      '/app/prebuilds/linux-arm64/node.napi.node': elf({
        machine: EM.AARCH64,
        needed: ['libc.so.6'],
      }),
    },
    path: '/app/prebuilds/linux-arm64/node.napi.node',
    outcome: 'not-applicable',
    says: /^it is for another machine than \/usr\/bin\/node/,
  },
  {
    name: 'Node.js binds lazily, and glibc refuses a slot of no type',
    things: {
      ...nodeOnGlibc,
      '/app/fast.node': addon({ needed: ['libc.so.6'], relocations: [slotOfNoType] }),
    },
    path: '/app/fast.node',
    outcome: 'fail',
    severity: 'high',
    says: /unexpected PLT reloc type 0x00/,
  },
  {
    name: 'Node.js binds lazily: a lost function is missed at its first call',
    things: {
      ...nodeOnGlibc,
      '/app/fast.node': addon({ needed: ['libc.so.6'], imports: [], calls: ['lost'] }),
    },
    path: '/app/fast.node',
    outcome: 'fail',
    severity: 'medium',
    says: /^node loads it, and dies at the first call: nothing defines lost/,
  },
  {
    name: 'an addon that is bound at once cannot be loaded without the function',
    things: {
      ...nodeOnGlibc,
      '/app/fast.node': addon({
        needed: ['libc.so.6'],
        imports: [],
        calls: ['lost'],
        dynamic: [[DT.BIND_NOW, 0]],
      }),
    },
    path: '/app/fast.node',
    outcome: 'fail',
    severity: 'high',
    says: /^node cannot load it: nothing defines lost/,
  },
  {
    name: 'a module of PAM is linked without knowing who logs in',
    things: {
      ...glibc,
      '/lib/security/pam_x.so': library('pam_x.so', {
        needed: ['libgone.so', 'libc.so.6'],
        exports: ['pam_sm_authenticate'],
      }),
    },
    path: '/lib/security/pam_x.so',
    outcome: 'fail',
    severity: 'medium',
    says: /^PAM cannot load it: libgone\.so/,
  },
  {
    name: 'the virtual machine that java has opened serves its natives',
    things: {
      ...glibc,
      '/opt/jdk/bin/java': program('glibc', { needed: ['libc.so.6'] }, executable),
      '/opt/jdk/lib/server/libjvm.so': library('libjvm.so', { exports: ['JVM_Clone'] }),
      '/opt/jdk/lib/libx.so': library('libx.so', {
        needed: ['libjvm.so'],
        imports: ['JVM_Clone'],
        exports: ['Java_x_clone'],
      }),
    },
    path: '/opt/jdk/lib/libx.so',
    outcome: 'pass',
    says: /^java finds all it needs: 0 libraries/,
  },
  {
    rule: 'musl-linkage',
    name: 'what an extension lacks is said once',
    things: { ...pythonOnMusl, [`${site}/fast.abi3.so`]: extension('fast', manylinux) },
    path: `${site}/fast.abi3.so`,
    outcome: 'not-applicable',
    says: /it cannot be loaded here: see the rule loadable/,
  },
  {
    rule: 'musl-linkage',
    name: 'an extension for glibc that finds all under musl passes',
    things: {
      ...pythonOnMusl,
      [`${site}/fast.abi3.so`]: extension('fast', {
        needed: ['libc.so.6'],
        imports: ['write@GLIBC_2.2.5', 'PyModule_Create2'],
      }),
    },
    path: `${site}/fast.abi3.so`,
    outcome: 'pass',
    says: /it is built for glibc, and \/lib\/ld-musl-x86_64\.so\.1 \(musl\) has everything that it requires/,
  },
  {
    rule: 'musl-linkage',
    name: 'a library that an extension brings is judged with it',
    things: {
      ...pythonOnMusl,
      [`${site}/fast.libs/libmath.so.1`]: library('libmath.so.1', manylinux),
      [`${site}/fast/fast.abi3.so`]: extension('fast', {
        needed: ['libmath.so.1'],
        runpath: '$ORIGIN/../fast.libs',
      }),
    },
    path: `${site}/fast.libs/libmath.so.1`,
    outcome: 'not-applicable',
    says: /it is judged with .*fast\.abi3\.so, which loads it/,
  },
  {
    rule: 'musl-linkage',
    name: 'a library of glibc by itself takes names that musl lacks',
    things: { ...musl, '/opt/libx.so': library('libx.so', manylinux) },
    path: '/opt/libx.so',
    outcome: 'fail',
    says: /it takes __snprintf_chk from glibc, and the root has only musl/,
  },
  {
    rule: 'musl-linkage',
    name: 'a library of glibc by itself takes only names that musl has',
    things: {
      ...musl,
      '/opt/libx.so': library('libx.so', { needed: ['libc.so.6'], imports: ['write@GLIBC_2.2.5'] }),
    },
    path: '/opt/libx.so',
    outcome: 'pass',
    says: /musl has all that it takes from it/,
  },
];

describe('libraries that a process opens', () => {
  for (const each of cases) {
    const { name, things, path, config = null, rule = 'loadable', outcome, severity, says } = each;
    it(`${rule}: ${name}`, () => {
      const verdict = verdictIn(things, path, config, rule);
      assert.equal(verdict.outcome, outcome, verdict.message);
      assert.match(verdict.message, says);
      if (severity !== undefined) assert.equal(verdict.severity, severity);
    });
  }
});
