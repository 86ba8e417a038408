#!/bin/bash
# build-programs.sh FOLDER: fills FOLDER with programs for x86-64 that are built for one level of processor each: named
# NAME-COMPILER-LEVEL[-MORE]. Needs gcc and clang of Debian, and its sources of Lua, bzip2 and xxHash; Go and Rust where installed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
folder=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
declare -A sources
for package in lua5.4 bzip2 xxhash; do sources[$package]=$("$here/../fetch-source.sh" "$package"); done

# build NAME COMPILER LEVEL MORE FLAG ... FILE ...
build() {
  local name=$1 compiler=$2 level=$3 more=$4 out
  shift 4
  out=$folder/$name-${compiler%-*}-$level${more:+-$more}
  [ -e "$out" ] || "$compiler" -O2 -w "-march=x86-64${level/#v1/}" -o "$out" "$@" || echo "not built: $out" >&2
}

for level in v1 -v2 -v3 -v4; do
  for compiler in gcc clang-16; do
    for name in floats integers; do
      build "$name" "$compiler" "$level" '' "$here/sources/$name.c" -lm
      build "$name" "$compiler" "$level" static -static "$here/sources/$name.c" -lm
    done
    cxx=${compiler/gcc/g++}
    build words "${cxx/clang-16/clang++-16}" "$level" '' -std=c++20 "$here/sources/words.cc"
    bzip=("${sources[bzip2]}"/{blocksort,huffman,crctable,randtable,compress,decompress,bzlib,bzip2}.c)
    build bzip2 "$compiler" "$level" '' "${bzip[@]}"
    lua=$(ls "${sources[lua5.4]}"/src/*.c | grep -v /luac.c)
    # shellcheck disable=SC2086 # names of files
    build lua "$compiler" "$level" '' -DLUA_USE_POSIX $lua -lm
    build xxhsum "$compiler" "$level" '' -I"${sources[xxhash]}" "${sources[xxhash]}"/xxhash.c "${sources[xxhash]}"/cli/*.c
  done
done
for compiler in gcc clang-16; do
  for name in chooses clones option; do build "$name" "$compiler" v1 '' "$here/sources/$name.c"; done
  build chooses "$compiler" v1 static -static "$here/sources/chooses.c"
done
if command -v musl-gcc >/dev/null; then
  for level in v1 -v2 -v3 -v4; do
    for name in floats integers; do build "$name" musl-gcc "$level" static -static "$here/sources/$name.c" -lm; done
  done
fi
if command -v go >/dev/null; then
  for level in v1 v2 v3; do
    CGO_ENABLED=0 GOAMD64=$level go build -o "$folder/main-go--$level" "$here/sources/main.go"
    CGO_ENABLED=0 GOAMD64=$level go build -ldflags=-s -o "$folder/main-go--$level-stripped" "$here/sources/main.go"
  done
fi
if command -v rustc >/dev/null; then
  for level in x86-64 x86-64-v2 x86-64-v3 x86-64-v4; do
    rustc -O -C "target-cpu=$level" -o "$folder/main-rustc--${level/#x86-64/v}" "$here/sources/main.rs"
  done
fi
