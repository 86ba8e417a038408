import type { CopyCase } from './copy-case.ts';

/** Sources of Debian, in a folder of their own: `$source PACKAGE` prints where the upstream files of one lie. */
// An empty name would copy the whole machine.
const from = (name: string) =>
  `folder="$("$source" ${name})"; test -n "$folder" -a -d "$folder"; cp -a "$folder"/. . && chmod -R u+w .`;

const bare = `export CFLAGS="-O2 -fno-stack-protector -U_FORTIFY_SOURCE" LDFLAGS="-no-pie -Wl,-z,norelro,-z,lazy,-z,execstack"`;
const bareCxx = bare.replace('CFLAGS=', 'CXXFLAGS=');

const debian: readonly CopyCase[] = [
  {
    name: 'hello: configure',
    before: bare,
    build: `${from('hello')}; ./configure --disable-nls; make; cp hello "$out"`,
    fails: ['pie', 'relro', 'non-executable-stack'],
    starts: true,
  },
  {
    name: 'gzip: configure',
    before: bare,
    build: `${from('gzip')}; ./configure; make gzip || make; cp gzip "$out"`,
    fails: ['pie', 'relro', 'stack-protector'],
    starts: true,
  },
  {
    name: 'dash: configure',
    before: bare,
    build: `${from('dash')}; [ -x configure ] || ./autogen.sh; ./configure; make; cp src/dash "$out"`,
    fails: ['pie', 'relro', 'stack-protector'],
    starts: false,
  },
  {
    name: 'nano: configure, with curses',
    before: bare,
    build: `${from('nano')}; ./configure --disable-nls; make -C lib; make -C src; cp src/nano "$out"`,
    fails: ['pie', 'relro', 'stack-protector'],
    starts: true,
  },
  {
    name: 'bzip2: a makefile whose CFLAGS are named on its command line',
    before: bare,
    build: `${from('bzip2')}; make bzip2 CFLAGS="-Wall -D_FILE_OFFSET_BITS=64 $CFLAGS" LDFLAGS="$LDFLAGS"; cp bzip2 "$out"`,
    fails: ['pie', 'relro', 'stack-protector'],
    starts: false,
  },
  {
    name: 'lua: a makefile that adds MYCFLAGS and MYLDFLAGS',
    before: '',
    build: `${from('lua5.4')}; make -C src linux MYCFLAGS="$CFLAGS" MYLDFLAGS="$LDFLAGS"; cp src/lua "$out"`,
    fails: ['stack-protector', 'relro'],
    starts: true,
  },
  {
    name: 'lua: static',
    before: 'export LDFLAGS=-static',
    build: `${from('lua5.4')}; make -C src generic MYCFLAGS="-DLUA_USE_POSIX $CFLAGS" MYLDFLAGS="$LDFLAGS"; cp src/lua "$out"`,
    fails: ['pie'],
    starts: true,
  },
  {
    name: 'tree: a makefile that replaces CFLAGS',
    before: bare,
    build: `${from('tree')}; make CFLAGS="$CFLAGS" LDFLAGS="$LDFLAGS"; cp tree "$out"`,
    fails: ['pie', 'relro', 'stack-protector'],
    starts: true,
  },
  {
    name: 'ninja: C++, by CMake',
    before: bareCxx,
    build: `${from('ninja-build')}; cmake -B build -DBUILD_TESTING=OFF; cmake --build build --target ninja; cp build/ninja "$out"`,
    fails: ['pie', 'relro', 'stack-protector'],
    starts: true,
  },
];

const badRust = `export RUSTFLAGS="-C relocation-model=static -C link-arg=-Wl,-z,norelro,-z,execstack"`;
const crate = (name: string, version: string, program: string) =>
  `cargo install --quiet --locked --jobs 1 --target x86_64-unknown-linux-gnu --root . ${name}@${version}; cp bin/${program} "$out"`;

const crates: readonly CopyCase[] = [
  {
    name: 'crate hexyl: RUSTFLAGS',
    before: badRust,
    build: crate('hexyl', '0.14.0', 'hexyl'),
    fails: ['pie', 'relro', 'non-executable-stack'],
    starts: true,
  },
  {
    name: 'crate b3sum: RUSTFLAGS, with C and assembly by the crate cc',
    before: `${badRust} CFLAGS="-O2 -fno-stack-protector"`,
    build: crate('b3sum', '1.5.4', 'b3sum'),
    fails: ['pie', 'relro', 'non-executable-stack'],
    starts: true,
  },
];

/** A module's own folder of sources is not to be written. */
const module = (path: string, version: string, folder: string) =>
  `folder=$(GOFLAGS= go mod download -json ${path}@${version} | sed -n 's/.*"Dir": "\\(.*\\)".*/\\1/p')
cp -r "\${folder:?}"/. . && chmod -R u+w . && go build -buildvcs=false -o "$out" ${folder}`;

const modules: readonly CopyCase[] = [
  {
    name: 'Go module age: GOFLAGS of a program with cgo',
    before: 'export CGO_ENABLED=1',
    build: module('filippo.io/age', 'v1.2.1', './cmd/age'),
    fails: ['pie'],
    starts: true,
  },
  {
    name: 'Go module hey: GOFLAGS of a program that looks up names',
    before: 'export CGO_ENABLED=1',
    build: module('github.com/rakyll/hey', 'v0.1.4', '.'),
    fails: ['pie', 'relro'],
    starts: true,
  },
];

/** By npm's own node-gyp, with the headers of the Node that is there. */
const addon = (name: string, version: string, file: string) =>
  `npm install --ignore-scripts --no-audit --no-fund --prefix . ${name}@${version}
gyp=$(find "$(npm root -g)/npm" -path '*/node-gyp/bin/node-gyp.js' | head -n 1)
cd node_modules/${name} && node "$gyp" rebuild --nodedir="$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")"
cp build/Release/${file} "$out"`;

const addons: readonly CopyCase[] = [
  {
    name: 'npm bcrypt: CXXFLAGS and LDFLAGS of node-gyp',
    before: bareCxx.replace('-no-pie ', ''),
    build: addon('bcrypt', '6.0.0', 'bcrypt_lib.node'),
    fails: ['relro', 'non-executable-stack'],
    starts: false,
  },
];

export const foreignCases: readonly CopyCase[] = [...debian, ...crates, ...modules, ...addons];
