#!/bin/bash
# build-programs.sh FOLDER: makes FOLDER/t, programs for 64-bit Arm whose segments and RELRO end in various pages, linked by
# several linkers and libcs, changed by patchelf, and with allocators for pages of some size; FOLDER/errors.txt has what a linker refused.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/t"
out=$(realpath "$1")
cd "$here"
: >"$out/errors.txt"
programs=$out/t
gcc=aarch64-linux-gnu-gcc
musl=(../../scripts/musl-cc.sh aarch64)

make_one() { # NAME COMMAND ARGUMENT...: a linker that does not know an option is said, and left out.
  local name=$1
  shift
  "$@" -o "$programs/$name" 2>>"$out/errors.txt" || echo "$name: $*" >>"$out/errors.txt"
}
now=-Wl,-z,relro,-z,now

for size in 4096 16384 65536; do
  page=-Wl,-z,max-page-size=$size
  common=-Wl,-z,common-page-size=$size
  make_one "bfd-$size" $gcc -O2 -pie slots.c $now "$page"
  make_one "bfd-common-$size" $gcc -O2 -pie slots.c $now "$common"
  make_one "bfd-nopie-$size" $gcc -O2 -no-pie -fno-pie slots.c $now "$page"
  make_one "bfd-static-$size" $gcc -O2 -static slots.c $now "$page"
  make_one "bfd-staticpie-$size" $gcc -O2 -static-pie slots.c $now "$page"
  make_one "bfd-noplt-$size" $gcc -O2 -pie -fno-plt slots.c $now "$page"
  make_one "bfd-lazy-$size" $gcc -O2 -pie slots.c -Wl,-z,relro,-z,lazy "$page"
  make_one "musl-bfd-$size" "${musl[@]}" gcc pie -O2 slots.c $now "$page"
  for lld in 16 19; do
    command -v ld.lld-$lld >/dev/null || continue
    clang=(clang-16 --target=aarch64-linux-gnu "--ld-path=/usr/bin/ld.lld-$lld")
    make_one "lld$lld-$size" "${clang[@]}" -O2 -fPIE -pie slots.c $now "$page"
    make_one "lld$lld-common-$size" "${clang[@]}" -O2 -fPIE -pie slots.c $now "$common"
  done
  make_one "allocator-$size" $gcc -O2 "-DPAGE=$size" ../../samples/elf/sources/page-constant.c $now
done
make_one bfd-norelro $gcc -O2 -pie slots.c -Wl,-z,norelro,-z,now
make_one bfd-gold $gcc -O2 -pie -fuse-ld=gold slots.c $now
make_one bare-4096 $gcc -O2 -static -nostdlib -fno-pie -no-pie -fno-stack-protector ../../samples/elf/sources/no-libc.c -Wl,-z,max-page-size=4096
make_one bare-65536 $gcc -O2 -static -nostdlib -fno-pie -no-pie -fno-stack-protector ../../samples/elf/sources/no-libc.c
cp "$programs/bfd-65536" "$programs/patched-65536"
patchelf --page-size 65536 --set-rpath /opt/a/path/that/is/longer/than/what/was/there "$programs/patched-65536" 2>>"$out/errors.txt"
cp "$programs/bfd-65536" "$programs/patched-4096"
patchelf --page-size 4096 --set-rpath /opt/a/path/that/is/longer/than/what/was/there "$programs/patched-4096" 2>>"$out/errors.txt"
# Programs of others, such as ones with jemalloc: FOLDER/more.
[ ! -d "$out/more" ] || cp "$out"/more/* "$programs/"
echo "$(find "$programs" -type f | wc -l) programs; $(wc -l <"$out/errors.txt") lines of errors"
