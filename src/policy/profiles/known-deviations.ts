// supporting: how stock packages deviate from what their distribution promises
import type { Expectation } from '../profile.ts';

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
const noCanary = 'objdump -d: no access to %fs:0x28 and no __stack_chk_fail';
const noChecked = 'readelf --dyn-syms: plain functions, and none of their checked ones';
const fixed = 'readelf -h: EXEC';

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
    packages: ['cpp-12', 'gcc-12', 'g++-12'],
    path: ['/usr/bin/*-12', '/usr/lib/gcc/**', '/usr/libexec/gcc/**'],
    from: '12',
    before: '13',
    because: 'the compiler is built by its own makefiles, which do not get dpkg-buildflags',
    seen: { on: day, version: '12.2.0-14', by: `${fixed}; ${noCanary}` },
    source: 'https://sources.debian.org/src/gcc-12/',
  },
  {
    rules: ['stack-protector', 'fortify-source'],
    packages: ['binutils-x86-64-linux-gnu', 'libbinutils', 'libctf*', 'libgprofng0'],
    path: ['/usr/bin/x86_64-linux-gnu-*', '/usr/lib/**'],
    from: '12',
    before: '13',
    because: 'binutils is built by its own makefiles, which do not get dpkg-buildflags',
    seen: { on: day, version: '2.40-2', by: `${noCanary}; ${noChecked}` },
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
    from: '12',
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
    rules: ['pie', 'stack-protector'],
    packages: [
      'containerd',
      'containernetworking-plugins',
      'docker-registry',
      'podman',
      'runc',
      'skopeo',
      'umoci',
    ],
    path: ['/usr/bin/*', '/usr/sbin/*', '/usr/lib/cni/*', '/usr/lib/podman/*'],
    from: '12',
    before: '13',
    facts: { 'go.table': [true] },
    because: 'programs of Go are linked at a fixed address, and their C functions have no canaries',
    seen: {
      on: day,
      version:
        'containerd 1.6.20, containernetworking-plugins 1.1.1, docker-registry 2.8.2, podman 4.3.1, runc 1.1.5, skopeo 1.9.3, umoci 0.4.7',
      by: `${fixed}; ${noCanary}`,
    },
    source: 'https://sources.debian.org/src/dh-golang/',
  },
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
