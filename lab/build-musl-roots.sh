#!/bin/bash
# build-musl-roots.sh FOLDER [REPOSITORY]: fills FOLDER with roots of musl for lab/starting.sh: eight releases, built from musl's
# git repository for x86-64, and two of them for i386. What is there is left as it is. Needs git, make and gcc, for i386 also
# gcc-multilib, and some 20 minutes of one processor. Archives of Alpine's minirootfs, as Alpine publishes them
# (alpine-minirootfs-VERSION-MACHINE.tar.gz), are put next to them by hand.
set -euo pipefail
mkdir -p "$1"
folder=$(realpath "$1")
repository=${2:-https://git.musl-libc.org/git/musl}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build_musl() {
  local version=$1 machine=$2 root=$folder/musl-$1-$2
  local source=$work/$version-$machine compiler=gcc
  [ ! -e "$root/lib/ld-musl-$machine.so.1" ] || return 0
  [ "$machine" != i386 ] || compiler='gcc -m32'
  mkdir "$source"
  git --git-dir="$work/musl" archive "v$version" | tar -x -C "$source"
  # What compilers of today warn of is of no matter here.
  (cd "$source" && CC="$compiler" CFLAGS=-w ./configure --target="$machine-linux-musl" --disable-static CROSS_COMPILE= &&
    make -s lib/libc.so) >"$work/log" 2>&1 || { tail -5 "$work/log" >&2; return 1; }
  mkdir -p "$root/lib"
  strip --strip-debug -o "$root/lib/ld-musl-$machine.so.1" "$source/lib/libc.so"
  ln -s "ld-musl-$machine.so.1" "$root/lib/libc.musl-$machine.so.1"
  echo "musl-$version-$machine"
}

git clone --quiet --bare "$repository" "$work/musl"
for version in 1.1.19 1.1.22 1.1.24 1.2.0 1.2.2 1.2.3 1.2.4 1.2.5; do build_musl "$version" x86_64; done
for version in 1.1.22 1.2.5; do build_musl "$version" i386; done
