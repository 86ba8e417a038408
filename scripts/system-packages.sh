#!/bin/sh
# system-packages.sh [tests|matrix|linkers|twins|changes|starting|realistic]: sees to the programs that the tests compare hullcheck with, and to the
# compilers that build what the matrix and the twins are made of; hullcheck itself runs none of them.
# As root it installs what is missing, else it stops and names it.
set -eu

missing=''
need() { # need COMMAND PACKAGE
  command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
# Those of the system's own folders are not on the path of everyone.
need_program() { # need_program COMMAND PACKAGE
  PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
need_file() { # need_file FILE PACKAGE
  [ -e "$1" ] || missing="$missing $2"
}

# A cross compiler only recommends the libc that it needs here.
need_cross() { # need_cross TRIPLE DEBIAN-ARCHITECTURE
  need "$1-gcc" "gcc-$(echo "$1" | tr _ -)"
  need_file "/usr/$1/lib/libc.a" "libc6-dev-$2-cross"
}

need_compilers() {
  need gcc gcc
  need_file /usr/include/stdio.h libc6-dev
  need clang-16 clang-16
  need ld.lld-16 lld-16
  need llvm-strip-16 llvm-16
  need_cross aarch64-linux-gnu arm64
}

case ${1:-tests} in
  tests)
    need readelf binutils
    need eu-strip elfutils
    need dwz dwz
    need llvm-objcopy-16 llvm-16
    need gcc gcc
    need g++ g++
    need make make
    need_file /usr/include/stdio.h libc6-dev
    need musl-gcc musl-tools
    need rpmbuild rpm
    need skopeo skopeo
    need umoci umoci
    need zstd zstd
    need xz xz-utils
    need bzip2 bzip2
    need lzip lzip
    need lz4 lz4
    need lzop lzop
    need docker-registry docker-registry
    need htpasswd apache2-utils
    need openssl openssl
    need podman podman
    need bsdtar libarchive-tools
    need unzip unzip
    need containerd containerd
    need chromium chromium
    need mksquashfs squashfs-tools
    need xorriso xorriso
    need genisoimage genisoimage
    need_program mke2fs e2fsprogs
    need_program mkfs.vfat dosfstools
    need mcopy mtools
    need_program sfdisk fdisk
    need_program sgdisk gdisk
    need cpio cpio
    need python3 python3
    need cmark-gfm cmark-gfm
    need pre-commit pre-commit
    need zsh zsh
    need fish fish
    ;;
  twins)
    need_compilers
    ;;
  linkers)
    need_compilers
    need_cross s390x-linux-gnu s390x
    need ld.lld-19 lld-19
    need mold mold
    need patchelf patchelf
    need eu-strip elfutils
    ;;
  starting)
    need gcc gcc
    need_file /usr/include/stdio.h libc6-dev
    need musl-gcc musl-tools
    need_cross aarch64-linux-gnu arm64
    need_cross riscv64-linux-gnu riscv64
    need ld.lld lld
    need mold mold
    need qemu-aarch64-static qemu-user-static
    need crun crun
    need umoci umoci
    ;;
  changes)
    need_compilers
    need g++ g++
    need aarch64-linux-gnu-g++ g++-aarch64-linux-gnu
    need musl-gcc musl-tools
    need_file /usr/lib/llvm-16/lib/clang/16/lib/linux/libclang_rt.asan-x86_64.a libclang-rt-16-dev
    ;;
  remedies)
    need gcc gcc
    need g++ g++
    need make make
    need_file /usr/include/stdio.h libc6-dev
    need_file /usr/include/zlib.h zlib1g-dev
    need_file /usr/include/curses.h libncurses-dev
    need cmake cmake
    ;;
  realistic)
    need gcc gcc
    need_file /usr/include/stdio.h libc6-dev
    need musl-gcc musl-tools
    need mmdebstrap mmdebstrap
    need pip3 python3-pip
    ;;
  matrix)
    need_compilers
    need_cross arm-linux-gnueabihf armhf
    need_cross riscv64-linux-gnu riscv64
    need_cross powerpc64le-linux-gnu ppc64el
    need_cross s390x-linux-gnu s390x
    need_cross mips-linux-gnu mips
    # gcc-multilib cannot be installed with cross compilers, the package of the version can.
    multilib="$(gcc -dumpversion 2>/dev/null || echo 12)"
    need_file "/usr/lib/gcc/x86_64-linux-gnu/$multilib/32/crtbegin.o" "gcc-$multilib-multilib"
    ;;
  *)
    echo "unknown purpose $1, expected tests, matrix, linkers, twins, changes, starting or realistic" >&2
    exit 2
    ;;
esac

[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "these packages are needed (names of Debian 12):$missing" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
# shellcheck disable=SC2086 # one word for each package
apt-get install -q -y --no-install-recommends $missing
