import type { Expectation } from '../../profile.ts';

/** A way in which files of some packages are not what the flags of their distribution promise, and never were. */
export interface KnownDeviation {
  readonly rules: readonly string[];
  readonly packages: readonly string[];
  /** Globs; the file must match one of them, so that a package's name alone excuses nothing else. */
  readonly path: readonly string[];
  /** Releases of Debian: the first, and the first that is not meant any more. */
  readonly from?: string;
  readonly before?: string;
  /** Values of facts that the file must have. */
  readonly facts?: Readonly<Record<string, readonly (string | number | boolean | null)[]>>;
  /** As the end of a sentence. */
  readonly because: string;
  /** The day on which it was last looked at, in which releases and versions, and what shows it. */
  readonly seen: { readonly on: string; readonly version: string; readonly by: string };
  /** Rules by which the package is built. */
  readonly source: string;
}

const day = '2026-11-29';
const later = '2026-11-30';
const noCanary = 'objdump -d: no access to %fs:0x28 and no __stack_chk_fail';
const noChecked = 'readelf --dyn-syms: plain functions, and none of their checked ones';
const fixed = 'readelf -h: EXEC';
const lostByLto =
  'objdump -d: accesses to %fs:0x28 in few functions of the interpreter, none in most modules';

/**
 * Of 172 packages that were drawn by chance from Debian 11, 12 and 13 (52 to 60 of each release), these have programs without canaries:
 * one in ten packages does not get dpkg-buildflags, and there are more of the kind than a table can hold.
 */
const drawn: readonly KnownDeviation[] = (
  [
    ['buici-clock', 'buici-clock', '/usr/bin/buici-clock', '12', '14', '0.4.9.4+nmu2 in both'],
    ['eprover', 'eprover', '/{usr/,}bin/*', '12', '14', '2.6+ds-3 and 3.2.5+ds-1'],
    [
      'jack-stdio',
      'jack-stdio',
      '/usr/bin/jack-std{in,out}',
      '12',
      '13',
      '1.4-1+b2; 1.6-1 of 13 has canaries',
    ],
    ['nwall', 'nwall', '/usr/bin/nwall', '12', '13', '1.32+debian-6'],
    ['pvm-examples', 'pvm', '/usr/bin/*', '12', '13', '3.4.6-5'],
    ['chntpw', 'chntpw', '/usr/sbin/*', '13', '14', '140201-1.2'],
    ['xplot', 'xplot', '/usr/bin/xplot', '13', '14', '1.19-9.2'],
    ['flog', 'flog', '/usr/bin/flog', '11', '12', '1.8+orig-2'],
    ['freetennis', 'freetennis', '/usr/games/freetennis', '11', '12', '0.4.8-13'],
    ['iaxmodem', 'iaxmodem', '/usr/bin/iaxmodem', '11', '12', '1.2.0~dfsg-4'],
    ['icmptx', 'icmptx', '/usr/bin/icmptx', '11', '12', '0.2-1+b2'],
    ['rarcrack', 'rarcrack', '/usr/bin/rarcrack', '11', '12', '0.2-1+b1'],
    ['ssocr', 'ssocr', '/usr/bin/ssocr', '11', '12', '2.19.0-2'],
    [
      'syslinux-utils',
      'syslinux',
      '/usr/bin/memdiskfind',
      '11',
      '12',
      '6.04~git20190206.bf6db5b4+dfsg1-3+b1',
    ],
    ['yubikey-server-c', 'yubikey-server-c', '/usr/sbin/yubikeyd', '11', '12', '0.5-1.1'],
  ] as const
).map(([name, source, path, from, before, version]) => ({
  rules: ['stack-protector'],
  packages: [name],
  path: [path],
  from,
  before,
  because: 'it is built without -fstack-protector-strong',
  seen: { on: later, version, by: noCanary },
  source: `https://sources.debian.org/src/${source}/`,
}));

/** Of Debian. Stock Alpine has none. */
export const debianDeviations: readonly KnownDeviation[] = [
  {
    rules: ['stack-protector', 'fortify-source'],
    packages: [
      'libgcc-s1',
      'libstdc++6',
      'libatomic1',
      'libgfortran5',
      'libgomp1',
      'libitm1',
      'libobjc4',
      'libquadmath0',
      'libasan*',
      'liblsan0',
      'libtsan*',
      'libubsan1',
    ],
    path: [
      'lib{gcc_s,stdc++,atomic,gfortran,gomp,itm,objc,objc_gc,quadmath,asan,lsan,tsan,ubsan}.so.*',
    ],
    because:
      'the libraries of GCC are built by its own makefiles, which do not get dpkg-buildflags',
    seen: {
      on: day,
      version: 'Debian 11 (10.2.1), 12 (12.2.0), 13 (14.2.0); libgfortran5 in 12 alone',
      by: noCanary,
    },
    source: 'https://sources.debian.org/src/gcc-12/',
  },
  {
    rules: ['stack-protector', 'fortify-source', 'pie'],
    packages: ['cpp-11', 'gcc-11', 'g++-11', 'cpp-12', 'gcc-12', 'g++-12', 'gfortran-12'],
    path: ['/usr/bin/*-1[12]', '/usr/lib/gcc/**', '/usr/libexec/gcc/**'],
    from: '12',
    before: '14',
    because: 'the compiler is built by its own makefiles, which do not get dpkg-buildflags',
    seen: {
      on: later,
      version: '11.3.0-12, 12.2.0-14 and 12.4.0-5 (11 and gfortran in 12 alone)',
      by: `${fixed}; ${noCanary}`,
    },
    source: 'https://sources.debian.org/src/gcc-12/',
  },
  {
    rules: ['stack-protector', 'fortify-source'],
    packages: [
      'binutils-x86-64-linux-gnu',
      'binutils-multiarch',
      'libbinutils',
      'libctf*',
      'libgprofng0',
    ],
    path: ['/usr/bin/x86_64-linux-gnu-*', '/usr/lib/**'],
    from: '11',
    before: '14',
    because: 'binutils is built by its own makefiles, which do not get dpkg-buildflags',
    seen: {
      on: later,
      version:
        '2.35.2-2, 2.40-2, 2.44-3 (libctf0 alone in 11 and 13, binutils-multiarch in 12 and 13)',
      by: `${noCanary}; ${noChecked}`,
    },
    source: 'https://sources.debian.org/src/binutils/',
  },
  {
    rules: ['pie'],
    packages: ['python3.11-minimal'],
    path: ['/usr/bin/python3.11'],
    from: '12',
    before: '13',
    because: 'the interpreter is linked to a fixed address on purpose',
    seen: { on: day, version: '3.11.2-6', by: fixed },
    source: 'https://sources.debian.org/src/python3.11/',
  },
  {
    rules: ['stack-protector'],
    packages: [
      'python3.11-minimal',
      'libpython3.11',
      'libpython3.11-minimal',
      'libpython3.11-stdlib',
    ],
    path: ['/usr/bin/python3.11', 'libpython3.11.so.*', '/usr/lib/python3.11/lib-dynload/*.so'],
    from: '12',
    before: '13',
    because: 'link-time optimisation lost -fstack-protector-strong, which it is compiled with',
    seen: {
      on: day,
      version: '3.11.2-6',
      by: 'objdump -d: 124 accesses to %fs:0x28 in 2,000 functions of the interpreter, none in most modules',
    },
    source: 'https://sources.debian.org/src/python3.11/',
  },
  {
    rules: ['stack-protector'],
    packages: ['openjdk-17-*'],
    path: ['/usr/lib/jvm/java-17-openjdk-*/**'],
    from: '11',
    before: '13',
    because: 'the makefiles of the JDK set flags of their own for all but its virtual machine',
    seen: { on: day, version: '17.0', by: noCanary },
    source: 'https://sources.debian.org/src/openjdk-17/',
  },
  {
    rules: ['stack-protector'],
    packages: ['liblz4-1'],
    path: ['liblz4.so.*'],
    from: '11',
    before: '12',
    because: 'its makefile does not get dpkg-buildflags',
    seen: { on: day, version: '1.9.3-2', by: noCanary },
    source: 'https://sources.debian.org/src/lz4/',
  },
  {
    rules: ['stack-protector', 'fortify-source'],
    packages: ['xfsprogs'],
    path: ['/usr/sbin/*', '/sbin/*', 'libhandle.so.*'],
    from: '12',
    before: '13',
    because: 'its makefiles do not get dpkg-buildflags',
    seen: { on: day, version: '6.1.0-1', by: `${noCanary}; ${noChecked}` },
    source: 'https://sources.debian.org/src/xfsprogs/',
  },
  {
    rules: ['fortify-source'],
    packages: ['dmsetup', 'libdevmapper1.02.1', 'libslang2'],
    path: ['dmsetup', 'libdevmapper.so.*', 'libslang.so.*'],
    from: '12',
    before: '13',
    because: 'it is built without _FORTIFY_SOURCE',
    seen: { on: day, version: '1.02.185-2 and 2.3.3-3', by: noChecked },
    source: 'https://sources.debian.org/src/lvm2/',
  },
  {
    rules: ['fortify-source'],
    packages: ['liblockfile-bin'],
    path: ['dotlockfile'],
    from: '12',
    before: '13',
    because: 'it is built without _FORTIFY_SOURCE',
    seen: { on: day, version: '1.17-1', by: noChecked },
    source: 'https://sources.debian.org/src/liblockfile/',
  },
  {
    rules: ['fortify-source'],
    packages: ['vim', 'vim-tiny', 'xxd'],
    path: ['vim.basic', 'vim.tiny', 'xxd'],
    from: '12',
    before: '13',
    because: "vim's configure script replaces -D_FORTIFY_SOURCE=2 by =1",
    seen: { on: day, version: '9.0.1378-2', by: 'vim --version: -D_FORTIFY_SOURCE=1' },
    source: 'https://sources.debian.org/src/vim/',
  },
  {
    rules: ['stack-protector', 'fortify-source', 'pie'],
    packages: ['cpp-9', 'gcc-9', 'g++-9', 'cpp-10', 'gcc-10', 'g++-10'],
    path: ['/usr/bin/*-{9,10}', '/usr/lib/gcc/**'],
    from: '11',
    before: '12',
    because: 'the compiler is built by its own makefiles, which do not get dpkg-buildflags',
    seen: { on: later, version: '9.3.0-22 and 10.2.1-6', by: `${fixed}; ${noCanary}` },
    source: 'https://sources.debian.org/src/gcc-10/',
  },
  {
    rules: ['stack-protector'],
    packages: ['libnode72'],
    path: ['libnode.so.72'],
    from: '11',
    before: '12',
    because: 'it is built without -fstack-protector-strong',
    seen: { on: later, version: '12.22.12', by: noCanary },
    source: 'https://sources.debian.org/src/nodejs/',
  },
  {
    rules: ['stack-protector'],
    packages: ['libnode108'],
    path: ['libnode.so.108'],
    from: '12',
    before: '13',
    because: 'it is built without -fstack-protector-strong',
    seen: { on: later, version: '18.20.4', by: noCanary },
    source: 'https://sources.debian.org/src/nodejs/',
  },
  {
    rules: ['stack-protector'],
    packages: ['libnode115'],
    path: ['libnode.so.115'],
    from: '13',
    before: '14',
    because: 'it is built without -fstack-protector-strong',
    seen: { on: later, version: '20.19.2', by: noCanary },
    source: 'https://sources.debian.org/src/nodejs/',
  },
  {
    rules: ['stack-protector'],
    packages: ['tini'],
    path: ['/usr/bin/tini', '/usr/bin/tini-static'],
    from: '11',
    before: '14',
    because: 'it is built without -fstack-protector-strong',
    seen: { on: later, version: '0.19.0-1, 0.19.0-1+b3, 0.19.0-3+b8', by: noCanary },
    source: 'https://sources.debian.org/src/tini/',
  },
  {
    rules: ['stack-protector'],
    packages: ['dumb-init'],
    path: ['/usr/bin/dumb-init'],
    from: '11',
    before: '14',
    because: 'it is built without -fstack-protector-strong',
    seen: { on: later, version: '1.2.5-1, 1.2.5-2, 1.2.5-3', by: noCanary },
    source: 'https://sources.debian.org/src/dumb-init/',
  },
  {
    rules: ['stack-protector'],
    packages: ['execline', 's6'],
    path: ['/usr/lib/execline/bin/*', '/usr/bin/*', '/bin/*'],
    from: '11',
    before: '14',
    because:
      'its programs end in exec, and gcc leaves out the check of a function that does not return',
    seen: {
      on: later,
      version: 'execline 2.7.0.1-2, 2.9.3.0-1, 2.9.6.1-1, s6 2.10.0.2-1, 2.11.3.2-1, 2.13.1.0-1',
      by: 'objdump -d: main reads %fs:0x28, and nothing calls __stack_chk_fail',
    },
    source: 'https://sources.debian.org/src/execline/',
  },
  {
    rules: ['pie'],
    packages: ['python3.9-minimal'],
    path: ['/usr/bin/python3.9'],
    from: '11',
    before: '12',
    because: 'the interpreter is linked to a fixed address on purpose',
    seen: { on: later, version: '3.9.2-1', by: fixed },
    source: 'https://sources.debian.org/src/python3.9/',
  },
  {
    rules: ['stack-protector'],
    packages: ['python3.9-minimal', 'libpython3.9', 'libpython3.9-minimal', 'libpython3.9-stdlib'],
    path: ['/usr/bin/python3.9', 'libpython3.9.so.*', '/usr/lib/python3.9/lib-dynload/*.so'],
    from: '11',
    before: '12',
    because: 'link-time optimisation lost -fstack-protector-strong, which it is compiled with',
    seen: { on: later, version: '3.9.2-1', by: lostByLto },
    source: 'https://sources.debian.org/src/python3.9/',
  },
  {
    rules: ['pie'],
    packages: ['python3.13-minimal'],
    path: ['/usr/bin/python3.13'],
    from: '13',
    before: '14',
    because: 'the interpreter is linked to a fixed address on purpose',
    seen: { on: later, version: '3.13.5-2', by: fixed },
    source: 'https://sources.debian.org/src/python3.13/',
  },
  {
    rules: ['stack-protector'],
    packages: [
      'python3.13-minimal',
      'libpython3.13',
      'libpython3.13-minimal',
      'libpython3.13-stdlib',
    ],
    path: ['/usr/bin/python3.13', 'libpython3.13.so.*', '/usr/lib/python3.13/lib-dynload/*.so'],
    from: '13',
    before: '14',
    because: 'link-time optimisation lost -fstack-protector-strong, which it is compiled with',
    seen: { on: later, version: '3.13.5-2', by: lostByLto },
    source: 'https://sources.debian.org/src/python3.13/',
  },
  {
    rules: ['stack-protector'],
    packages: ['openjdk-11-*'],
    path: ['/usr/lib/jvm/java-11-openjdk-*/**'],
    from: '11',
    before: '12',
    because: 'its libraries are built without canaries',
    seen: { on: later, version: '11.0.24', by: noCanary },
    source: 'https://sources.debian.org/src/openjdk-11/',
  },
  {
    rules: ['stack-protector'],
    packages: ['openjdk-21-*'],
    path: ['/usr/lib/jvm/java-21-openjdk-*/**'],
    from: '13',
    before: '14',
    because: 'its libraries are built without canaries',
    seen: { on: later, version: '21.0.13', by: noCanary },
    source: 'https://sources.debian.org/src/openjdk-21/',
  },
  {
    rules: ['stack-protector'],
    packages: ['erlang-base'],
    path: ['/usr/lib/erlang/**'],
    from: '11',
    before: '14',
    because: 'it is built without -fstack-protector-strong',
    seen: { on: later, version: '23.2.6, 25.2.3 and 27.3.4', by: noCanary },
    source: 'https://sources.debian.org/src/erlang/',
  },
  {
    rules: ['stack-protector'],
    packages: ['mydumper'],
    path: ['/usr/bin/mydumper', '/usr/bin/myloader'],
    from: '11',
    before: '13',
    because: 'it is built without -fstack-protector-strong',
    seen: { on: later, version: '0.10.1-1, 0.10.1-1+deb12u2', by: noCanary },
    source: 'https://sources.debian.org/src/mydumper/',
  },
  {
    rules: ['stack-protector'],
    packages: ['caddy', 'containerd', 'docker-registry', 'podman', 'runc', 'skopeo', 'umoci'],
    path: [
      '/usr/bin/{caddy,containerd*,ctr,docker-registry,podman*,runc,skopeo,umoci}',
      '/usr/sbin/runc',
      '/usr/libexec/podman/*',
    ],
    from: '11',
    before: '14',
    facts: { 'go.table': [true], 'go.cgo': [true] },
    because: 'programs of Go: their C functions are compiled with the flags of cgo',
    seen: {
      on: later,
      version:
        'caddy 2.6.2, containerd 1.6.20, docker-registry 2.8.2, podman 4.3.1 and 5.4.2, runc 1.1.5 and 1.1.15, skopeo 1.9.3, umoci 0.4.7',
      by: noCanary,
    },
    source: 'https://pkg.go.dev/cmd/cgo',
  },
  {
    rules: ['stack-protector'],
    packages: ['luajit', 'libluajit-5.1-2'],
    path: ['/usr/bin/luajit*', 'libluajit-5.1.so.*'],
    from: '11',
    before: '14',
    because: 'its library is built without canaries',
    seen: {
      on: later,
      version: '2.1.0~beta3+dfsg-5.3, 2.1.0~beta3+git20220320, 2.1.0+openresty20250117-2',
      by: noCanary,
    },
    source: 'https://sources.debian.org/src/luajit/',
  },
  {
    rules: ['stack-protector', 'fortify-source', 'pie'],
    packages: [
      'cpp-13-x86-64-linux-gnu',
      'gcc-13-x86-64-linux-gnu',
      'g++-13-x86-64-linux-gnu',
      'cpp-14-x86-64-linux-gnu',
      'gcc-14-x86-64-linux-gnu',
      'g++-14-x86-64-linux-gnu',
    ],
    path: ['/usr/bin/*-1[34]', '/usr/lib/gcc/**', '/usr/libexec/gcc/**'],
    from: '13',
    before: '14',
    because: 'the compiler is built by its own makefiles, which do not get dpkg-buildflags',
    seen: { on: later, version: '13.3.0-16 and 14.2.0-19', by: `${fixed}; ${noCanary}` },
    source: 'https://sources.debian.org/src/gcc-14/',
  },
  ...drawn,
];

/** They weigh as a note: they stay findings, and break no gate of a severity. */
export function deviationsOfDebian(): readonly Expectation[] {
  return debianDeviations.map(
    ({ rules, packages, path, facts, from, before, because, source }) => ({
      rules,
      level: 'note' as const,
      because,
      where: {
        promised: 'as named' as const,
        os: {
          id: ['debian'],
          ...(from === undefined ? {} : { from }),
          ...(before === undefined ? {} : { before }),
        },
        package: packages,
        path,
        ...(facts === undefined ? {} : { facts }),
      },
      source,
      isDeviation: true as const,
    }),
  );
}
