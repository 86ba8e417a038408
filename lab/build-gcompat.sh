#!/bin/bash
# build-gcompat.sh [REPOSITORY]: builds gcompat, as `apk add gcompat` installs it, from its git repository with musl-gcc into
# .cache/gcompat, for lab/check-remedies.ts. It is neither part of the project nor of its tests. Needs git, make, gcc and musl-tools.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repository=${1:-https://git.adelielinux.org/adelie/gcompat.git}
folder=$(realpath "$here/..")/.cache/gcompat
machine=$(uname -m)
loader=ld-linux-${machine//_/-}.so.2
if [ ! -e "$folder/lib/libgcompat.so.0" ]; then
  rm -rf "$folder"
  git clone --quiet --depth 1 "$repository" "$folder/source"
  # musl-gcc of Debian makes no static PIE, which Alpine's gcc does here: a static program is the same to who starts it.
  sed -i 's/-static-pie/-static/' "$folder/source/Makefile"
  make -s -C "$folder/source" CC=musl-gcc CFLAGS=-O2 WITH_OBSTACK=no \
    LINKER_PATH="/lib/ld-musl-$machine.so.1" LOADER_NAME="$loader" >&2
  mkdir -p "$folder/lib.part"
  cp "$folder/source/libgcompat.so.0" "$folder/source/$loader" "$folder/lib.part"
  mv "$folder/lib.part" "$folder/lib"
fi
echo "$folder/lib"
