import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastingName } from '../../src/identity/lasting-name.ts';
import { createLastingPaths } from '../../src/identity/lasting-path.ts';

const names: readonly (readonly [claim: string, name: string, want: string])[] = [
  ['a folder of a release', 'app-1.0', 'app'],
  ['a release that is not final', 'svc-1.0-SNAPSHOT.jar!', 'svc.jar!'],
  ['the version of a library', 'libx.so.1.2.3', 'libx.so'],
  ['one before its ending', 'libc-2.31.so', 'libc.so'],
  ['one in the name itself', 'libtcl8.6.so', 'libtcl.so'],
  ['one in the name and one behind', 'libglib-2.0.so.0.7200', 'libglib.so'],
  ["auditwheel's hash", 'libfoo-1a2b3c4d.so.1.2.3', 'libfoo.so'],
  ["auditwheel's hash without a digit", 'libfoo-deadbeef.so.1', 'libfoo.so'],
  ['two hashes', 'libgfortran-040039e1-0352e75f.so.5.0.0', 'libgfortran.so'],
  ["numpy's form", 'libopenblas64_p-r0-5007b62f.3.23.dev.so', 'libopenblas64_p.so'],
  ["scipy's form", 'libscipy_openblas64_-ff651d7f.so', 'libscipy_openblas64.so'],
  ["cargo's hash", 'librust_std-0123456789abcdef.so', 'librust_std.so'],
  ["a bundler's hash", 'binding-ABCD2345.node', 'binding.node'],
  ['a name that is a hash', '0f343b0931126a20f133d67c2b018a3b.node', '#.node'],
  ['a UUID', '1b4e28ba-2fa1-11d3-883f-b9a761bde3fb', '#'],
  ['the store of Nix', '0c1dd8fhfnzzczv5c5q0h2nfyxf3h0sa-hello-2.12.1', 'hello'],
  ['metadata of a wheel', 'numpy-1.26.4.dist-info', 'numpy.dist-info'],
  ['a version of Python', 'python3.11', 'python'],
  [
    'a module of Python',
    '_ssl.cpython-311-x86_64-linux-gnu.so',
    '_ssl.cpython-x86_64-linux-gnu.so',
  ],
  [
    'the tags of a wheel',
    'a-1.2-cp311-cp311-manylinux_2_17_x86_64.whl!',
    'a-manylinux_x86_64.whl!',
  ],
  [
    'tags for two versions of one C library',
    'a-1.2-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl!',
    'a-manylinux_x86_64.whl!',
  ],
  ['capitals of a wheel', 'PyYAML-6.0-cp311-cp311-linux_x86_64.whl', 'pyyaml-linux_x86_64.whl'],
  ['points of a wheel', 'a.b-1-py3-none-linux_x86_64.whl', 'a_b-none-linux_x86_64.whl'],
  ['capitals of an egg', 'Foo.Bar-1.0-py2.7-linux-x86_64.egg!', 'foo_bar-linux-x86_64.egg!'],
  ['capitals of metadata', 'PyYAML-6.0.1.dist-info', 'pyyaml.dist-info'],
  ['points of the libraries of a wheel', 'Ruamel.yaml-clib.libs', 'ruamel_yaml_clib.libs'],
  ['a package of Debian', 'hello_2.10-3+deb12u1_amd64.deb!', 'hello_amd64.deb!'],
  ['one with an epoch', 'foo_1%3a2.0~rc1-1~bpo12+1_arm64.deb', 'foo_arm64.deb'],
  ['a package of Ubuntu', 'libssl3_3.0.2-0ubuntu1.10_amd64.deb', 'libssl3_amd64.deb'],
  ['a package of Alpine', 'busybox-1.36.1-r2.apk', 'busybox.apk'],
  ['a package of Fedora', 'bash-5.2.15-3.fc38.x86_64.rpm', 'bash.x86_64.rpm'],
  ['a package of conda', 'numpy-1.26.4-py311h64a7726_0', 'numpy'],
  ['a module of Go', 'bar@v1.2.3', 'bar'],
  ['a commit of Go', 'bar@v0.0.0-20210101000000-abcdef123456', 'bar'],
  ['a gem', 'nokogiri-1.15.4-x86_64-linux', 'nokogiri-x86_64-linux'],
  ['a folder of a version alone', '12.2.0', '#'],
  ['a major version of Go alone', 'v2', '#'],
  ['a compiler', 'x86_64-linux-gnu-g++-12', 'x86_64-linux-gnu-g++'],
  ["the ABI of Node's modules", 'node.abi108.node', 'node.abi.node'],
  ["the version of Node's API", 'napi-v3-linux-x64', 'napi-linux-x64'],
  ['a patch level', 'openssl-1.1.1w', 'openssl'],
  ['a build of a JDK', 'jdk-17.0.9+9', 'jdk'],
  ['a branch of PHP', 'php83', 'php'],
];

const kept: readonly (readonly [claim: string, name: string])[] = [
  ['a machine and its system', 'linux-x64'],
  ['a machine in a name of an addon', 'swc.linux-x64-gnu.node'],
  ['a build for a machine', 'node.napi.armv7.node'],
  ['64 behind a dash', 'libjnidispatch-linux-x86-64.so'],
  ['64 behind an underscore', 'libnetty_tcnative_linux_aarch_64.so'],
  ['a level of a machine', 'x86-64-v3'],
  ['capitals and a point of another file', 'Foo.Bar.so'],
  ['capitals of a folder of data', 'App.data'],
  ['tags for two machines', 'a-none-manylinux_x86_64.manylinux_aarch64.whl'],
  ['a triplet', 'mips64el-linux-gnuabi64'],
  ['digits that are the name', 'libext2fs.so'],
  ['the size of a hash', 'sha256sum'],
  ['a leading digit', '7z'],
  ['a number for a word', '2to3'],
  ['pluses', 'libstdc++.so'],
  ['a word of hexadecimal letters', 'libfacade.so'],
  ['an engine called v8', 'v8-profiler'],
  ['an instruction set', 'libm_sse4.so'],
  ['a name that begins with a dot', '.libs'],
  ['punctuation alone', '['],
  ['nothing', ''],
];

for (const [claim, name, want] of names)
  test(`left out of a name: ${claim}`, () => assert.equal(lastingName(name).key, want));

for (const [claim, name] of kept)
  test(`kept in a name: ${claim}`, () => assert.equal(lastingName(name).key, name));

const places: readonly (readonly [claim: string, old: string, fresh: string])[] = [
  ['/lib is /usr/lib', '/lib/libz.so.1.2', '/usr/lib/libz.so.1.3'],
  ['lib64 is a lib', '/usr/lib64/libz.so.1', '/usr/lib/libz.so.1'],
  ['/bin is /usr/bin', '/bin/mount', '/usr/bin/mount'],
  ['a folder of a machine is a lib', '/usr/lib/libz.so.1', '/lib/x86_64-linux-gnu/libz.so.1'],
  ['a version in a folder in the middle', '/opt/app-1.0/bin/svc', '/opt/app-2.0.1/bin/svc'],
];

for (const [claim, old, fresh] of places)
  test(`two paths are one place: ${claim}`, () => {
    const lastingPath = createLastingPaths();
    assert.equal(lastingPath(old).key, lastingPath(fresh).key);
  });

const apart: readonly (readonly [claim: string, one: string, other: string])[] = [
  ['/usr/local is not /usr', '/usr/local/bin/a', '/usr/bin/a'],
  ['a folder of a compiler', '/usr/lib/gcc/x86_64-linux-gnu/12/cc1', '/usr/lib/gcc/12/cc1'],
  ['variants of one machine', '/opt/linux/arm/v6/a', '/opt/linux/arm/v7/a'],
  ['folders for two machines', '/p/linux-x64/node.napi.node', '/p/linux-arm64/node.napi.node'],
  ['two C libraries', '/p/node.napi.glibc.node', '/p/node.napi.musl.node'],
];

for (const [claim, one, other] of apart)
  test(`two paths are two places: ${claim}`, () => {
    const lastingPath = createLastingPaths();
    assert.notEqual(lastingPath(one).key, lastingPath(other).key);
  });

test('a name of any length is read in one pass', () => {
  const hostile = [
    'a.libs',
    'a-1.whl',
    '1.',
    'a1',
    '-',
    'v1-',
    '0a',
    'abcdef12-',
    '1_x86_64',
    '++-',
    '\u{1f600}1',
  ];
  for (const part of hostile) {
    const name = part.repeat(200_000);
    assert.ok(lastingName(name).key.length <= name.length + 1, part);
  }
});
